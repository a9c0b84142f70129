import {
  ALERT_KINDS,
  type AlertKind,
  BANDS,
  type Band,
  type Branch,
  CODES_OF_KIND,
  type Next,
} from '@baton/clinical';
import { MultiSelect, NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { BAND_NAMES, KIND_NAMES } from '../words.ts';
import { ConditionFields } from './condition-fields.tsx';
import { KeyField, KeysField, NumberField } from './fields.tsx';
import type { Names } from './names.ts';

const NEXT_NAMES = {
  on: msg`on to the next question`,
  end: msg`the end of the dialogue`,
  stop: msg`the end of the programme`,
  wait: msg`the same question later`,
} as const;

const ALL_CODES = [...new Set(Object.values(CODES_OF_KIND).flat())];

export function freshBranch(id: string, names: Names): Branch {
  return {
    id,
    about: 'Any other answer',
    when: { t: 'code', codes: ['said'], earlier: 0 },
    band: 'green',
    grade: null,
    advise: [],
    alert: null,
    asks: [],
    next: { t: 'on' },
    sources: names.sources.slice(0, 1),
  };
}

/** One line of a question: when it fits, how grave it is, what is said, who is told, what comes next. */
export function BranchFields({
  branch,
  names,
  codes,
  onChange,
}: {
  readonly branch: Branch;
  readonly names: Names;
  readonly codes: readonly string[];
  readonly onChange: (branch: Branch) => void;
}) {
  const { t, i18n } = useLingui();
  const put = (part: Partial<Branch>): void => onChange({ ...branch, ...part });
  const { next } = branch;
  return (
    <>
      <TextInput
        label={t`The line in words, for staff`}
        value={branch.about}
        onChange={(event) => put({ about: event.currentTarget.value })}
      />
      <ConditionFields
        condition={branch.when}
        settings={names.settings}
        codes={[...new Set([...codes, ...ALL_CODES])]}
        onChange={(when) => put({ when })}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <Severity branch={branch} names={names} put={put} />
        <NativeSelect
          label={t`Then`}
          value={next.t}
          onChange={(event) => put({ next: nextOf(event.currentTarget.value as Next['t']) })}
          data={Object.entries(NEXT_NAMES).map(([value, label]) => ({ value, label: i18n._(label) }))}
        />
        {next.t === 'wait' && (
          <NumberField
            label={t`After minutes`}
            min={5}
            max={1440}
            value={next.minutes}
            onChange={(minutes) => put({ next: { t: 'wait', minutes } })}
          />
        )}
      </SimpleGrid>
      <MultiSelect
        label={t`Says`}
        data={[...new Set([...branch.advise, ...names.advice])]}
        value={branch.advise}
        searchable
        hidePickedOptions
        onChange={(advise) => put({ advise })}
      />
      <KeysField
        label={t`Asks because of it`}
        value={branch.asks}
        options={names.questions}
        onChange={(asks) => put({ asks })}
      />
      <KeysField
        label={t`Sources`}
        value={branch.sources}
        options={names.sources}
        onChange={(sources) => put({ sources })}
      />
    </>
  );
}

/** How grave it is, as what it is graded, and who is told. */
function Severity({
  branch,
  names,
  put,
}: {
  readonly branch: Branch;
  readonly names: Names;
  readonly put: (part: Partial<Branch>) => void;
}) {
  const { t, i18n } = useLingui();
  const { grade, alert } = branch;
  return (
    <>
      <NativeSelect
        label={t`How grave`}
        value={branch.band}
        onChange={(event) => put({ band: event.currentTarget.value as Band })}
        data={BANDS.map((value) => ({ value, label: i18n._(BAND_NAMES[value]) }))}
      />
      <KeyField
        label={t`Graded as`}
        value={grade?.term ?? null}
        options={names.terms}
        none={t`not graded`}
        onChange={(term) => put({ grade: term === null ? null : { term, grade: grade?.grade ?? 1 } })}
      />
      {grade && (
        <NumberField
          label={t`Grade`}
          min={0}
          max={5}
          value={grade.grade}
          onChange={(value) => put({ grade: { ...grade, grade: value } })}
        />
      )}
      <KeyField
        label={t`Somebody is told`}
        value={alert?.escalation ?? null}
        options={names.escalations}
        none={t`nobody`}
        onChange={(escalation) =>
          put({ alert: escalation === null ? null : { escalation, kind: alert?.kind ?? 'symptom' } })
        }
      />
      {alert && (
        <NativeSelect
          label={t`As`}
          value={alert.kind}
          onChange={(event) => put({ alert: { ...alert, kind: event.currentTarget.value as AlertKind } })}
          data={ALERT_KINDS.map((value) => ({ value, label: i18n._(KIND_NAMES[value]) }))}
        />
      )}
    </>
  );
}

const LATER_MINUTES = 60;

function nextOf(t: Next['t']): Next {
  return t === 'wait' ? { t, minutes: LATER_MINUTES } : { t };
}
