import type { TimestampMs } from '@baton/kernel';
import { nudgeText } from './alert-text.ts';
import type { Draft } from './draft.ts';

/** After so many, once a day: it never ends by itself. */
const CLOSE_NUDGES = 3;
const DAY_MS = 24 * 3_600_000;

type Followed = Draft['track']['alerts'][number];

/** The clock of an alert runs until somebody has spoken to the patient: after the time to call back staff are asked again, and again. */
export function followUp(draft: Draft): void {
  const { view, track } = draft;
  for (const followed of [...track.alerts]) {
    const alert = view.alerts.get(followed.id);
    // Written with the decision that raised it; not here yet.
    if (alert === undefined) continue;
    if (alert.act !== null && alert.act.doneAt !== null) {
      track.alerts = track.alerts.filter((one) => one !== followed);
      const messages = alert.message === null ? followed.nudges : [alert.message, ...followed.nudges];
      draft.do({ t: 'close-asks', messages, first: view.enrolment.askTo });
      continue;
    }
    if (view.nowMs < nudgeAt(followed)) continue;
    const id = view.newId('message');
    const nudges = [...followed.nudges, id].slice(-60);
    track.alerts = track.alerts.map((one) => (one === followed ? { ...followed, nudges } : one));
    draft.touch();
    draft.do({
      t: 'ask',
      id,
      // An amber that nobody saw to the first time becomes a matter of now.
      contract: followed.band === 'red' || followed.nudges.length > 0 ? 'stat' : 'reply',
      text: nudgeText(view, alert),
      first: view.enrolment.askTo,
      withinMs: null,
      alert: null,
    });
  }
}

export function nextFollowUp({ track }: Draft): TimestampMs | null {
  return track.alerts.length === 0 ? null : Math.min(...track.alerts.map(nudgeAt));
}

function nudgeAt({ callBackBy, everyMs, nudges }: Followed): TimestampMs {
  const close = Math.min(nudges.length, CLOSE_NUDGES);
  return callBackBy + close * everyMs + (nudges.length - close) * DAY_MS;
}
