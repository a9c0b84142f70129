import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconDownload, IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { Page, Section } from '../../../design/primitives/pane.tsx';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { foldText } from '../../../design/words/fold-text.ts';
import { dayKey } from '../../../design/words/time-words.ts';
import { EnrolDialog } from '../enrol/enrol-dialog.tsx';
import style from '../programmes.module.css';
import { saveText } from '../save-text.ts';
import { useDocuments } from '../use-documents.ts';
import { CohortPlots } from './cohort-plots.tsx';
import { CohortTable } from './cohort-table.tsx';
import { CohortTiles } from './cohort-tiles.tsx';

/** Who is on a programme, worst first, and how they do. */
export function CohortPage() {
  const { t } = useLingui();
  const { programmes } = useSession();
  const all = useLive(programmes.cohort);
  const protocols = useLive(programmes.protocols);
  const documents = useDocuments();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const [protocol, setProtocol] = useState('');
  const [query, setQuery] = useState('');
  const [enrolling, setEnrolling] = useState(false);
  const names = new Map(protocols.map(({ version }) => [version.id, version.name]));
  const lines = useMemo(
    () => all.filter((line) => protocol === '' || line.enrolment.protocol.id === protocol),
    [all, protocol],
  );
  const shown = useMemo(() => {
    const wanted = foldText(query.trim());
    return wanted === '' ? lines : lines.filter(({ patient }) => foldText(patient).includes(wanted));
  }, [lines, query]);
  const mayRun = protocols.some((view) => view.mayRun && view.version.state !== 'retired');
  const today = dayKey(now, frame);
  const active = lines.filter(({ enrolment }) => enrolment.state !== 'ended').length;
  const exportCsv = (): void => {
    const chosen = protocol === '' ? [...names.keys()] : [protocol];
    for (const id of chosen) saveText(programmes.exportCsv(id), `check-ins-${id}-${today}.csv`, 'text/csv');
  };
  return (
    <Page
      wide
      title={t`Check-in programmes`}
      summary={t`${plural(active, { one: '# patient', other: '# patients' })} on a programme. Who needs somebody first stands first.`}
      actions={
        <Group gap="sm">
          {all.length > 0 && (
            <Button
              variant="default"
              leftSection={<IconDownload size={17} stroke={1.7} aria-hidden="true" />}
              onClick={exportCsv}
            >
              <Trans>Answers as CSV</Trans>
            </Button>
          )}
          <Button
            leftSection={<IconPlus size={17} stroke={1.8} aria-hidden="true" />}
            disabled={!mayRun}
            onClick={() => setEnrolling(true)}
          >
            <Trans>Enrol a patient</Trans>
          </Button>
        </Group>
      }
    >
      {all.length === 0 ? (
        <EmptyState title={t`Nobody is on a programme yet`}>
          {mayRun ? (
            <Trans>Enrol a patient on one of the signed protocols.</Trans>
          ) : (
            <Trans>First a protocol has to be signed by its author and by a clinician: see Protocols.</Trans>
          )}
        </EmptyState>
      ) : (
        <>
          <CohortTiles lines={lines} documents={documents} today={today} />
          <div className={style['filters']}>
            <NativeSelect
              label={t`Protocol`}
              value={protocol}
              onChange={(event) => setProtocol(event.currentTarget.value)}
              data={[
                { value: '', label: t`All protocols` },
                ...[...names].map(([value, label]) => ({ value, label })),
              ]}
            />
            <TextInput
              label={t`Patient`}
              type="search"
              value={query}
              onChange={(event) => setQuery(event.currentTarget.value)}
            />
          </div>
          <CohortTable lines={shown} names={names} />
          {shown.some(({ runs }) => runs.length > 0) && (
            <Section
              title={t`Over time`}
              text={<Trans>The last eight weeks of everybody shown above.</Trans>}
            >
              <CohortPlots lines={shown} documents={documents} today={today} />
            </Section>
          )}
        </>
      )}
      {enrolling && <EnrolDialog patient={null} onClose={() => setEnrolling(false)} />}
    </Page>
  );
}
