import type { AgentActivity, Person } from '@baton/client';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconBan } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { RowSkeleton } from '../../design/primitives/after-delay.tsx';
import { ExactTime } from '../../design/primitives/exact-time.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { listTime, tableTime } from '../../design/words/time-words.ts';
import style from './agents.module.css';
import { ACTIVITY_NAMES } from './manifest-words.ts';

/** What the server saw it do: that it read or wrote, never what. */
export function Activity({ agent }: { readonly agent: Person }) {
  const { t } = useLingui();
  const { agents } = useSession();
  const [activity, setActivity] = useState<AgentActivity | null>(null);
  const { run, failure, busy } = useAction();
  useEffect(() => {
    void run(async () => setActivity(await agents.activity(agent.id)));
  }, [run, agents, agent.id]);
  return (
    <section>
      <h2>
        <Trans>What it did</Trans>
      </h2>
      <FailureNotice sentence={failure} />
      {activity === null && busy && <RowSkeleton rows={4} label={t`Loading what it did`} />}
      {activity !== null && <ActivityFacts activity={activity} />}
    </section>
  );
}

function ActivityFacts({ activity }: { readonly activity: AgentActivity }) {
  const { t } = useLingui();
  const now = useNow(30_000);
  const frame = useTimeFrame();
  const { conversations, lastSeenAt, events } = activity;
  const seen = lastSeenAt === null ? null : listTime(lastSeenAt, now, frame);
  const served = plural(conversations.length, { one: '# conversation', other: '# conversations' });
  return (
    <>
      <p className={style['quiet']}>
        {seen === null
          ? t`It has not been seen yet.`
          : t`Last seen ${seen}. The server knows it as a member of ${served}.`}
      </p>
      {events.length > 0 && <ActivityTable events={events} />}
    </>
  );
}

function ActivityTable({ events }: { readonly events: AgentActivity['events'] }) {
  const { t, i18n } = useLingui();
  const frame = useTimeFrame();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long table scrolls and has to be reachable by keyboard
    <div className={style['table-wrap']} tabIndex={0} role="region" aria-label={t`What it did`}>
      <table className={style['table']}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>When</Trans>
            </th>
            <th scope="col">
              <Trans>What</Trans>
            </th>
            <th scope="col">
              <Trans>Outcome</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {events.map((event, index) => {
            const name = ACTIVITY_NAMES[event.action];
            return (
              <tr key={`${event.at} ${index}`}>
                <td>
                  <ExactTime at={event.at}>{tableTime(event.at, frame)}</ExactTime>
                </td>
                <td>{name === undefined ? <code>{event.action}</code> : i18n._(name)}</td>
                <td>
                  {event.outcome === 'ok' ? (
                    <Trans>Done</Trans>
                  ) : (
                    <span className={style['refused']}>
                      <IconBan size={15} stroke={2} aria-hidden="true" />
                      {event.outcome === 'refused' ? t`Refused` : t`Failed`}
                    </span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
