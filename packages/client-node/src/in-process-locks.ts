import type { Locks, PeerNote, Peers } from '@baton/client';

/** One process owns a Node data folder: a queue per name is enough. */
export function createInProcessLocks(): Locks {
  const tails = new Map<string, Promise<void>>();
  return {
    run(name, task) {
      const turn = (tails.get(name) ?? Promise.resolve()).then(task);
      const settled = turn.then(
        () => {},
        () => {},
      );
      tails.set(name, settled);
      void settled.then(() => {
        if (tails.get(name) === settled) tails.delete(name);
      });
      return turn;
    },
  };
}

/** Nobody else shares the profile. */
export function createLonePeers(): Peers {
  return { post: (_note: PeerNote) => {}, subscribe: () => () => {}, close: () => {} };
}
