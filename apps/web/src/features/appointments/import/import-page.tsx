import type { CsvDryRun } from '@baton/client';
import type { CsvMapping } from '@baton/wire';
import { Button, Group, Progress } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconArrowLeft, IconFileSpreadsheet } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { FailureNotice, Notice } from '../../../design/primitives/notice.tsx';
import { Section } from '../../../design/primitives/pane.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import style from '../appointments.module.css';
import { DryRunTable } from './dry-run-table.tsx';
import { MappingFields } from './mapping-fields.tsx';

const MAX_BYTES = 20_000_000;

interface OpenFile {
  readonly name: string;
  readonly text: string;
}

/** Visits from a file: which column is what, what taking it in would do, and only then the doing. */
export function ImportPage() {
  const { t } = useLingui();
  const { appointments } = useSession();
  const [file, setFile] = useState<OpenFile | null>(null);
  const [mapping, setMapping] = useState<CsvMapping | null>(null);
  const [done, setDone] = useState<CsvDryRun['counts'] | null>(null);
  const action = useAction();
  const open = (chosen: File): void =>
    void action.run(async () => {
      setDone(null);
      if (chosen.size > MAX_BYTES) throw new TypeError('too large');
      const text = await chosen.text();
      setMapping(appointments.suggestMapping(text));
      setFile({ name: chosen.name, text });
    });
  return (
    <>
      <Link to="/appointments/$part" params={{ part: 'feeds' }} className={style['back']}>
        <IconArrowLeft size={17} stroke={1.8} aria-hidden="true" />
        <Trans>Sources</Trans>
      </Link>
      {done !== null && <Taken counts={done} />}
      <FailureNotice sentence={action.failure} />
      {file === null ? (
        <EmptyState
          icon={<IconFileSpreadsheet size={28} stroke={1.5} />}
          title={t`Take in a schedule file`}
          action={<ChooseFile onChoose={open} />}
        >
          <Trans>
            A CSV file from your record system, with a line of column names. It is read on this device only.
            You see what would happen before anything is written.
          </Trans>
        </EmptyState>
      ) : mapping === null ? (
        <Notice tone="danger" role="alert" action={<ChooseFile onChoose={open} />}>
          {t`“${file.name}” has no first line with the names of its columns.`}
        </Notice>
      ) : (
        <Checked
          key={file.name}
          file={file}
          mapping={mapping}
          onMapping={setMapping}
          onChoose={open}
          onDone={(counts) => {
            setDone(counts);
            setFile(null);
          }}
        />
      )}
    </>
  );
}

function ChooseFile({ onChoose }: { readonly onChoose: (file: File) => void }) {
  const { t } = useLingui();
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={field}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        className="sr-only"
        tabIndex={-1}
        aria-label={t`Schedule file`}
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          event.currentTarget.value = '';
          if (chosen) onChoose(chosen);
        }}
      />
      <Button variant="light" onClick={() => field.current?.click()}>
        <Trans>Choose a file…</Trans>
      </Button>
    </>
  );
}

function Taken({ counts }: { readonly counts: CsvDryRun['counts'] }) {
  const taken = counts.new + counts.changed;
  return (
    <Notice tone="done" role="status">
      {plural(taken, { one: '# visit was taken in.', other: '# visits were taken in.' })}{' '}
      {counts.error > 0 &&
        plural(counts.error, { one: '# line was left out.', other: '# lines were left out.' })}
    </Notice>
  );
}

function Checked({
  file,
  mapping,
  onMapping,
  onChoose,
  onDone,
}: {
  readonly file: OpenFile;
  readonly mapping: CsvMapping;
  readonly onMapping: (mapping: CsvMapping) => void;
  readonly onChoose: (file: File) => void;
  readonly onDone: (counts: CsvDryRun['counts']) => void;
}) {
  const { t } = useLingui();
  const { appointments } = useSession();
  const action = useAction();
  const [progress, setProgress] = useState<{ readonly done: number; readonly all: number } | null>(null);
  const settled = useDeferredValue(mapping);
  const run = useMemo(() => appointments.readCsv(file.text, settled), [appointments, file, settled]);
  const { counts } = run;
  const writes = counts.new + counts.changed;
  const take = (): void =>
    void action
      .run(() =>
        // The clock has moved on since the last look, and colleagues may have written.
        appointments.importCsv(appointments.readCsv(file.text, mapping), mapping, (done, all) =>
          setProgress({ done, all }),
        ),
      )
      .then((ok) => {
        setProgress(null);
        if (ok) onDone(counts);
      });
  return (
    <>
      <div className={style['head']}>
        <p className={style['summary']}>
          <b>{file.name}</b> · {plural(run.rows.length, { one: '# line', other: '# lines' })}
        </p>
        <ChooseFile onChoose={onChoose} />
      </div>
      <Section
        title={t`1. Which column is what`}
        text={<Trans>Guessed from the names. Look it through; it is kept for the next file.</Trans>}
      >
        <MappingFields mapping={mapping} run={run} onChange={onMapping} />
      </Section>
      <Section
        title={t`2. What would happen`}
        text={<Trans>Nothing is written yet. Visits that are not in the file stay as they are.</Trans>}
      >
        <DryRunTable run={run} />
        {progress !== null && (
          <Progress
            value={progress.all === 0 ? 100 : (100 * progress.done) / progress.all}
            aria-label={t`${progress.done} of ${progress.all} taken in`}
          />
        )}
        <FailureNotice sentence={action.failure} />
        <Group justify="flex-end" mt="md">
          <Button loading={action.busy} disabled={writes === 0} onClick={take}>
            {plural(writes, { one: 'Take in # visit', other: 'Take in # visits' })}
          </Button>
        </Group>
      </Section>
    </>
  );
}
