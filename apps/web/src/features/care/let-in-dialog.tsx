import type { CareThread, Chart, ChartPerson } from '@baton/client';
import { useLingui } from '@lingui/react/macro';
import { ConfirmDialog } from '../../design/primitives/confirm-dialog.tsx';
import { useSession } from '../../design/session/session-context.tsx';

/** Lets the patient, who has joined the one conversation, into the other: no new link, the same phone. */
export function LetInDialog({
  person,
  chart,
  thread,
  onClose,
}: {
  readonly person: ChartPerson;
  readonly chart: Chart;
  readonly thread: CareThread;
  readonly onClose: () => void;
}) {
  const { t } = useLingui();
  const { care } = useSession();
  const { account, relation, name, until } = person;
  const { confidential } = thread;
  const consent = chart.reach?.people.find((known) => known.account === account)?.consent ?? null;
  return (
    <ConfirmDialog
      title={confidential ? t`Let ${name} into the private conversation` : t`Let ${name} in`}
      confirm={t`Let in`}
      onConfirm={() =>
        care.addPerson({ ref: chart.ref, account, relation, name, until, consent, confidential })
      }
      onClose={onClose}
    >
      {confidential
        ? t`${name} reads and writes here on the phone they have joined with. Make sure first that they alone open it: who knows the PIN of that phone reads this too.`
        : t`${name} reads and writes here on the phone they have joined with, together with everybody who speaks for them.`}
    </ConfirmDialog>
  );
}
