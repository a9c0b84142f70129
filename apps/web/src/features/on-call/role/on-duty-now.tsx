import type { DutyRow } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconRobot } from '@tabler/icons-react';
import { MemberLine } from '../../../design/primitives/member-line.tsx';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { dueTime } from '../../../design/words/span-words.ts';
import { KNOWN_BY } from '../row-words.ts';
import style from './role.module.css';

/** Who is on duty, until when, who comes next, and how that is known. */
export function OnDutyNow({ row }: { readonly row: DutyRow }) {
  const { t, i18n } = useLingui();
  const now = useNow(30_000);
  const frame = useTimeFrame();
  const aboutOf = ({ until, by }: DutyRow['spans'][number]): string => {
    const end = until === null ? null : dueTime(until, now, frame);
    const how = i18n._(KNOWN_BY[by]);
    return end === null ? how : t`until ${end} · ${how}`;
  };
  return (
    <section className={style['section']}>
      <h3>
        <Trans>On duty now</Trans>
      </h3>
      {row.onDuty.length === 0 ? (
        <p className={style['quiet']}>
          <Trans>Nobody.</Trans>
        </p>
      ) : (
        <ul className={style['people']}>
          {row.spans.map((span) => (
            <li key={span.person.id}>
              <MemberLine member={span.person} about={aboutOf(span)} />
            </li>
          ))}
        </ul>
      )}
      {row.next.length > 0 && (
        <>
          <h4>
            <Trans>Then</Trans>
          </h4>
          <ul className={style['people']}>
            {row.next.map((person) => (
              <li key={person.id}>
                <MemberLine member={person} />
              </li>
            ))}
          </ul>
        </>
      )}
      <Keeper row={row} />
    </section>
  );
}

/** Who changes the keys when shifts change. */
function Keeper({ row }: { readonly row: DutyRow }) {
  const { role, agent, schedule } = row;
  if (schedule === null) return null;
  const roleName = role.name;
  const agentName = agent?.name ?? '';
  return (
    <p className={style['keeper']}>
      <IconRobot size={18} stroke={1.6} aria-hidden="true" />
      <span>
        {agent === null ? (
          <Trans>
            No assistant makes the shift changes here: the first device of a holder that is online does.
          </Trans>
        ) : (
          <Trans>
            {agentName} makes the shift changes of {roleName}. It can therefore read what this role can read.
          </Trans>
        )}
      </span>
    </p>
  );
}
