import { isTimeZone, type TimestampMs } from '@baton/kernel';
import type { CheckInAlert } from '@baton/wire';
import type { View } from './view.ts';

/** Longest piece of a message that the note for staff repeats. */
const QUOTE_LENGTH = 600;

/** What staff read in the sidebar: the reason, the words, the line of the protocol, whom to call and until when. */
export function alertText(
  view: View,
  { value, to, quote }: { readonly value: CheckInAlert; readonly to: string; readonly quote: string | null },
): string {
  const { id, version } = view.enrolment.protocol;
  const phone = view.reach.phones.find(({ use }) => use === 'mobile') ?? view.reach.phones[0];
  const lines = [
    `Check-in, ${value.band}: ${value.reason}`,
    quote === null || quote === '' ? null : `“${shorten(quote)}”`,
    `Protocol line: ${value.line} (${id}, version ${version}).`,
    `For: ${to}. Call, see by video or see the patient by ${timeWords(value.callBackBy, view.practice.timeZone)}, and note what was done.`,
    phone ? `Patient’s phone: ${phone.number}` : null,
  ];
  return lines.filter((line) => line !== null).join('\n');
}

export function nudgeText(view: View, alert: CheckInAlert): string {
  const chosen = alert.act === null ? 'Nobody has chosen what to do' : 'What was chosen is not noted as done';
  return [
    `The time to call back was ${timeWords(alert.callBackBy, view.practice.timeZone)}. ${chosen}.`,
    `Check-in, ${alert.band}: ${alert.reason}`,
    `Protocol line: ${alert.line}`,
  ].join('\n');
}

function timeWords(atMs: TimestampMs, timeZone: string): string {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: isTimeZone(timeZone) ? timeZone : 'UTC',
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(atMs);
}

function shorten(text: string): string {
  return text.length <= QUOTE_LENGTH ? text : `${text.slice(0, QUOTE_LENGTH)} …`;
}
