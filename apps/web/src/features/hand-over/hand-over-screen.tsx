import { useLingui, Trans } from '@lingui/react/macro';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { Page } from '../../design/primitives/pane.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { Incoming } from './incoming.tsx';
import { Outgoing } from './outgoing.tsx';

/** Shift change: what comes to me, and what I give away. */
export function HandOverScreen() {
  const { t } = useLingui();
  const { batons } = useSession();
  const owe = useLive(batons.owe);
  const escalated = useLive(batons.escalated);
  const waiting = useLive(batons.waiting);
  usePageTitle(t`Hand over`);
  const incoming = [...owe, ...escalated, ...waiting].filter((baton) => baton.offer?.toMe === true);
  return (
    <Page
      title={t`Hand over my shift`}
      summary={
        <Trans>
          Everything that you owe goes to one colleague in one step. It stays yours until they accept; what
          they do not accept comes back.
        </Trans>
      }
    >
      <Incoming batons={incoming} />
      <Outgoing owe={owe} />
    </Page>
  );
}
