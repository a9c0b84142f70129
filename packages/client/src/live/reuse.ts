/**
 * The earlier value where both say the same, and earlier parts inside a new one: what did not change keeps its identity, so that a screen
 * draws again only what did. For plain data: objects, arrays, byte strings and primitives.
 */
export function reuse<T>(before: unknown, after: T): T {
  if (Object.is(before, after)) return after;
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null)
    return after;
  if (after instanceof Uint8Array) return isSameBytes(before, after) ? (before as T) : after;
  if (Array.isArray(after)) return reuseArray(before, after) as T;
  if (Array.isArray(before) || before instanceof Uint8Array) return after;
  return reuseObject(before as Record<string, unknown>, after as Record<string, unknown>) as T;
}

function reuseArray(before: unknown, after: readonly unknown[]): readonly unknown[] {
  if (!Array.isArray(before)) return after;
  const known: readonly unknown[] = before;
  // What only stands at another place is still the same.
  const earlier = new Set(known);
  const shared = after.map((value, index) => (earlier.has(value) ? value : reuse(known[index], value)));
  return known.length === shared.length && shared.every((value, index) => Object.is(value, known[index]))
    ? known
    : shared;
}

function reuseObject(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, unknown> {
  const keys = Object.keys(after);
  const shared: Record<string, unknown> = {};
  let isSame = Object.keys(before).length === keys.length;
  for (const key of keys) {
    shared[key] = reuse(before[key], after[key]);
    isSame &&= Object.is(shared[key], before[key]);
  }
  return isSame ? before : shared;
}

function isSameBytes(before: object, after: Uint8Array): boolean {
  if (!(before instanceof Uint8Array) || before.length !== after.length) return false;
  return after.every((byte, index) => byte === before[index]);
}
