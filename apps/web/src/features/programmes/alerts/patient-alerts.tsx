import { isOpenAlert } from '@baton/client';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { STATE_NAMES } from '../words.ts';
import { AlertCard } from './alert-card.tsx';
import style from './alerts.module.css';

/** A done alert is asked about for so long. */
const ASKED_ABOUT_MS = 3 * 86_400_000;

/** Alerts of a patient that want something of somebody, and the programmes that the patient is on. For the team notes and the patient panel. */
export function PatientAlerts({ patient }: { readonly patient: string }) {
  const { programmes } = useSession();
  const { available, established } = useLive(programmes.state);
  return available && established ? <Alerts patient={patient} /> : null;
}

function Alerts({ patient }: { readonly patient: string }) {
  const { t, i18n } = useLingui();
  const { programmes } = useSession();
  const lines = useLive(programmes.of(patient));
  const protocols = useLive(programmes.protocols);
  const now = useNow(60_000);
  const alerts = lines
    .flatMap((line) => line.alerts)
    .filter(
      (alert) =>
        isOpenAlert(alert) || (alert.nurseSays === null && (alert.act?.doneAt ?? 0) > now - ASKED_ABOUT_MS),
    )
    .sort(
      (a, b) =>
        Number(isOpenAlert(b)) - Number(isOpenAlert(a)) ||
        Number(b.band === 'red') - Number(a.band === 'red') ||
        a.callBackBy - b.callBackBy,
    );
  const running = lines.filter(({ enrolment }) => enrolment.state !== 'ended');
  if (alerts.length === 0 && running.length === 0) return null;
  const count = alerts.filter(isOpenAlert).length;
  return (
    <section className={style['alerts']} aria-label={t`Check-ins`}>
      {running.map(({ enrolment }) => (
        <p key={enrolment.id} className={style['on']}>
          <Link to="/programmes" hash={enrolment.id}>
            {protocols.find(({ version }) => version.id === enrolment.protocol.id)?.version.name ??
              enrolment.protocol.id}
          </Link>
          <span>{i18n._(STATE_NAMES[enrolment.state])}</span>
        </p>
      ))}
      {count > 0 && (
        <p className="sr-only" role="status">
          {t`${plural(count, { one: '# open alert', other: '# open alerts' })}`}
        </p>
      )}
      {alerts.map((alert) => (
        <AlertCard key={alert.id} alert={alert} />
      ))}
      {alerts.length === 0 && (
        <p className={style['line']}>
          <Trans>No open alerts.</Trans>
        </p>
      )}
    </section>
  );
}
