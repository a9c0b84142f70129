import type { AccountId, EventId, TimestampMs } from '@baton/kernel';
import { type AccountView, findAccount, type KeyLogState, listInvitations } from '@baton/ledger';
import type { Consent, ConsentPurpose, OptOut, Reach } from '@baton/wire';
import type { Chart, ChartPerson } from '../api/care.ts';
import type { ConversationRow } from '../tables/records.ts';
import type { PatientLinks } from './care-ports.ts';
import { isOver } from './is-over.ts';

export type ChartData = Omit<Chart, 'consentFor'>;

/** Newest consent for the purpose that nobody has revoked, for this number or for any. Pure. */
export function findConsent(
  consents: readonly Consent[],
  purpose: ConsentPurpose,
  phone: string | null,
): Consent | null {
  return (
    consents.find(
      (consent) =>
        consent.purpose === purpose &&
        consent.revoked === null &&
        (consent.phone === null || consent.phone === phone),
    ) ?? null
  );
}

/** Where texts to a patient go: the first mobile number. */
export function textNumberOf(reach: Reach | null): string | null {
  return reach?.phones.find(({ use }) => use === 'mobile')?.number ?? null;
}

export function findOptOut(reach: Reach | null, find: (number: string) => OptOut | null): OptOut | null {
  const number = textNumberOf(reach);
  const found = number === null ? null : find(number);
  return found?.out ? found : null;
}

export interface CircleInput {
  readonly reach: Reach;
  readonly keyLog: KeyLogState;
  /** Conversations of the patient that are here. */
  readonly rows: readonly ConversationRow[];
  readonly links: Pick<PatientLinks, 'find'>;
  readonly keysChangedAt: (account: AccountId) => TimestampMs | null;
  readonly consentOf: (id: EventId) => Consent | null;
  readonly nowMs: TimestampMs;
}

/** Who writes for a patient, and how far each has come. Somebody whose right is over is shown as ended, whether or not anybody took them out yet. */
export function viewCircle(input: CircleInput): readonly ChartPerson[] {
  const { reach, keyLog, rows, links, consentOf, nowMs } = input;
  return reach.people.map((person) => {
    const view = findAccount(keyLog, person.account);
    const link = person.invitation === null ? null : links.find(person.invitation);
    const open = openInvitation(keyLog, person.account);
    const conversations = rows
      .filter(({ members }) => members.includes(person.account))
      .map(({ conv }) => conv);
    const isEnded = isOver(person, { nowMs, consentOf });
    const invited = stateOfInvitation({ open, link, nowMs });
    const isJoined = hasJoined(view) && conversations.length > 0;
    const state = isEnded ? 'ended' : (invited ?? (isJoined ? 'joined' : 'ended'));
    return {
      account: person.account,
      relation: person.relation,
      name: person.name,
      until: person.until,
      state,
      triesLeft: invited === null || isEnded ? null : (link?.triesLeft ?? null),
      secondClaim: link?.secondClaim ?? false,
      keysChangedAt: input.keysChangedAt(person.account),
      conversations,
    };
  });
}

function openInvitation(keyLog: KeyLogState, account: AccountId) {
  const newest = listInvitations(keyLog).findLast(({ statement }) => statement.account === account);
  return newest && newest.claimedAt === null ? newest.statement : null;
}

function stateOfInvitation(of: {
  readonly open: { readonly notAfter: TimestampMs } | null;
  readonly link: { readonly triesLeft: number } | null;
  readonly nowMs: TimestampMs;
}): 'invited' | 'expired' | 'locked' | null {
  if (of.open === null) return null;
  if (of.link?.triesLeft === 0) return 'locked';
  return of.open.notAfter <= of.nowMs ? 'expired' : 'invited';
}

function hasJoined(view: AccountView | null): boolean {
  return view?.claimed === true && view.active;
}
