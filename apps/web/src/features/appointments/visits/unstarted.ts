import type { Visit } from '@baton/client';

/** Patients with a visit to come to whom nothing can be said: nobody has started their conversation. By visit, each once. */
export function unstartedRefs(
  visits: readonly Visit[],
  started: ReadonlySet<string>,
  nowMs: number,
): readonly string[] {
  const refs = visits.flatMap(({ appointment: { ref, status, start } }) => {
    const isExpected = (status === 'booked' || status === 'pending') && start > nowMs;
    return isExpected && ref !== null && !started.has(ref) ? [ref] : [];
  });
  return [...new Set(refs)];
}
