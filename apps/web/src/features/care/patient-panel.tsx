import type { CareThread, Chart } from '@baton/client';
import type { Attachment, PatientRecord } from '@baton/wire';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconArchive, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useId, useState } from 'react';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { PaneHeader } from '../../design/primitives/pane.tsx';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { termWords } from '../../design/words/term-words.ts';
import { isoDateWords, tableTime } from '../../design/words/time-words.ts';
import { ConsentPart } from './consent-part.tsx';
import { OrdersPart } from './orders-part.tsx';
import { PanelPart } from './panel-part.tsx';
import style from './patient-panel.module.css';
import { PeoplePart } from './people-part.tsx';
import { ReachPart } from './reach-part.tsx';
import { RecordDialog } from './record-dialog.tsx';
import { VisitsPart } from './visits-part.tsx';

/** What one needs to know of a patient while writing to them, and who reads and writes on their side of this conversation. */
export function PatientPanel({
  thread,
  renderFile,
  onClose,
}: {
  /** The conversation that is open: an adolescent has one of their own beside the one that parents read. */
  readonly thread: CareThread;
  /** A file by its name, to open or to keep. */
  readonly renderFile: (attachment: Attachment) => ReactNode;
  readonly onClose: () => void;
}) {
  const patient = thread.ref;
  const { t } = useLingui();
  const titleId = useId();
  const { care } = useSession();
  const chart = useLive(care.chart(patient));
  const [recording, setRecording] = useState(false);
  return (
    <section className={style['panel']} aria-labelledby={titleId}>
      <PaneHeader
        titleId={titleId}
        title={<Trans>About the patient</Trans>}
        after={
          <IconAction label={t`Close`} onClick={onClose}>
            <IconX size={18} stroke={1.8} />
          </IconAction>
        }
      />
      <div className={style['body']}>
        <Summary chart={chart} />
        <VisitsPart patient={patient} />
        <PeoplePart chart={chart} thread={thread} />
        <ReachPart chart={chart} />
        <ConsentPart chart={chart} />
        <Files
          files={chart.files.filter(({ conversation }) => conversation === thread.conversation)}
          renderFile={renderFile}
        />
        <OrdersPart chart={chart} />
        <PanelPart title={<Trans>The record</Trans>}>
          <p className={style['quiet']}>
            <Trans>Chosen messages as a PDF with proof of who wrote what and when.</Trans>
          </p>
          <Button
            variant="light"
            leftSection={<IconArchive size={17} stroke={1.7} aria-hidden="true" />}
            onClick={() => setRecording(true)}
          >
            <Trans>Make part of the record…</Trans>
          </Button>
          {recording && <RecordDialog thread={thread} chart={chart} onClose={() => setRecording(false)} />}
        </PanelPart>
      </div>
    </section>
  );
}

function Summary({ chart }: { readonly chart: Chart }) {
  const { record } = chart;
  const facts = useFacts(record);
  if (record === null)
    return (
      <p className={style['quiet']}>
        <Trans>Not in the registry on this device.</Trans>
      </p>
    );
  return (
    <PanelPart
      title={[...record.given, record.family].join(' ')}
      action={
        <Link to="/patients" hash={record.ref} className={style['link']}>
          <Trans>Whole record</Trans>
        </Link>
      }
    >
      <dl className={style['facts']}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </PanelPart>
  );
}

/** What stands in the panel, as far as the record says it. */
function useFacts(record: PatientRecord | null): readonly (readonly [string, string])[] {
  const { t, i18n } = useLingui();
  if (record === null) return [];
  const visit = record.lastEncounter;
  const facts: readonly (readonly [string, string])[] = [
    [t`Born`, record.birthDate === null ? '' : isoDateWords(record.birthDate, i18n.locale)],
    [t`Allergies`, record.allergies.join(', ')],
    [t`Conditions`, activeOf(record.conditions)],
    [t`Medications`, activeOf(record.medications)],
    [t`Cared for by`, record.practitioners.map(({ name }) => name).join(', ')],
    [t`Last visit`, visit === null ? '' : `${isoDateWords(visit.at, i18n.locale)}, ${termWords(visit.text)}`],
  ];
  return facts.filter(([, value]) => value !== '');
}

function activeOf(items: readonly { readonly text: string; readonly active: boolean }[]): string {
  return items
    .filter(({ active }) => active)
    .map(({ text }) => termWords(text))
    .slice(0, MOST_LISTED)
    .join(', ');
}

/** The panel is a glance; the whole record is one press away. */
const MOST_LISTED = 6;

function Files({
  files,
  renderFile,
}: {
  readonly files: Chart['files'];
  readonly renderFile: (attachment: Attachment) => ReactNode;
}) {
  const frame = useTimeFrame();
  if (files.length === 0) return null;
  return (
    <PanelPart title={<Trans>Files in this conversation</Trans>}>
      <ul className={style['plain']}>
        {files.slice(0, 20).map(({ message, attachment, author, at }) => (
          <li key={`${message}${attachment.blob}`}>
            {renderFile(attachment)}
            <span className={style['quiet']}>
              {author} · {tableTime(at, frame)}
            </span>
          </li>
        ))}
      </ul>
    </PanelPart>
  );
}
