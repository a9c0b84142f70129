import type { Language, RedFlag } from '@baton/wire';

/** The rules come after the thread: on slow mobile data the messages are first. */
const load = () => import('./red-flag-rules.ts');
let loading: ReturnType<typeof load> | null = null;

/** Gets the rules, so that they are here before anything is sent. Asked again after a failure. */
export function loadRedFlags(): ReturnType<typeof load> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

/**
 * What the rules find in a text on this phone (docs/protocol/patients.md §6). Where they cannot be had or fail, nothing: a message is never
 * kept back for them, and the triage assistant looks again.
 */
export async function redFlagsIn(text: string, language: Language): Promise<readonly RedFlag[]> {
  try {
    const { findRedFlags } = await loadRedFlags();
    const found = findRedFlags(text, { language, chemotherapy: false });
    return found.slice(0, MOST).map(({ rule, version }) => ({ rule, version }));
  } catch {
    return [];
  }
}

/** As many as a message may carry. */
const MOST = 20;
