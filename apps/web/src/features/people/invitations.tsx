import { Trans, useLingui } from '@lingui/react/macro';
import { IconMailForward } from '@tabler/icons-react';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { JOB_NAMES } from '../../design/words/job-words.ts';
import { tableTime } from '../../design/words/time-words.ts';
import style from './people.module.css';

/** Invitations that nobody has used yet. */
export function Invitations() {
  const { t, i18n } = useLingui();
  const { people } = useSession();
  const frame = useTimeFrame();
  const open = useLive(people.invitations).filter(({ claimed }) => !claimed);
  if (open.length === 0) return null;
  return (
    <section className={style['open']} aria-labelledby="open-invitations">
      <h2 id="open-invitations">
        <Trans>Open invitations</Trans>
      </h2>
      <ul>
        {open.map(({ invitation, name, jobs, notAfter }) => {
          const until = tableTime(notAfter, frame);
          return (
            <li key={invitation}>
              <IconMailForward size={20} stroke={1.6} aria-hidden="true" />
              <span>
                <b>{name ?? t`Name not known here`}</b>{' '}
                <span className={style['quiet']}>
                  {jobs.map((job) => i18n._(JOB_NAMES[job])).join(', ')} · {t`until ${until}`}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
