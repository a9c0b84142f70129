import type { EnrolledPatient } from '@baton/client';
import { Button, Checkbox, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import { FailureNotice, Notice } from '../../../design/primitives/notice.tsx';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import { dayKey } from '../../../design/words/time-words.ts';
import { RegimenCalendar } from '../enrol/regimen-calendar.tsx';
import { emptyRegimen, isWhole, RegimenForm } from '../enrol/regimen-form.tsx';
import { WhenFields } from '../enrol/when-fields.tsx';
import { WhoIsAsked } from '../enrol/who-is-asked.tsx';
import style from '../programmes.module.css';
import { useDocuments } from '../use-documents.ts';

const TITLES = {
  times: msg`Times, language, proxy`,
  asked: msg`Who is asked`,
  regimen: msg`Plan of the medicine`,
  stale: msg`The order changed`,
  hold: msg`Put the medicine on hold`,
  lift: msg`End the hold`,
  move: msg`Move to a newer version`,
  pause: msg`Pause the check-ins`,
  resume: msg`Resume the check-ins`,
  end: msg`End the enrolment`,
} as const satisfies Readonly<Record<string, MessageDescriptor>>;
export type EnrolmentAct = keyof typeof TITLES;

interface DialogProps {
  readonly act: EnrolmentAct;
  readonly line: EnrolledPatient;
  readonly onClose: () => void;
}

/** One change of an enrolment at a time, with what follows from it in words. */
export function EnrolmentDialog(props: DialogProps) {
  const { t, i18n } = useLingui();
  const { act, onClose } = props;
  return (
    <Modal
      opened
      size={act === 'regimen' ? '56rem' : 'lg'}
      onClose={onClose}
      title={i18n._(TITLES[act])}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      {act === 'times' && <Times {...props} />}
      {act === 'asked' && <Asked {...props} />}
      {act === 'regimen' && <Plan {...props} />}
      {act === 'move' && <Move {...props} />}
      {isReasoned(act) && <Reasoned {...props} act={act} />}
    </Modal>
  );
}

function Form({
  save,
  work,
  danger = false,
  disabled = false,
  onClose,
  children,
}: {
  readonly save: string;
  readonly work: () => Promise<void>;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const action = useAction();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void action.run(work).then((done) => done && onClose());
      }}
    >
      <Stack gap="md">
        {children}
        <FailureNotice sentence={action.failure} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" color={danger ? 'red' : 'brand'} disabled={disabled} loading={action.busy}>
            {save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Times({ line: { enrolment }, onClose }: DialogProps) {
  const { t } = useLingui();
  const { programmes, care } = useSession();
  const chart = useLive(care.chart(enrolment.ref));
  const document = useDocuments()(enrolment.protocol.id, enrolment.protocol.version);
  const [draft, setDraft] = useState({
    language: enrolment.language,
    times: enrolment.times,
    proxy: enrolment.proxy,
  });
  return (
    <Form save={t`Save`} work={() => programmes.changeEnrolment(enrolment.id, draft)} onClose={onClose}>
      {document && (
        <WhenFields
          draft={draft}
          document={document}
          chart={chart}
          onChange={({ language, times, proxy }) => setDraft({ language, times, proxy })}
        />
      )}
    </Form>
  );
}

function Asked({ line: { enrolment }, onClose }: DialogProps) {
  const { t } = useLingui();
  const { programmes } = useSession();
  const document = useDocuments()(enrolment.protocol.id, enrolment.protocol.version);
  const [askTo, setAskTo] = useState(enrolment.askTo);
  return (
    <Form save={t`Save`} work={() => programmes.changeEnrolment(enrolment.id, { askTo })} onClose={onClose}>
      {document && <WhoIsAsked document={document} askTo={askTo} onChange={setAskTo} />}
    </Form>
  );
}

function Plan({ line: { enrolment }, onClose }: DialogProps) {
  const { t } = useLingui();
  const { programmes, me } = useSession();
  const now = useNow(60_000);
  const today = dayKey(now, useTimeFrame());
  const { account } = useLive(me);
  const [draft, setDraft] = useState(() => {
    if (enrolment.regimen === null) return emptyRegimen(today);
    const { version: _version, confirmedBy: _by, confirmedAt: _at, ...order } = enrolment.regimen;
    return order;
  });
  const [compared, setCompared] = useState(false);
  const whole = isWhole(draft);
  return (
    <Form
      save={t`I stand for this plan`}
      disabled={!whole || !compared}
      work={() => programmes.confirmRegimen(enrolment.id, draft)}
      onClose={onClose}
    >
      {enrolment.stale !== null && <Notice tone="waiting">{enrolment.stale.why}</Notice>}
      <RegimenForm
        draft={draft}
        onChange={(next) => {
          setCompared(false);
          setDraft(next);
        }}
      />
      {whole && (
        <>
          <RegimenCalendar
            regimen={{
              ...draft,
              version: (enrolment.regimen?.version ?? 0) + 1,
              confirmedBy: account,
              confirmedAt: now,
            }}
          />
          <Checkbox
            label={t`I have laid this calendar beside the order, and it says the same.`}
            checked={compared}
            onChange={(event) => setCompared(event.currentTarget.checked)}
          />
        </>
      )}
    </Form>
  );
}

function Move({ line: { enrolment }, onClose }: DialogProps) {
  const { t } = useLingui();
  const { programmes } = useSession();
  const newer = useLive(programmes.protocols).filter(
    ({ version, mayRun }) =>
      version.id === enrolment.protocol.id &&
      version.version > enrolment.protocol.version &&
      version.state !== 'retired' &&
      mayRun,
  );
  const [chosen, setChosen] = useState(newer[0]?.version.version ?? 0);
  return (
    <Form
      save={t`Move`}
      disabled={chosen === 0}
      work={() => programmes.moveToVersion(enrolment.id, chosen)}
      onClose={onClose}
    >
      <p>
        <Trans>
          From the next check-in on, this patient is asked by the version that you choose. What was answered
          stays as it was.
        </Trans>
      </p>
      <NativeSelect
        label={t`Version`}
        value={String(chosen)}
        onChange={(event) => setChosen(Number(event.currentTarget.value))}
        data={newer.map(({ version }) => String(version.version))}
      />
    </Form>
  );
}

type ReasonedAct = Exclude<EnrolmentAct, 'times' | 'asked' | 'regimen' | 'move'>;

function isReasoned(act: EnrolmentAct): act is ReasonedAct {
  return act in WORDS;
}

const WORDS: Readonly<
  Record<ReasonedAct, { readonly text: MessageDescriptor; readonly save: MessageDescriptor }>
> = {
  stale: {
    text: msg`No text names a dose until a clinician has confirmed the plan. Questions about how the patient feels go on.`,
    save: msg`Stop naming doses`,
  },
  hold: {
    text: msg`On these days no text names a dose. Questions about how the patient feels go on. Tell the patient yourself.`,
    save: msg`Put on hold`,
  },
  lift: {
    text: msg`From this day on the plan is as before. Check that the doses are still those of the order.`,
    save: msg`Take again`,
  },
  pause: {
    text: msg`Nothing is asked while it is paused. What the patient writes is still answered by the team.`,
    save: msg`Pause`,
  },
  resume: { text: msg`The next check-in is at its usual time.`, save: msg`Resume` },
  end: {
    text: msg`Nothing more is asked. What was answered stays. To begin again, enrol the patient again.`,
    save: msg`End`,
  },
};

/** Why, and from when: as far as the act needs it. */
function Reasoned({ act, line: { enrolment }, onClose }: DialogProps & { readonly act: ReasonedAct }) {
  const { t, i18n } = useLingui();
  const { programmes } = useSession();
  const now = useNow(60_000);
  const today = dayKey(now, useTimeFrame());
  const [reason, setReason] = useState('');
  const [from, setFrom] = useState(today);
  const [until, setUntil] = useState('');
  const { id } = enrolment;
  const why = reason.trim();
  const end = until === '' ? null : until;
  const work: Readonly<Record<ReasonedAct, () => Promise<void>>> = {
    stale: () => programmes.markStale(id, why),
    hold: () => programmes.hold(id, { from, until: end, reason: why }),
    lift: () => programmes.liftHolds(id, from),
    pause: () => programmes.pause(id, end, why),
    resume: () => programmes.resume(id),
    end: () => programmes.end(id, why),
  };
  const asksWhy = act !== 'resume' && act !== 'lift';
  const asksFrom = act === 'hold' || act === 'lift';
  const asksUntil = act === 'hold' || act === 'pause';
  return (
    <Form
      save={i18n._(WORDS[act].save)}
      danger={act === 'end'}
      disabled={asksWhy && why === ''}
      work={work[act]}
      onClose={onClose}
    >
      <p className={style['quiet']}>{i18n._(WORDS[act].text)}</p>
      {asksWhy && (
        <TextInput
          label={t`Why`}
          required
          maxLength={200}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      {asksFrom && (
        <TextInput
          type="date"
          label={t`From`}
          required
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
      )}
      {asksUntil && (
        <TextInput
          type="date"
          label={act === 'pause' ? t`Goes on by itself on` : t`Until, that day included`}
          description={t`Empty: until somebody ends it`}
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      )}
    </Form>
  );
}
