import type { OwnerId, TimestampMs } from '@baton/kernel';
import { nudgeText } from './alert-text.ts';
import type { Draft } from './draft.ts';

/** After so many, once a day. */
const CLOSE_NUDGES = 3;
const DAY_MS = 24 * 3_600_000;
/** So many notes of one alert are remembered; an older one is ended when a newer one takes its place. */
const MOST_NOTES = 60;

type Followed = Draft['track']['alerts'][number];

/**
 * The clock of an alert runs until somebody has spoken to the patient: after the time to call back staff are asked again, and again. After the end of the
 * enrolment at the alert's own pace only; nobody is left to look after it each day.
 */
export function followUp(draft: Draft): void {
  const { view, track } = draft;
  for (const followed of [...track.alerts]) {
    const alert = view.alerts.get(followed.id);
    // Written with the decision that raised it; not here yet.
    if (alert === undefined) continue;
    if (alert.act !== null && alert.act.doneAt !== null) {
      track.alerts = track.alerts.filter((one) => one !== followed);
      const messages = alert.message === null ? followed.nudges : [alert.message, ...followed.nudges];
      draft.do({ t: 'close-asks', messages, first: firstOf(draft, followed) });
      continue;
    }
    const due = nudgeAt(draft, followed);
    if (due === null || view.nowMs < due) continue;
    const id = view.newId('message');
    const all = [...followed.nudges, id];
    const over = all.slice(0, -MOST_NOTES);
    if (over.length > 0) draft.do({ t: 'close-asks', messages: over, first: firstOf(draft, followed) });
    const nudged = followed.nudged + 1;
    // From now on: what an outage left out is not made up for.
    const nudgeFrom = view.nowMs + (nudged <= CLOSE_NUDGES ? followed.everyMs : DAY_MS);
    const next = { ...followed, nudges: all.slice(-MOST_NOTES), nudged, nudgeFrom };
    track.alerts = track.alerts.map((one) => (one === followed ? next : one));
    draft.touch();
    draft.do({
      t: 'ask',
      id,
      // An amber that nobody saw to the first time becomes a matter of now.
      contract: followed.band === 'red' || followed.nudged > 0 ? 'stat' : 'reply',
      text: nudgeText(view, alert),
      first: firstOf(draft, followed),
      withinMs: null,
      alert: null,
    });
  }
}

export function nextFollowUp(draft: Draft): TimestampMs | null {
  const times = draft.track.alerts.map((followed) => nudgeAt(draft, followed));
  const known = times.filter((time): time is TimestampMs => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** Who was asked first, and is asked again. */
function firstOf({ view }: Draft, { owner }: Followed): OwnerId | null {
  return owner ?? view.enrolment.askTo;
}

/** null: nobody is asked again. */
function nudgeAt({ view }: Draft, { callBackBy, nudgeFrom, nudged }: Followed): TimestampMs | null {
  return view.enrolment.state === 'ended' && nudged > CLOSE_NUDGES ? null : (nudgeFrom ?? callBackBy);
}
