import { ApiError } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { readFlag } from '../store/one-time.ts';

type Needs = Pick<Services, 'db' | 'blobs' | 'config'>;

export const DEMO_COMPLETE = 'demo-complete';

/** Throws `server.not_ready` unless a person can use it now; with the demo, once its practice is complete. */
export async function checkReadiness(needs: Needs): Promise<void> {
  try {
    const complete = await readFlag(needs.db.global, DEMO_COMPLETE);
    await needs.blobs.check();
    if (!needs.config.demo || complete !== null) return;
  } catch {
    throw new ApiError('server.not_ready', 'database', 1000);
  }
  throw new ApiError('server.not_ready', 'demo', 1000);
}
