// The street plan: what there is, on which layer, in which wing. A package that is not named here is refused, so that
// nobody can open a room without saying what it may touch.

/** `both` is what the wings share; `client` may read content; `server` must not; `test` joins them, for tests only. */
export type Wing = 'both' | 'client' | 'server' | 'test';

export interface Room {
  /** Folder, without a slash at the end. */
  readonly path: string;
  /** A room depends on rooms of a strictly lower layer. */
  readonly layer: number;
  readonly wing: Wing;
}

const rooms: readonly Room[] = [
  { path: 'packages/kernel', layer: 0, wing: 'both' },
  { path: 'packages/wire', layer: 1, wing: 'both' },
  { path: 'packages/ledger', layer: 2, wing: 'both' },
  { path: 'packages/clinical', layer: 2, wing: 'client' },
  { path: 'packages/policy', layer: 3, wing: 'both' },
  { path: 'packages/crypto', layer: 4, wing: 'client' },
  // Starts and stops a PostgreSQL; knows nothing of what is stored in it.
  { path: 'packages/embedded-postgres', layer: 4, wing: 'server' },
  { path: 'packages/client', layer: 5, wing: 'client' },
  { path: 'packages/server', layer: 5, wing: 'server' },
  { path: 'packages/client-web', layer: 6, wing: 'client' },
  { path: 'packages/client-node', layer: 6, wing: 'client' },
  { path: 'packages/agent', layer: 7, wing: 'client' },
  { path: 'packages/testkit', layer: 20, wing: 'test' },
  { path: 'apps/baton', layer: 9, wing: 'server' },
  { path: 'apps/station', layer: 9, wing: 'client' },
  { path: 'apps/web', layer: 9, wing: 'client' },
  { path: 'tools', layer: 30, wing: 'test' },
];

/** Rooms of these streets are many and alike: all agents, all bridges. */
const streets: readonly Room[] = [
  { path: 'agents', layer: 8, wing: 'client' },
  { path: 'bridges', layer: 8, wing: 'client' },
];

/** What every surrounding must be able to run: no DOM, no Node, no ambient type (tsconfig.pure.json). */
export const PURE_ROOMS: readonly string[] = [
  'packages/kernel',
  'packages/wire',
  'packages/ledger',
  'packages/policy',
  'packages/crypto',
  'packages/clinical',
  'packages/client',
];

/** The room that `file` lies in; undefined for files outside every room (docs, scripts, settings). */
export function roomOf(file: string): Room | undefined {
  const room = rooms.find(({ path }) => file === path || file.startsWith(`${path}/`));
  if (room !== undefined) return room;
  const street = streets.find(({ path }) => file.startsWith(`${path}/`));
  if (street === undefined) return undefined;
  const name = file.split('/')[1] ?? '';
  return { ...street, path: `${street.path}/${name}` };
}

/** Why `from` may not depend on `to`; null when it may. */
export function whyForbidden(from: Room, to: Room): string | null {
  if (from.path === to.path) return null;
  if (to.layer >= from.layer) {
    return `${from.path} is on layer ${from.layer} and ${to.path} on layer ${to.layer}`;
  }
  if (to.wing !== 'both' && from.wing !== to.wing && from.wing !== 'test') {
    return `${from.path} belongs to the wing "${from.wing}" and ${to.path} to the wing "${to.wing}"`;
  }
  return null;
}
