import type { Baton, BatonLine, ComingStep } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconArrowRight } from '@tabler/icons-react';
import { ExactTime } from '../primitives/exact-time.tsx';
import { useNow, useTimeFrame } from '../session/frame-context.tsx';
import { useSession } from '../session/session-context.tsx';
import { useLive } from '../session/use-live.ts';
import { shortName } from '../words/names.ts';
import { dueTime } from '../words/span-words.ts';
import { isEnded, isReminder } from './baton-words.ts';
import style from './ladder-line.module.css';

/** Steps ahead that a line has room for; the history shows all. */
const AHEAD = 2;
/** Steps behind that a line shows before it leaves some out in the middle. */
const BEHIND = 5;

interface Node {
  readonly key: string;
  readonly at: number;
  readonly word: string;
  readonly who: string | null;
  readonly state: 'fired' | 'empty' | 'coming';
}

/** "sent 14:02 → seen 14:03 → backup 14:07 → supervisor 14:17": what happened, and what comes if nobody acts. */
export function LadderLine({ baton }: { readonly baton: Baton }) {
  const { t } = useLingui();
  const now = useNow(30_000);
  const frame = useTimeFrame();
  const fired = useFiredNodes(baton);
  const coming = useComingNodes(baton);
  const left = fired.length > BEHIND ? fired.length - BEHIND : 0;
  const shown = left === 0 ? fired : [...fired.slice(0, 1), ...fired.slice(left + 1)];
  return (
    <ol className={style['line']} aria-label={t`What happened and what comes next`}>
      {[...shown, ...coming].map((node, index) => (
        <li key={node.key} className={style['node']} data-state={node.state}>
          {index > 0 && <IconArrowRight size={12} stroke={2} aria-hidden="true" />}
          {left > 0 && index === 1 && <span className={style['left-out']}>…</span>}
          <span>
            {node.state === 'coming' && (
              <span className="sr-only">
                <Trans>next:</Trans>{' '}
              </span>
            )}
            {node.word}
            {node.who !== null && <span className={style['who']}> {node.who}</span>}{' '}
            <ExactTime at={node.at} className={style['time']}>
              {dueTime(node.at, now, frame)}
            </ExactTime>
          </span>
        </li>
      ))}
    </ol>
  );
}

function useFiredNodes(baton: Baton): readonly Node[] {
  const { t } = useLingui();
  const words: Readonly<Record<BatonLine['what'], string>> = {
    sent: t`sent`,
    step: '',
    acknowledged: t`seen`,
    answered: t`answered`,
    offered: t`offered to`,
    accepted: t`taken on by`,
    declined: t`declined by`,
    returned: t`came back to`,
    taken: t`taken over by`,
    reassigned: t`moved to`,
    reopened: t`asked again`,
    closed: t`closed`,
  };
  const nobody = t`nobody on duty`;
  return baton.lines.map((line, index) => ({
    key: `${index} ${line.what}`,
    at: line.at,
    word: line.what === 'step' ? (line.to?.name ?? t`reminder`) : words[line.what],
    who: line.what === 'step' && line.empty ? `(${nobody})` : whoOf(line),
    state: line.empty ? 'empty' : 'fired',
  }));
}

function whoOf(line: BatonLine): string | null {
  switch (line.what) {
    case 'acknowledged':
    case 'answered':
    case 'accepted':
    case 'declined':
    case 'taken':
    case 'closed':
      return line.by === null ? null : shortName(line.by.name);
    case 'offered':
    case 'reassigned':
    case 'returned':
      return line.to?.name ?? null;
    default:
      return null;
  }
}

/** What comes next; several reminders to whoever has it already are one. */
function useComingNodes(baton: Baton): readonly Node[] {
  const { t } = useLingui();
  const me = useLive(useSession().me).account;
  if (isEnded(baton)) return [];
  const wordOf = ({ target }: ComingStep): string => {
    if (!isReminder(baton, target)) return target.name;
    const { name } = target;
    return target.id === me ? t`reminds you` : t`reminds ${name}`;
  };
  return baton.coming
    .filter(
      ({ target }, index) =>
        baton.coming.findIndex(({ target: earlier }) => earlier.id === target.id) === index,
    )
    .slice(0, AHEAD)
    .map((step, index) => ({
      key: `coming ${index}`,
      at: step.at,
      word: wordOf(step),
      who: null,
      state: 'coming',
    }));
}
