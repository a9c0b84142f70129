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
    try {
      const result = await judge(keyLog);
      if (result !== STALE) return result;
      await refresh(needs, at);
    } catch (error) {
      const isRefusal = error instanceof ApiError;
      if (!isRefusal || attempt === ATTEMPTS || !(await refresh(needs, at))) throw error;
      continue;
    }
    if (attempt === ATTEMPTS) throw new ApiError('limit.busy', '', 200);
  }
}

/** Reads key log, conversation and the keyrings of its roles anew; tells whether anything was new. */
async function refresh(needs: Needs, at: { session: Session; conv: ConversationId }): Promise<boolean> {
  const { keyLogs, conversations } = needs;
  const { org } = at.session;
  const before = keyLogSize(await keyLogs.get(org));
  const keyLog = await keyLogs.refresh(org);
  const moved = await conversations.reload(org, at.conv, keyLog);
  return moved || keyLogSize(keyLog) > before;
}
