import type { Owner, Person } from '@baton/client';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconStack2 } from '@tabler/icons-react';
import { Face } from '../primitives/face.tsx';
import { JOB_NAMES } from '../words/job-words.ts';
import { peopleOf } from './baton-words.ts';
import style from './owner-words.module.css';

/** Face of a person, a role or a queue. */
export function OwnerFace({
  owner,
  size = 'small',
}: {
  readonly owner: Owner;
  readonly size?: 'small' | 'normal' | 'large';
}) {
  if (owner.kind !== 'queue') return <Face member={owner} size={size} />;
  return (
    <span className={style['queue']} data-size={size} aria-hidden="true">
      <IconStack2 size={size === 'small' ? 14 : 18} stroke={1.8} />
    </span>
  );
}

/** A team's whole list says less than its first names. */
const MOST_NAMES = 4;

/** What stands behind a name: who is on duty for a role (its holders where that is not known), the job of a person, who answers for a queue. */
export function useOwnerAbout(owner: Owner, onDuty?: readonly Person[]): string {
  const { t, i18n } = useLingui();
  if (owner.kind === 'role' || owner.kind === 'queue') {
    const people = onDuty?.map(({ name }) => name) ?? peopleOf(owner);
    if (people.length === 0) return owner.kind === 'role' ? t`nobody is on duty` : '';
    const shown = people.length > MOST_NAMES ? people.slice(0, MOST_NAMES - 1) : people;
    const more = people.length - shown.length;
    const names = more === 0 ? shown : [...shown, t`${plural(more, { one: '# other', other: '# others' })}`];
    return new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(names);
  }
  const job = owner.jobs[0];
  return job === undefined ? '' : i18n._(JOB_NAMES[job]);
}

/** "with Maria Lopez · Charge nurse": ownership is always a name and a face. */
export function OwnerLine({
  owner,
  onDuty,
  me,
}: {
  readonly owner: Owner;
  /** Persons for whom the owner stands now. */
  readonly onDuty?: readonly Person[];
  readonly me?: string | undefined;
}) {
  const about = useOwnerAbout(owner, onDuty);
  const { name } = owner;
  return (
    <span className={style['line']}>
      <OwnerFace owner={owner} />
      <span className={style['words']}>
        {owner.id === me ? (
          <b>
            <Trans>with you</Trans>
          </b>
        ) : (
          <Trans>
            with <b>{name}</b>
          </Trans>
        )}
        {about !== '' && <span className={style['about']}> · {about}</span>}
      </span>
    </span>
  );
}
