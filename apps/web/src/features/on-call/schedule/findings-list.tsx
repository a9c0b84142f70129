import type { Person } from '@baton/client';
import type { AccountId } from '@baton/kernel';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconCircleCheck, IconInfoCircle, IconAlertTriangle } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useSession } from '../../../design/session/session-context.tsx';
import { findInSchedule, type ScheduleFinding } from './schedule-findings.ts';
import style from './schedule.module.css';
import { stretchWords } from './week-words.ts';
import type { Slot } from './weekly-spans.ts';

/** Gaps and overlaps of the week, as one types. */
export function ScheduleFindings({ weekly }: { readonly weekly: readonly Slot[] }) {
  const { t } = useLingui();
  const findings = useMemo(() => findInSchedule(weekly), [weekly]);
  const gone = useGone(weekly);
  if (weekly.length === 0) {
    return (
      <p className={style['finding']}>
        <IconInfoCircle size={16} stroke={1.8} aria-hidden="true" />
        <Trans>Without a shift there is no schedule: whoever holds the role is on duty.</Trans>
      </p>
    );
  }
  return (
    <ul className={style['findings']} aria-label={t`What to look at`} aria-live="polite">
      {gone.map((name) => (
        <li key={name} className={style['finding']} data-kind="gap">
          <IconAlertTriangle size={16} stroke={1.8} aria-hidden="true" />
          {t`${name} is not active any more and would be left out.`}
        </li>
      ))}
      {findings.map((finding) => (
        <FindingLine key={`${finding.kind} ${finding.from}`} finding={finding} />
      ))}
      {findings.length === 0 && gone.length === 0 && (
        <li className={style['finding']} data-kind="good">
          <IconCircleCheck size={16} stroke={1.8} aria-hidden="true" />
          <Trans>Somebody is on duty every minute of the week, and nobody twice.</Trans>
        </li>
      )}
    </ul>
  );
}

function useGone(weekly: readonly Slot[]): readonly string[] {
  const { directory } = useSession();
  const accounts = [...new Set(weekly.map(({ account }) => account))];
  return accounts
    .map((account) => directory.member(account))
    .filter((member): member is Person => member !== null && member.kind !== 'role' && !member.active)
    .map(({ name }) => name);
}

function FindingLine({ finding }: { readonly finding: ScheduleFinding }) {
  const { t, i18n } = useLingui();
  const { directory } = useSession();
  const nameOf = (account: AccountId): string => directory.member(account)?.name ?? '?';
  const when = stretchWords(finding, i18n.locale);
  if (finding.kind === 'gap') {
    return (
      <li className={style['finding']} data-kind="gap">
        <IconAlertTriangle size={16} stroke={1.8} aria-hidden="true" />
        {t`${when}: nobody.`}
      </li>
    );
  }
  const who =
    finding.kind === 'twice'
      ? nameOf(finding.account)
      : new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(finding.accounts.map(nameOf));
  return (
    <li className={style['finding']}>
      <IconInfoCircle size={16} stroke={1.8} aria-hidden="true" />
      {finding.kind === 'twice' ? t`${when}: ${who} twice.` : t`${when}: ${who} together.`}
    </li>
  );
}
