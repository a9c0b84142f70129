import type { Baton, BatonLine, ComingStep } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { ExactTime } from '../primitives/exact-time.tsx';
import { useNow, useTimeFrame } from '../session/frame-context.tsx';
import { dueTime } from '../words/span-words.ts';
import { CLOSE_REASON_NAMES, isEnded, isReminder, openerName } from './baton-words.ts';
import style from './baton-history.module.css';

/** Everything that happened with a baton, oldest first, and what the ladder would do next. */
export function BatonHistory({ baton }: { readonly baton: Baton }) {
  const { t } = useLingui();
  const now = useNow(30_000);
  const frame = useTimeFrame();
  return (
    <ol className={style['list']} aria-label={t`History`}>
      {baton.lines.map((line, index) => (
        <li
          key={`${index} ${line.what}`}
          className={style['item']}
          data-what={line.what}
          data-empty={line.empty || undefined}
        >
          <ExactTime at={line.at} className={style['time']}>
            {dueTime(line.at, now, frame)}
          </ExactTime>
          <span>
            <LineWords line={line} baton={baton} />
          </span>
        </li>
      ))}
      {!isEnded(baton) &&
        baton.coming.map((step, index) => (
          <li key={`coming ${index}`} className={style['item']} data-coming>
            <ExactTime at={step.at} className={style['time']}>
              {dueTime(step.at, now, frame)}
            </ExactTime>
            <span>
              <ComingWords step={step} baton={baton} />
            </span>
          </li>
        ))}
    </ol>
  );
}

function useNames(): (names: readonly string[]) => string {
  const { i18n } = useLingui();
  return (names) => new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(names);
}

function LineWords({ line, baton }: { readonly line: BatonLine; readonly baton: Baton }) {
  const { t, i18n } = useLingui();
  const list = useNames();
  const by = line.by?.name ?? openerName(baton) ?? t`An outside system`;
  const to = line.to?.name ?? '';
  const reached = list(line.reached.map(({ name }) => name));
  switch (line.what) {
    case 'sent':
      return reached === '' || reached === to
        ? t`${by} asked ${to}.`
        : t`${by} asked ${to}; it reached ${reached}.`;
    case 'step':
      if (line.empty) return t`Nobody was on duty for ${to}; the next step came at once.`;
      return reached === '' || reached === to
        ? t`Reminder to ${to}.`
        : t`Escalated to ${to}; it reached ${reached}.`;
    case 'acknowledged':
      return t`${by} acknowledged it.`;
    case 'answered':
      return t`${by} answered.`;
    case 'offered':
      return t`${by} offered it to ${to}.`;
    case 'accepted':
      return t`${by} accepted it.`;
    case 'declined':
      return t`${by} declined it.`;
    case 'returned':
      return t`Nobody accepted; it came back to ${to}.`;
    case 'taken':
      return t`${by} took it over.`;
    case 'reassigned':
      return t`Its owner could not answer any more; it went to ${to}.`;
    case 'reopened':
      return t`${by} changed the message and asked again.`;
    case 'closed': {
      const reason = line.reason === null ? '' : i18n._(CLOSE_REASON_NAMES[line.reason]);
      return reason === '' ? t`${by} closed it.` : t`${by} closed it: ${reason}.`;
    }
  }
}

function ComingWords({ step, baton }: { readonly step: ComingStep; readonly baton: Baton }) {
  const list = useNames();
  const target = step.target.name;
  if (isReminder(baton, step.target)) return <Trans>Next: reminder to {target}</Trans>;
  const reached = list(step.wouldReach.map(({ name }) => name));
  if (reached === '' || reached === target) return <Trans>Next: {target}</Trans>;
  return (
    <Trans>
      Next: {target}, now {reached}
    </Trans>
  );
}
