import { STAFF_JOBS } from '@baton/policy';
import type { Job } from '@baton/wire';
import { Checkbox, SimpleGrid, TextInput } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import { JOB_NAMES } from '../../design/words/job-words.ts';

export interface PersonFieldsValue {
  readonly name: string;
  readonly jobs: readonly Job[];
}

export function isComplete({ name, jobs }: PersonFieldsValue): boolean {
  return name.trim() !== '' && jobs.length > 0;
}

/** Name and jobs of a colleague. Rights follow from the jobs. */
export function PersonFields({
  value,
  onChange,
}: {
  readonly value: PersonFieldsValue;
  readonly onChange: (value: PersonFieldsValue) => void;
}) {
  const { t, i18n } = useLingui();
  return (
    <>
      <TextInput
        data-autofocus
        label={t`Name, as colleagues know it`}
        autoComplete="off"
        maxLength={120}
        required
        value={value.name}
        onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
      />
      <Checkbox.Group
        label={t`Jobs`}
        description={t`What somebody may do follows from these.`}
        value={[...value.jobs]}
        onChange={(jobs) => onChange({ ...value, jobs: STAFF_JOBS.filter((job) => jobs.includes(job)) })}
      >
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" mt="xs">
          {STAFF_JOBS.map((job) => (
            <Checkbox key={job} value={job} label={i18n._(JOB_NAMES[job])} />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
    </>
  );
}
