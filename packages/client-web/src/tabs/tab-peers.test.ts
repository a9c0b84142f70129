import type { PeerNote } from '@baton/client';
import { expect, it } from 'vitest';
import { openTabChannel } from './tab-channel.ts';
import { createTabPeers } from './tab-peers.ts';

it('tells the other tabs of the account, not itself, not other accounts, and nothing malformed', async () => {
  const heard: [string, PeerNote][] = [];
  const open = (name: string, group = 'group') => {
    const peers = createTabPeers(group);
    const stop = peers.subscribe((note) => heard.push([name, note]));
    return { ...peers, post: (note: PeerNote) => peers.post(note), close: () => peers.close(), stop };
  };
  const [own, other, third] = [open('own'), open('other'), open('third')];
  const [stranger, neighbour] = [open('stranger', 'elsewhere'), open('neighbour', 'elsewhere')];
  const heardBy = (name: string) => heard.filter(([who]) => who === name).map(([, note]) => note);

  own.post({ t: 'draft', conv: 'c' });
  const noise = openTabChannel('group/peers', () => {});
  for (const data of [null, { t: 'unknown' }, { t: 'outbox', text: 'content' }]) noise.post(data);
  // Whatever was said before has been heard when this has.
  third.post({ t: 'draft', conv: 'last' });
  neighbour.post({ t: 'draft', conv: 'last' });
  const last = { t: 'draft', conv: 'last' };
  await expect.poll(() => ['own', 'other', 'stranger'].every((name) => heardBy(name).length > 0)).toBe(true);
  await expect.poll(() => heardBy('other')).toEqual([{ t: 'draft', conv: 'c' }, last]);
  expect([heardBy('own'), heardBy('third'), heardBy('stranger')]).toEqual([
    [last],
    [{ t: 'draft', conv: 'c' }],
    [last],
  ]);

  other.stop();
  own.post({ t: 'ended' });
  await expect.poll(() => heardBy('third').at(-1)).toEqual({ t: 'ended' });
  expect(heardBy('other')).toHaveLength(2);
  noise.close();
  for (const peers of [own, other, third, stranger, neighbour]) peers.close();
});
