import { isOpenAlert, type EnrolledPatient } from '@baton/client';
import type { EventId } from '@baton/kernel';
import { Button, Group, Menu } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconArrowLeft, IconDots, IconDownload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { Notice } from '../../../design/primitives/notice.tsx';
import { Page, Section } from '../../../design/primitives/pane.tsx';
import { useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { isoDateWords, tableTime } from '../../../design/words/time-words.ts';
import { AlertCard } from '../alerts/alert-card.tsx';
import { shareWords } from '../cohort/cohort-tiles.tsx';
import { clockWords } from '../clock-words.ts';
import { RegimenCalendar } from '../enrol/regimen-calendar.tsx';
import style from '../programmes.module.css';
import { saveText } from '../save-text.ts';
import { useDocuments } from '../use-documents.ts';
import { LANGUAGE_NAMES, STATE_NAMES } from '../words.ts';
import { type EnrolmentAct, EnrolmentDialog } from './enrolment-dialog.tsx';
import { NumberPlots } from './number-plots.tsx';
import { Timeline } from './timeline.tsx';

/** One patient on one programme: what is open, the plan, day by day, and what staff can change. */
export function PatientPage({ id }: { readonly id: EventId }) {
  const { t } = useLingui();
  const { programmes } = useSession();
  const line = useLive(programmes.cohort).find(({ enrolment }) => enrolment.id === id);
  if (!line)
    return (
      <EmptyState title={t`No such enrolment`}>
        <Link to="/programmes">
          <Trans>Back to everybody</Trans>
        </Link>
      </EmptyState>
    );
  return <Enrolled line={line} />;
}

function Enrolled({ line }: { readonly line: EnrolledPatient }) {
  const { t, i18n } = useLingui();
  const { programmes, care } = useSession();
  const documents = useDocuments();
  const protocols = useLive(programmes.protocols);
  const [act, setAct] = useState<EnrolmentAct | null>(null);
  const { enrolment, patient, alerts, runs } = line;
  const { protocol, regimen, stale, state } = enrolment;
  const document = documents(protocol.id, protocol.version);
  const name = protocols.find(({ version }) => version.id === protocol.id)?.version.name ?? protocol.id;
  const open = alerts.filter(isOpenAlert);
  const past = alerts.filter((alert) => !isOpenAlert(alert));
  const conversation = useLive(care.chart(enrolment.ref)).thread?.conversation ?? null;
  const newer = protocols.some(
    ({ version, mayRun }) => version.id === protocol.id && version.version > protocol.version && mayRun,
  );
  return (
    <Page
      wide
      title={patient}
      summary={
        <>
          {name} · {i18n._(STATE_NAMES[state])}
        </>
      }
      actions={
        <Group gap="sm">
          <Button
            component={Link}
            to="/programmes"
            variant="subtle"
            leftSection={<IconArrowLeft size={17} stroke={1.7} aria-hidden="true" />}
          >
            <Trans>Everybody</Trans>
          </Button>
          {conversation !== null && (
            <Button component={Link} to={`/inbox/${conversation}`} variant="default">
              <Trans>Conversation</Trans>
            </Button>
          )}
          <Button
            variant="default"
            leftSection={<IconDownload size={17} stroke={1.7} aria-hidden="true" />}
            onClick={() =>
              saveText(programmes.exportFhir(enrolment.id), 'check-ins.fhir.json', 'application/fhir+json')
            }
          >
            <Trans>FHIR</Trans>
          </Button>
          {state !== 'ended' && (
            <Acts hasRegimen={regimen !== null} state={state} newer={newer} onAct={setAct} />
          )}
        </Group>
      }
    >
      <Notices line={line} onPlan={() => setAct('regimen')} />
      {open.length > 0 && (
        <Section title={t`Open alerts`}>
          <div className={style['cards']}>
            {open.map((alert) => (
              <AlertCard key={alert.id} alert={alert} />
            ))}
          </div>
        </Section>
      )}
      <Facts line={line} />
      {regimen !== null && (
        <Section
          title={t`Plan of the medicine`}
          text={
            <Trans>
              {regimen.drug}, version {regimen.version}. What each day says is computed from it by the same
              rules as the texts.
            </Trans>
          }
        >
          <RegimenCalendar regimen={regimen} stale={stale !== null} />
        </Section>
      )}
      <NumberPlots runs={runs} document={document} />
      <Section title={t`Day by day`}>
        <Timeline runs={runs} alerts={past} documents={documents} enrolment={enrolment} />
      </Section>
      {act !== null && <EnrolmentDialog act={act} line={line} onClose={() => setAct(null)} />}
    </Page>
  );
}

function Notices({
  line: { enrolment },
  onPlan,
}: {
  readonly line: EnrolledPatient;
  readonly onPlan: () => void;
}) {
  const { i18n } = useLingui();
  const mayConfirm = useSession().can('regimen.confirm');
  const { stale, state } = enrolment;
  return (
    <>
      {stale !== null && state !== 'ended' && (
        <Notice
          tone="waiting"
          action={
            mayConfirm ? (
              <Button size="compact-sm" onClick={onPlan}>
                <Trans>Look at the plan</Trans>
              </Button>
            ) : undefined
          }
        >
          <Trans>
            The order changed: {stale.why}. No text names a dose until a clinician has confirmed the plan.
          </Trans>
        </Notice>
      )}
      {enrolment.reason !== null && (
        <Notice tone="info">
          {enrolment.reason}
          {enrolment.resumesOn !== null && (
            <>
              {' '}
              <Trans>Goes on by itself on {isoDateWords(enrolment.resumesOn, i18n.locale)}.</Trans>
            </>
          )}
        </Notice>
      )}
    </>
  );
}

function Acts({
  hasRegimen,
  state,
  newer,
  onAct,
}: {
  readonly hasRegimen: boolean;
  readonly state: string;
  readonly newer: boolean;
  readonly onAct: (act: EnrolmentAct) => void;
}) {
  const { t } = useLingui();
  const session = useSession();
  const isPaused = state === 'paused' || state === 'held';
  // Who may not stand for a dose can still stop it: "The order changed".
  const mayConfirm = session.can('regimen.confirm');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconDots size={17} stroke={1.8} aria-hidden="true" />}>
          <Trans>Change</Trans>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onAct('times')}>{t`Times, language, proxy…`}</Menu.Item>
        <Menu.Item onClick={() => onAct('asked')}>{t`Who is asked…`}</Menu.Item>
        {hasRegimen && <Menu.Item onClick={() => onAct('stale')}>{t`The order changed…`}</Menu.Item>}
        {hasRegimen && (
          <>
            {!mayConfirm && (
              <Menu.Label maw="16rem" style={{ whiteSpace: 'normal' }}>
                <Trans>A clinician confirms the plan, puts the medicine on hold and ends the hold.</Trans>
              </Menu.Label>
            )}
            <Menu.Item disabled={!mayConfirm} onClick={() => onAct('regimen')}>
              {t`Change or confirm the plan…`}
            </Menu.Item>
            <Menu.Item disabled={!mayConfirm} onClick={() => onAct('hold')}>
              {t`Put the medicine on hold…`}
            </Menu.Item>
            <Menu.Item disabled={!mayConfirm} onClick={() => onAct('lift')}>{t`End the hold…`}</Menu.Item>
          </>
        )}
        {newer && <Menu.Item onClick={() => onAct('move')}>{t`Move to a newer version…`}</Menu.Item>}
        {isPaused ? (
          <Menu.Item onClick={() => onAct('resume')}>{t`Resume…`}</Menu.Item>
        ) : (
          state === 'active' && <Menu.Item onClick={() => onAct('pause')}>{t`Pause…`}</Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item color="red" onClick={() => onAct('end')}>{t`End the enrolment…`}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Facts({ line }: { readonly line: EnrolledPatient }) {
  const { t, i18n } = useLingui();
  const { directory, care } = useSession();
  const people = useLive(directory.people);
  const frame = useTimeFrame();
  const { enrolment, responseRate, adherence, silentDays } = line;
  const chart = useLive(care.chart(enrolment.ref));
  const proxy =
    enrolment.proxy === null ? null : chart.people.find(({ account }) => account === enrolment.proxy);
  const by = people.find(({ id }) => id === enrolment.by)?.name ?? '–';
  const document = useDocuments()(enrolment.protocol.id, enrolment.protocol.version);
  const language = i18n.locale === 'es' ? 'es' : 'en';
  const slotName = (id: string): string => document?.slots.find((one) => one.id === id)?.name[language] ?? id;
  const facts: readonly (readonly [string, string])[] = [
    [t`Answered`, shareWords(responseRate, i18n.locale)],
    [t`Taken`, shareWords(adherence, i18n.locale)],
    [t`Silent days`, String(silentDays)],
    [
      t`Times`,
      Object.entries(enrolment.times)
        .map(([slot, minute]) => `${slotName(slot)} ${clockWords(minute)}`)
        .join(', '),
    ],
    [t`Language`, i18n._(LANGUAGE_NAMES[enrolment.language])],
    [t`Who answers`, enrolment.proxy === null ? t`the patient` : (proxy?.name ?? t`a proxy`)],
    [t`Since`, isoDateWords(enrolment.startsOn, i18n.locale)],
    [t`Version`, String(enrolment.protocol.version)],
    [t`Enrolled by`, `${by}, ${tableTime(enrolment.createdAt, frame)}`],
  ];
  return (
    <dl className={style['facts']}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
