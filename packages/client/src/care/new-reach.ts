import type { PatientRecord, Reach, TextingSettings } from '@baton/wire';
import { practitionersOf } from './routing.ts';
import { isDeceased } from './thread-view.ts';

type Phone = Reach['phones'][number];

/** How a patient is reached, as far as the registry says. Texts go only where a number is said to be mobile. Pure. */
export function newReach(
  ref: string,
  record: PatientRecord | null,
  settings: Pick<TextingSettings, 'timeZone'>,
): Reach {
  const phones = phonesOf(record);
  const given = (record?.given ?? []).map((name) => name.slice(0, 100)).filter((name) => name !== '');
  const name = [...given, record?.family ?? ''].filter((part) => part !== '').join(' ');
  return {
    t: 'reach',
    ref,
    name: (name || ref).slice(0, 200),
    given: given.slice(0, 10),
    birthDate: record?.birthDate ?? null,
    conversation: null,
    sidebar: null,
    confidential: null,
    phones,
    emails: emailsOf(record),
    channel: phones.some(({ use }) => use === 'mobile') ? 'link' : 'none',
    language: record?.language?.toLowerCase().startsWith('es') ? 'es' : 'en',
    timeZone: settings.timeZone,
    doNotContact: false,
    deceased: isDeceased(record),
    practitioners: practitionersOf(record),
    people: [],
  };
}

function phonesOf(record: PatientRecord | null): Phone[] {
  const phones: Phone[] = [];
  for (const { system, value, use } of record?.telecom ?? []) {
    const number = system === 'phone' || system === 'sms' ? toE164(value) : null;
    if (number === null || phones.some((known) => known.number === number)) continue;
    const isMobile = system === 'sms' || use === 'mobile';
    phones.push({ number, use: isMobile ? 'mobile' : use === 'work' ? 'work' : 'home' });
  }
  return phones.slice(0, 6);
}

function emailsOf(record: PatientRecord | null): string[] {
  const emails = (record?.telecom ?? [])
    .filter(({ system, value }) => system === 'email' && /^\S+@\S+$/.test(value))
    .map(({ value }) => value);
  return [...new Set(emails)].slice(0, 4);
}

/** Ten digits are a number of the North American plan; what is no number of any plan is left out. */
export function toE164(text: string): string | null {
  const digits = text.replaceAll(/\D/g, '');
  const number = text.trim().startsWith('+')
    ? `+${digits}`
    : digits.length === 10
      ? `+1${digits}`
      : digits.length === 11 && digits.startsWith('1')
        ? `+${digits}`
        : '';
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : null;
}
