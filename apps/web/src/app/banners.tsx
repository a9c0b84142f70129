import { Button } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { AfterDelay } from '../design/primitives/after-delay.tsx';
import { Notice } from '../design/primitives/notice.tsx';
import { useNow, useTimeFrame } from '../design/session/frame-context.tsx';
import { useSession } from '../design/session/session-context.tsx';
import { useLive } from '../design/session/use-live.ts';
import { failureSentence } from '../design/words/error-sentences.ts';
import { listTime } from '../design/words/time-words.ts';
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
