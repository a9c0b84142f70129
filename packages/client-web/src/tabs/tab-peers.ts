import type { PeerNote, Peers } from '@baton/client';
import { z } from 'zod';
import { openTabChannel } from './tab-channel.ts';

const peerNoteSchema: z.ZodType<PeerNote> = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('outbox') }),
  z.strictObject({ t: z.literal('draft'), conv: z.string().max(200) }),
  z.strictObject({ t: z.literal('vault') }),
  z.strictObject({ t: z.literal('alarms') }),
  z.strictObject({ t: z.literal('opened'), conv: z.string().max(200), seq: z.number().int().min(0) }),
  z.strictObject({ t: z.literal('ended') }),
]);

/** Notes to the other tabs of one profile. A note of a form that this version does not know is passed over. */
export function createTabPeers(group: string): Peers {
  const listeners = new Set<(note: PeerNote) => void>();
  const channel = openTabChannel(`${group}/peers`, (data) => {
    const note = peerNoteSchema.safeParse(data);
    if (note.success) for (const listener of [...listeners]) listener(note.data);
  });
  return {
    post: (note) => channel.post(note),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      listeners.clear();
      channel.close();
    },
  };
}
