import type {
  CheckInAlert,
  Consent,
  Enrolment,
  OptOut,
  Reach,
  Regimen,
  SignOff,
  TextOrder,
} from '@baton/wire';
import { authorCan, type OrgValue, type ValueAuthor } from './value-author.ts';
import { mayDeleteValue, mayWriteValue } from './value-writers.ts';

/** What stood under the key, and whether what it says of who did something was seen to be so. */
export interface ValueBefore {
  readonly value: OrgValue;
  readonly firm: boolean;
}

export interface ValuePut {
  /** null: deleted. */
  readonly value: OrgValue | null;
  readonly author: ValueAuthor;
  /** null: nothing stood there; `unknown`: this reader does not have what stood there. */
  readonly before: ValueBefore | null | 'unknown';
}

/**
 * `firm`: whatever the value says of who did something (gave, ordered, confirmed, signed) was written by that person, in this put or in one before it
 * that this reader has seen. `refused`: which part is not this author's to write.
 */
export type ValueVerdict = { readonly firm: boolean } | { readonly refused: string };

const FIRM: ValueVerdict = { firm: true };
const OPEN: ValueVerdict = { firm: false };

/**
 * What a put may change (docs/protocol/patients.md §3). A field that names who did something is written by that account and by nobody for it; what it said
 * before stays. A reader who does not know what stood before checks what can be seen from the put alone, and holds the rest for open.
 */
export function judgeValue(put: ValuePut): ValueVerdict {
  const { value, author, before } = put;
  if (value === null) {
    if (before === null || before === 'unknown') return FIRM;
    return mayDeleteValue(before.value.t, author) ? FIRM : refuse('value');
  }
  if (!mayWriteValue(value.t, author)) return refuse('value');
  const known = before === 'unknown' ? 'unknown' : sameKind(value, before);
  switch (value.t) {
    case 'reach':
      return judgeReach(value, author, known as Known<Reach>);
    case 'consent':
      return judgeConsent(value, author, known as Known<Consent>);
    case 'optout':
      // A number is let in again by its own START, which the texting assistant writes down.
      return author.kind === 'user' && !value.out ? refuse('optout.out') : judgeOwn(value, author);
    case 'sign-off':
      return judgeOwn(value, author);
    case 'order':
      return judgeOrder(value, author, known as Known<TextOrder>);
    case 'enrolment':
      return judgeEnrolment(value, author, known as Known<Enrolment>);
    case 'alert':
      return judgeAlert(value, author, known as Known<CheckInAlert>);
    default:
      return FIRM;
  }
}

/** Whether a regimen is confirmed by its author, with the right to: no dose is named by any other. */
function isConfirmedBy(regimen: Regimen, author: ValueAuthor): boolean {
  return regimen.confirmedBy === author.account && authorCan(author, CONFIRMS);
}

const CONFIRMS = 'regimen.confirm';

interface KnownValue<T> {
  readonly value: T;
  readonly firm: boolean;
}
type Known<T> = KnownValue<T> | null | 'unknown';

function refuse(at: string): ValueVerdict {
  return { refused: at };
}

function sameKind(value: OrgValue, before: ValueBefore | null): Known<OrgValue> {
  return before?.value.t === value.t ? before : null;
}

/** Values of a codec have their fields in one order. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A feed's only word on how a patient is reached is that nobody is to be written to any more. */
function judgeReach(value: Reach, author: ValueAuthor, known: Known<Reach>): ValueVerdict {
  if (author.kind === 'user') return FIRM;
  if (!value.deceased || known === null) return refuse('reach');
  if (known === 'unknown') return OPEN;
  return isSame({ ...known.value, deceased: true }, value) ? { firm: known.firm } : refuse('reach');
}

