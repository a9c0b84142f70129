import type { ErrorCode } from '@baton/wire';
import type { Session } from '../access/sessions.ts';
import type { Services } from '../server-parts.ts';
import { describeError } from '../telemetry/logger.ts';

/** Refusals that the compliance officer sees: somebody signed in asked for what is not theirs. */
const AUDITED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'policy.forbidden',
  'request.not_found',
  'auth.step_up',
]);

/** Never fails the answer that it is about. `params` are those of the path or the question; only an id among them is kept. */
export async function recordRefusal(
  needs: Pick<Services, 'audit' | 'log'>,
  session: Session,
  refusal: { code: ErrorCode; action: string; params: unknown },
): Promise<void> {
  const { code, action, params } = refusal;
  if (!AUDITED.has(code)) return;
  const event = {
    actor: session.account,
    session: session.session,
    action: action.slice(0, 80),
    object: objectOf(params),
    outcome: 'refused' as const,
    code,
  };
  try {
    await needs.audit.record(session.org, event);
  } catch (error) {
    needs.log.error('database', { event: 'audit', ...describeError(error) });
  }
}

function objectOf(params: unknown): string | null {
  const values = Object.values(params ?? {}) as unknown[];
  const id = values.find((value) => typeof value === 'string' && /^[a-z]_[A-Za-z0-9_-]{22}$/.test(value));
  return typeof id === 'string' ? id : null;
}
