import type { PeerNote } from '@baton/client';
import { expect, it } from 'vitest';
import { openTabChannel } from './tab-channel.ts';
import { createTabPeers } from './tab-peers.ts';

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

it('tells the other tabs of the account, not itself, not other accounts, and nothing malformed', async () => {
  const [own, other, stranger] = ['group', 'group', 'elsewhere'].map(createTabPeers);
  const heard: [string, PeerNote][] = [];
  own?.subscribe((note) => heard.push(['own', note]));
  const stop = other?.subscribe((note) => heard.push(['other', note]));
  stranger?.subscribe((note) => heard.push(['stranger', note]));
  own?.post({ t: 'draft', conv: 'c' });
  const noise = openTabChannel('group/peers', () => {});
  for (const data of [null, { t: 'unknown' }, { t: 'outbox', text: 'content' }]) noise.post(data);
  await turn();
  expect(heard).toEqual([['other', { t: 'draft', conv: 'c' }]]);
  stop?.();
  own?.post({ t: 'ended' });
  await turn();
  expect(heard).toHaveLength(1);
  noise.close();
  for (const peers of [own, other, stranger]) peers?.close();
});
