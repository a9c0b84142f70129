import { encodeUtf8 } from '@baton/kernel';
import type { serverInfo } from '@baton/wire';
import type { z } from 'zod';
import { relyingPartyOf } from '../access/passkeys.ts';
import { ApiError } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { hasAnyOrg } from '../store/locators.ts';
import { endSetupToken, findSetupToken, writeFlag } from '../store/one-time.ts';
import { SERVER_VERSION } from '../version.ts';
import { DEMO_COMPLETE } from './readiness.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'config' | 'limits'>;

export async function readServerInfo(needs: Needs, syncVersion: number): Promise<z.infer<typeof serverInfo>> {
  const { db, ports, config } = needs;
  return {
    version: SERVER_VERSION,
    demo: config.demo,
    time: ports.clock.nowMs(),
    syncVersion,
    rpId: relyingPartyOf(config.publicUrl).id,
    setUp: await hasAnyOrg(db.global),
  };
}

/** Said by whoever seeded the demo, with the token that made its organisation. */
export async function completeDemo(needs: Needs, input: { token: string; address: string }): Promise<void> {
  const { db, ports, config, limits } = needs;
  if (!config.demo) throw new ApiError('request.not_found');
  await limits.spend('setup', { subject: null, address: input.address });
  const hash = ports.digest(encodeUtf8(input.token));
  const token = await findSetupToken(db.global, hash);
  if (token?.kind !== 'demo' || token.org === null) throw new ApiError('auth.failed', 'token');
  await writeFlag(db.global, DEMO_COMPLETE, 'yes');
  await endSetupToken(db.global, hash);
}
