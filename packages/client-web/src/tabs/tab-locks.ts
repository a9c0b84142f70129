import type { Locks } from '@baton/client';

/** The part of the Web Locks API (W3C) that is used here. */
export type LockPort = Pick<LockManager, 'request'>;

/** Mutual exclusion among the tabs of one profile. The browser frees the locks of a tab that dies. */
export function createTabLocks(locks: LockPort, group: string): Locks {
  return {
    run: (name, task) => locks.request(`${group}/${name}`, task),
  };
}
