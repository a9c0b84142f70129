import { Button } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useRouterState } from '@tanstack/react-router';
import { BatonClock } from '../design/batons/baton-clock.tsx';
import { batonParam, openerName } from '../design/batons/baton-words.ts';
import { Octagon } from '../design/batons/contract-mark.tsx';
import { AfterDelay } from '../design/primitives/after-delay.tsx';
import { Notice } from '../design/primitives/notice.tsx';
import { useNow, useTimeFrame } from '../design/session/frame-context.tsx';
import { useSession } from '../design/session/session-context.tsx';
import { useLive } from '../design/session/use-live.ts';
import { failureSentence } from '../design/words/error-sentences.ts';
import { listTime } from '../design/words/time-words.ts';
import { isHome } from './places.ts';
import style from './shell.module.css';

/** What is true of every screen right now: the demo, the connection, alarms. */
export function Banners() {
  const { demo } = useLive(useSession().me);
  return (
    <>
      {demo && (
        <p className={style['demo']}>
          <Trans>Demo practice. Do not enter real patients.</Trans>
        </p>
      )}
      <AlarmBanners />
      <StatBanner />
      <ConnectionBanner />
    </>
  );
}

function AlarmBanners() {
  const { i18n } = useLingui();
  const session = useSession();
  const alarms = useLive(session.alarms);
  return (
    <div role="alert">
      {alarms.map((alarm) => (
        <Notice
          key={alarm.id}
          band
          tone={alarm.severity === 'danger' ? 'danger' : 'waiting'}
          action={
            <Button size="compact-sm" variant="default" onClick={() => session.acknowledgeAlarm(alarm.id)}>
              <Trans>I have read this</Trans>
            </Button>
          }
        >
          {failureSentence(alarm, i18n)}
        </Notice>
      ))}
    </div>
  );
}

/** A stat that nobody has acknowledged stands over every screen but my batons, where it is first anyway. */
function StatBanner() {
  const { t } = useLingui();
  const { batons } = useSession();
  const owe = useLive(batons.owe);
  const reached = useLive(batons.escalated);
  const atHome = useRouterState({ select: ({ location }) => isHome(location.pathname) });
  const open = [...owe, ...reached].filter(
    ({ contract, status }) => contract === 'stat' && status === 'open',
  );
  const [first] = open;
  if (first === undefined || atHome) return null;
  const who = openerName(first) ?? t`an outside system`;
  const more = open.length - 1;
  return (
    <section className={style['stat']} aria-label={t`STAT`}>
      <Octagon size={22} />
      <span className={style['stat-words']}>
        <b>{t`STAT from ${who}`}</b> <BatonClock baton={first} brief />
        {more > 0 && <> {t`and ${more} more`}</>}
      </span>
      <Button component={Link} to={`/batons/${batonParam(first.id)}`} size="compact-sm" variant="default">
        <Trans>Open</Trans>
      </Button>
    </section>
  );
}

/** A short interruption is nobody's business. */
const PATIENCE_MS = 2000;

function ConnectionBanner() {
  const connection = useLive(useSession().connection);
  return (
    <div role="status">
      {connection.state === 'offline' && (
        <AfterDelay delayMs={PATIENCE_MS}>
          <OfflineNotice sinceMs={connection.sinceMs} unsent={connection.unsent} />
        </AfterDelay>
      )}
    </div>
  );
}

function OfflineNotice({ sinceMs, unsent }: { readonly sinceMs: number; readonly unsent: number }) {
  const { t } = useLingui();
  const now = useNow(30_000);
  const frame = useTimeFrame();
  const since = listTime(sinceMs, now, frame);
  return (
    <Notice band tone="offline">
      <b>{t`You have been offline since ${since}.`}</b>{' '}
      {unsent === 0 ? (
        <Trans>You can read and write; messages go out when you are back.</Trans>
      ) : (
        t`${plural(unsent, {
          one: '# message waits and goes out when you are back.',
          other: '# messages wait and go out when you are back.',
        })}`
      )}
    </Notice>
  );
}
