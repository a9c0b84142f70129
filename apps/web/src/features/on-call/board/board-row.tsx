import type { DutyRow } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Face } from '../../../design/primitives/face.tsx';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { dueTime } from '../../../design/words/span-words.ts';
import { dayKey, shortDate, weekdayWord } from '../../../design/words/time-words.ts';
import { Bars } from '../plot/bars.tsx';
import { placeOf, placeSpans } from '../plot/place-spans.ts';
import { KNOWN_BY, warningsOf } from '../row-words.ts';
import { RoleMenu } from '../role/role-menu.tsx';
import style from './board.module.css';

const NAMES = 3;

export function BoardRow({
  row,
  midnights,
}: {
  readonly row: DutyRow;
  /** null: no room for the plot. */
  readonly midnights: readonly number[] | null;
}) {
  const { i18n } = useLingui();
  const warnings = warningsOf(row, i18n);
  return (
    <li className={style['row']}>
      <div className={style['role']}>
        <Link to="/on-call/$item" params={{ item: row.role.id }} className={style['name']}>
          {row.role.name}
        </Link>
        {warnings.map((warning) => (
          <p key={warning} className={style['warning']}>
            <IconAlertTriangle size={14} stroke={2} aria-hidden="true" />
            {warning}
          </p>
        ))}
      </div>
      <NowCell row={row} />
      {midnights !== null && <Lane row={row} midnights={midnights} />}
      <RoleMenu row={row} />
    </li>
  );
}

function NowCell({ row }: { readonly row: DutyRow }) {
  const { t, i18n } = useLingui();
  const now = useNow(30_000);
  const frame = useTimeFrame();
  const me = useLive(useSession().me).account;
  const { onDuty, spans, next } = row;
  const more = onDuty.length - NAMES;
  const words = spans.map(({ until, by }) => {
    const end = until === null ? null : dueTime(until, now, frame);
    const how = i18n._(KNOWN_BY[by]);
    return end === null ? how : t`until ${end} · ${how}`;
  });
  const [first = ''] = words;
  const isSame = words.every((one) => one === first);
  const names = next.map(({ name }) => name).join(', ');
  return (
    <div className={style['now']}>
      {onDuty.slice(0, NAMES).map((person, index) => (
        <span key={person.id} className={style['person']}>
          <Face member={person} size="small" />
          <span>
            {person.name}
            {person.id === me && <span className={style['quiet']}> · {t`you`}</span>}
            {!isSame && <span className={style['own-time']}>{words[index]}</span>}
          </span>
        </span>
      ))}
      {more > 0 && <span className={style['quiet']}>{t`and ${more} more`}</span>}
      <span className={style['quiet']}>
        {isSame && first}
        {names !== '' && (
          <>
            {isSame && first !== '' && <br />}
            <Trans>then {names}</Trans>
          </>
        )}
      </span>
    </div>
  );
}

function Lane({ row, midnights }: { readonly row: DutyRow; readonly midnights: readonly number[] }) {
  const { duty } = useSession();
  const now = useNow(30_000);
  const first = midnights[0] ?? 0;
  const last = midnights.at(-1) ?? first;
  const spans = duty.spans(row.role.id, first, last);
  const { bars, lines } = placeSpans(spans, midnights);
  return (
    <div className={style['lane']} data-bare={spans.length === 0 || undefined}>
      {spans.length > 0 && <Bars bars={bars} lines={lines} now={placeOf(now, midnights)} />}
    </div>
  );
}

/** Names of the days above the lanes; it stays while one scrolls. */
export function WeekAxis({ midnights }: { readonly midnights: readonly number[] }) {
  const now = useNow(60_000);
  const frame = useTimeFrame();
  return (
    <div className={style['axis']} aria-hidden="true">
      <span>
        <Trans>Role</Trans>
      </span>
      <span>
        <Trans>On duty now</Trans>
      </span>
      <span className={style['axis-days']}>
        {midnights.slice(0, -1).map((at) => (
          <span key={at} data-today={dayKey(at, frame) === dayKey(now, frame) || undefined}>
            <b>{weekdayWord(at, frame)}</b> <span className={style['date']}>{shortDate(at, now, frame)}</span>
          </span>
        ))}
      </span>
      <span />
    </div>
  );
}