function judgeConsent(value: Consent, author: ValueAuthor, known: Known<Consent>): ValueVerdict {
  const by = author.account;
  // The texting assistant ends consents and makes none; the check-in assistant writes down a yes to check-ins.
  if (author.program === 'sms' && (value.revoked === null || known === null)) return refuse('consent.given');
  if (author.program === 'check-ins' && (value.purpose !== 'check-ins' || value.revoked !== null))
    return refuse('consent.purpose');
  if (known === 'unknown') {
    if (value.revoked === null) return value.given.by === by ? FIRM : refuse('consent.given.by');
    return value.revoked.by === by ? OPEN : refuse('consent.revoked.by');
  }
  if (known !== null) {
    const { revoked: before, ...given } = known.value;
    const { revoked: now, ...same } = value;
    if (!isSame(given, same)) return refuse('consent.given');
    if (isSame(before, now)) return { firm: known.firm };
    return before === null && now?.by === by ? { firm: known.firm } : refuse('consent.revoked');
  }
  if (value.revoked !== null && value.revoked.by !== by) return refuse('consent.revoked.by');
  return value.given.by === by ? FIRM : refuse('consent.given.by');
}

function judgeOwn(value: OptOut | SignOff, author: ValueAuthor): ValueVerdict {
  return value.by === author.account ? FIRM : refuse(`${value.t}.by`);
}

/** The texting assistant says what became of an order; what is ordered is the word of who ordered it. */
function judgeOrder(value: TextOrder, author: ValueAuthor, known: Known<TextOrder>): ValueVerdict {
  if (author.kind === 'agent') {
    if (known === 'unknown') return OPEN;
    if (known === null) return refuse('order');
    return isSame(orderedIn(known.value), orderedIn(value)) ? { firm: known.firm } : refuse('order');
  }
  if (value.by !== author.account) return refuse('order.by');
  const { urgentBy } = value;
  const isUrgentByAuthor = urgentBy === author.account && authorCan(author, 'protocol.sign.clinician');
  return urgentBy === null || isUrgentByAuthor ? FIRM : refuse('order.urgentBy');
}

function orderedIn({ id, ref, to, language, purpose, text, urgentBy, createdAt, notAfter, by }: TextOrder) {
  return { id, ref, to, language, purpose, text, urgentBy, createdAt, notAfter, by };
}

function judgeEnrolment(value: Enrolment, author: ValueAuthor, known: Known<Enrolment>): ValueVerdict {
  const { regimen } = value;
  const isOwn = regimen === null || regimen.confirmedBy === author.account;
  const isProven = regimen === null || isConfirmedBy(regimen, author);
  if (known === 'unknown') return { firm: isProven };
  if (known === null) {
    if (author.kind === 'agent') return refuse('enrolment');
    if (value.by !== author.account) return refuse('enrolment.by');
    return isOwn ? { firm: isProven } : refuse('enrolment.regimen.confirmedBy');
  }
  const { by, createdAt, ref } = known.value;
  if (!isSame({ by, createdAt, ref }, { by: value.by, createdAt: value.createdAt, ref: value.ref }))
    return refuse('enrolment.by');
  if (isSame(known.value.regimen, regimen)) return { firm: known.firm || isProven };
  if (author.kind === 'agent') return refuse('enrolment.regimen');
  return isOwn ? { firm: isProven } : refuse('enrolment.regimen.confirmedBy');
}

/** What was found is the assistant's word; what is done about it is a person's, about a red one a clinician's. */
function judgeAlert(value: CheckInAlert, author: ValueAuthor, known: Known<CheckInAlert>): ValueVerdict {
  const { act } = value;
  const isOwn = act === null || act.by === author.account;
  const mayAct = author.kind === 'agent' || value.band !== 'red' || authorCan(author, 'alert.act.red');
  if (known === 'unknown') {
    if (act === null) return FIRM;
    if (!isOwn) return OPEN;
    return mayAct ? FIRM : refuse('alert.act');
  }
  if (author.kind === 'user' && known !== null && !isSame(foundIn(known.value), foundIn(value)))
    return refuse('alert');
  const before = known?.value.act ?? null;
  if (!isSame(before, act) && !mayAct) return refuse('alert.act');
  if (isSame(chosenIn(before), chosenIn(act))) return { firm: known?.firm ?? true };
  return isOwn && act !== null ? FIRM : refuse('alert.act.by');
}

function foundIn(alert: CheckInAlert) {
  return { ...alert, act: null, nurseSays: null };
}

/** Who chose what: `doneAt` and the visit are added by whoever did it. */
function chosenIn(act: CheckInAlert['act']) {
  return act && { way: act.way, by: act.by, chosenAt: act.chosenAt, note: act.note };
}
