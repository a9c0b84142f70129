import { Button } from '@mantine/core';
import { Trans } from '@lingui/react/macro';
import { IconLock, IconMessage } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import style from './open-conversation.module.css';

/** From a patient's record to the conversation with them, which is made where there is none. */
export function OpenPatientConversation({ patient }: { readonly patient: string }) {
  const { care, patients } = useSession();
  const navigate = useNavigate();
  const action = useAction();
  const { established, available } = useLive(care.state);
  const settings = useLive(care.settings);
  const chart = useLive(care.chart(patient));
  const rows = useLive(patients.rows);
  if (!available || !established) return null;
  const age = rows.find(({ ref }) => ref === patient)?.age ?? null;
  const from = settings?.confidentialFromAge ?? null;
  // An adolescent's own conversation, only where the practice's policy says from which age, and not for adults.
  const mayBeConfidential = from !== null && age !== null && age >= from && age < ADULT;
  const open = (confidential: boolean): void =>
    void action.run(async () => {
      const conversation = await care.start(patient, { confidential });
      await navigate({ to: '/inbox/$conversation', params: { conversation } });
    });
  return (
    <div className={style['acts']}>
      <Button
        leftSection={<IconMessage size={18} stroke={1.7} aria-hidden="true" />}
        loading={action.busy}
        onClick={() => open(false)}
      >
        {(chart.reach?.conversation ?? null) === null ? (
          <Trans>Start a conversation</Trans>
        ) : (
          <Trans>Open the conversation</Trans>
        )}
      </Button>
      {mayBeConfidential && (
        <Button
          variant="default"
          leftSection={<IconLock size={17} stroke={1.7} aria-hidden="true" />}
          loading={action.busy}
          onClick={() => open(true)}
        >
          <Trans>Private conversation, without parents</Trans>
        </Button>
      )}
      <FailureNotice sentence={action.failure} />
    </div>
  );
}

/** Age of majority in most of the United States; a site elsewhere decides by `confidentialFromAge`. */
const ADULT = 18;
