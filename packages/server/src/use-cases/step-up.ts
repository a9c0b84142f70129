import type { SessionBody, stepUpRequest } from '@baton/wire';
import type { z } from 'zod';
import type { Session } from '../access/sessions.ts';
import { ApiError } from '../api-error.ts';
import { STEP_UP_MS } from '../config.ts';
import { appendAudit } from '../store/audit.ts';
import { stepUpSession } from '../store/sessions.ts';
import { describeSession } from './describe-session.ts';
import { proveDevice, proveOwn, provePasskey, type SignInNeeds } from './sign-in.ts';

/** A fresh proof of presence by a credential of the same account. */
export async function stepUp(
  needs: SignInNeeds,
  session: Session,
  request: { input: z.infer<typeof stepUpRequest>; address: string },
): Promise<SessionBody> {
  const { db, ports, config } = needs;
  const account = await prove(needs, session, request);
  if (account !== session.account) throw new ApiError('auth.failed');
  const now = ports.clock.nowMs();
  const steppedUpUntil = now + STEP_UP_MS;
  return db.inOrg(session.org, async (trx) => {
    await stepUpSession(trx, { session: session.session, untilMs: steppedUpUntil });
    await appendAudit(trx, { org: session.org, atMs: now }, [
      {
        actor: session.account,
        session: session.session,
        action: 'session.step-up',
        object: session.session,
        outcome: 'ok',
        code: null,
      },
    ]);
    return describeSession(trx, { ...session, steppedUpUntil }, { token: null, demo: config.demo });
  });
}

async function prove(
  needs: SignInNeeds,
  session: Session,
  { input, address }: { input: z.infer<typeof stepUpRequest>; address: string },
): Promise<string> {
  switch (input.kind) {
    case 'passkey':
      return (await provePasskey(needs, { response: input.response, address })).account;
    case 'device': {
      if (session.device === null) throw new ApiError('auth.failed');
      const { account, device } = session;
      const { challenge, signature } = input;
      return (await proveDevice(needs, { account, device, challenge, signature, address })).account;
    }
    case 'passphrase':
    case 'demo': {
      const given = { kind: input.kind, proof: input.proof, totp: 'totp' in input ? input.totp : null };
      return (await proveOwn(needs, session, { ...given, address })).account;
    }
  }
}
