import type { BatonId } from '@baton/kernel';
import type { Session } from '../access/sessions.ts';
import type { Services } from '../server-parts.ts';
import { confirmAttempts } from '../store/attempts.ts';

/**
 * A device has shown the notice of these batons: no further way to reach this person is tried for them. It speaks for its own account only;
 * a baton that it does not know of or that is not there changes nothing and is answered the same.
 */
export async function confirmReached(
  needs: Pick<Services, 'db' | 'ports'>,
  session: Session,
  batons: readonly { readonly baton: BatonId; readonly n: number }[],
): Promise<void> {
  const atMs = needs.ports.clock.nowMs();
  await needs.db.inOrg(session.org, (trx) =>
    confirmAttempts(trx, { account: session.account, batons, atMs }),
  );
}
