import type { Member } from '@baton/client';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { JOB_NAMES } from '../words/job-words.ts';
import { Face } from './face.tsx';
import style from './member-line.module.css';

export interface MemberLineProps {
  readonly member: Member;
  /** Instead of the job or unit. */
  readonly about?: ReactNode;
  readonly after?: ReactNode;
}

/** A person or role in one line: face, name, what they do. */
export function MemberLine({ member, about, after }: MemberLineProps) {
  const words = useMemberWords(member);
  return (
    <span className={style['line']}>
      <Face member={member} />
      <span className={style['who']}>
        <span className={style['name']}>{member.name}</span>
        <span className={style['about']}>{about ?? words}</span>
      </span>
      {after}
    </span>
  );
}

/** "Charge nurse, Nurse", "Role · Cardiology · 2 hold it now". */
export function useMemberWords(member: Member): string {
  const { t, i18n } = useLingui();
  if (member.kind !== 'role') {
    return member.jobs.map((job) => i18n._(JOB_NAMES[job])).join(', ');
  }
  const holders = member.holders.length;
  const held =
    holders === 0
      ? t`nobody holds it now`
      : t`${plural(holders, { one: '# person holds it', other: '# people hold it' })}`;
  return [member.unit, held].filter((part) => part !== null && part !== '').join(' · ');
}
