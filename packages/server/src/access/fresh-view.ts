import type { ConversationId } from '@baton/kernel';
import { type KeyLogState, keyLogSize } from '@baton/ledger';
import { ApiError } from '../api-error.ts';
import type { ConversationCache } from '../commit/conversation-cache.ts';
import type { KeyLogs } from '../keylog/key-logs.ts';
import type { Session } from './sessions.ts';

interface Needs {
  readonly keyLogs: KeyLogs;
  readonly conversations: ConversationCache;
}

/** How often a judgement by outdated members or key log is made anew before the client is asked to come back. */
const ATTEMPTS = 4;

/** The database found that the judgement rested on something that has changed since. */
export const STALE = Symbol('stale');

/**
 * Runs a judgement that goes by what this process remembers of key log and members. Another process may know more: before a refusal is
 * given, and when the database says that the view was old, the memory is brought up to date, and if that changed anything the judgement
 * is made again.
 */
export async function withFreshView<T>(
  needs: Needs,
  at: { session: Session; conv: ConversationId },
  judge: (keyLog: KeyLogState) => Promise<T | typeof STALE>,
): Promise<T> {
  const { org } = at.session;
  for (let attempt = 1; ; attempt++) {
    const keyLog = await needs.keyLogs.get(org);
    const before = versionOf(needs, at, keyLog);
    try {
      const result = await judge(keyLog);
      if (result !== STALE) return result;
      await refresh(needs, at);
    } catch (error) {
      if (!(error instanceof ApiError) || attempt === ATTEMPTS) throw error;
      if (versionOf(needs, at, await refresh(needs, at)) === before) throw error;
      continue;
    }
    if (attempt === ATTEMPTS) throw new ApiError('limit.busy', '', 200);
  }
}

/** Compared from before the judgement: what it rested on may have been brought up to date by somebody else meanwhile. */
function versionOf(
  needs: Needs,
  at: { session: Session; conv: ConversationId },
  keyLog: KeyLogState,
): string {
  return `${keyLogSize(keyLog)}/${needs.conversations.versionOf(at.session.org, at.conv, keyLog)}`;
}

/** Reads key log, conversation and the keyrings of its roles anew. */
async function refresh(needs: Needs, at: { session: Session; conv: ConversationId }): Promise<KeyLogState> {
  const keyLog = await needs.keyLogs.refresh(at.session.org);
  await needs.conversations.reload(at.session.org, at.conv, keyLog);
  return keyLog;
}
