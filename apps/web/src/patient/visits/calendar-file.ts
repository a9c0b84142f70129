import type { TimestampMs } from '@baton/kernel';
import type { ShownVisit } from './visit-list.ts';

/** One visit for the phone's own calendar (RFC 5545). `uid` stays the same for every version of a visit, so that a moved one replaces itself. */
export function calendarFile(
  { visit, at }: Pick<ShownVisit, 'visit' | 'at'>,
  made: {
    readonly uid: string;
    readonly nowMs: TimestampMs;
    readonly practice: string;
    readonly phone: string;
  },
): string {
  const where = [visit.place, made.practice].filter((part) => part !== null && part !== '').join(', ');
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Baton//Visits//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    `UID:${made.uid}`,
    `DTSTAMP:${stamp(made.nowMs)}`,
    // Counts up with each version.
    `SEQUENCE:${Math.floor(at / 1000) % 2_000_000_000}`,
    `DTSTART:${stamp(visit.start)}`,
    `DTEND:${stamp(visit.end)}`,
    `SUMMARY:${escape(visit.title)}`,
    ...(where === '' ? [] : [`LOCATION:${escape(where)}`]),
    ...(made.phone === '' ? [] : [`DESCRIPTION:${escape(`${made.practice}, ${made.phone}`)}`]),
    `STATUS:${visit.state === 'cancelled' ? 'CANCELLED' : visit.state === 'confirmed' ? 'CONFIRMED' : 'TENTATIVE'}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

/** The same for the same visit on every phone, and nothing of the visit can be read from it. */
export async function calendarUid(conversation: string, about: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${conversation}\0${about}`));
  const hex = [...new Uint8Array(digest, 0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex}@baton`;
}

/** `20261124T193000Z`: an instant, whatever zone the phone is in. */
function stamp(at: TimestampMs): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function escape(text: string): string {
  return text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\r\n|\r|\n/g, '\\n');
}

/** Lines of at most 75 octets; what goes on begins with a space (§3.1). Never within a character. */
function fold(line: string): string {
  const encoder = new TextEncoder();
  let folded = '';
  let length = 0;
  for (const sign of line) {
    const octets = encoder.encode(sign).length;
    if (length + octets > 75) {
      folded += '\r\n ';
      length = 1;
    }
    folded += sign;
    length += octets;
  }
  return folded;
}
