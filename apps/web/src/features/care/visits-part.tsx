import type { Visit } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { StandingMark } from '../../design/visits/standing-mark.tsx';
import { tableTime } from '../../design/words/time-words.ts';
import { PanelPart } from './panel-part.tsx';
import { joinWords } from '../../design/words/join-words.ts';
import style from './patient-panel.module.css';

const COMING = 4;
const PAST = 2;

/** Visits of the patient: those to come, and the last ones, with what the patient answered. */
export function VisitsPart({ patient }: { readonly patient: string }) {
  const { t } = useLingui();
  const { appointments } = useSession();
  const { established } = useLive(appointments.state);
  const visits = useLive(appointments.of(patient));
  const now = useNow();
  if (!established) return null;
  const coming = visits.filter(({ appointment }) => appointment.end > now).slice(0, COMING);
  const past = visits.filter(({ appointment }) => appointment.end <= now).slice(-PAST);
  return (
    <PanelPart
      title={<Trans>Visits</Trans>}
      action={
        <Link to="/appointments" className={style['link']}>
          <Trans>Appointments</Trans>
        </Link>
      }
    >
      {coming.length === 0 && (
        <p className={style['quiet']}>{past.length === 0 ? t`None.` : t`None to come.`}</p>
      )}
      <ul className={style['plain']}>
        {[...coming, ...past.toReversed()].map((visit) => (
          <VisitLine key={visit.appointment.id} visit={visit} />
        ))}
      </ul>
    </PanelPart>
  );
}

function VisitLine({ visit: { appointment } }: { readonly visit: Visit }) {
  const { locale } = useTimeFrame();
  const { service, practitioner, start, timeZone } = appointment;
  return (
    <li>
      <span className={style['line']}>
        <span>{tableTime(start, { locale, timeZone })}</span>
        <StandingMark visit={appointment} />
      </span>
      <span className={style['quiet']}>{joinWords([service.text, practitioner?.text])}</span>
    </li>
  );
}
