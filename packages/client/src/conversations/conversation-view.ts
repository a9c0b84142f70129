import { type AccountId, isId, type MemberId, type TimestampMs } from '@baton/kernel';
import { findCustodian, type KeyLogState } from '@baton/ledger';
import {
  type Actor,
  hasJob,
  MEMBERSHIP_TABLE,
  STAFF_JOBS,
  CLINICAL_JOBS,
  CHARGE_JOBS,
  ADMIN_JOBS,
} from '@baton/policy';
import { sentenceOf } from '@baton/wire';
import type { Blocked, ConversationSummary, Readers } from '../api/conversations.ts';
import type { Member, Person, Role } from '../api/directory.ts';
import type { MembershipLog } from '../membership/membership-log.ts';
import type { ConversationRow } from '../tables/records.ts';
import type { Names } from '../timeline/fold.ts';

/** Kinds that the inbox lists. */
const LISTED = new Set<ConversationRow['kind']>([
  'direct',
  'group',
  'patient',
  'sidebar',
  'queue',
  'referral',
]);

export interface ViewInput {
  readonly row: ConversationRow;
  readonly me: AccountId;
  readonly names: Names;
  readonly draft: string | null;
  /** How this account calls it, whatever it says of itself; null: by its subject or members. */
  readonly title?: string | null;
}

/** Whether the account reads it now, in person or through a role that it holds. */
export function isListed({ row, me, names }: Omit<ViewInput, 'draft' | 'title'>): boolean {
  if (!LISTED.has(row.kind) || row.left) return false;
  return row.members.some((id) => id === me || (isId('role', id) && names.role(id)?.heldByMe === true));
}

/** Kinds that staff have in the shared inbox of patients, and not among their own threads. */
const OF_CARE: ReadonlySet<ConversationRow['kind']> = new Set(['patient', 'sidebar', 'queue']);

/** Staff's list has staff's threads; assistants and patients see all that they are in. */
export function isInListOf(me: Person, row: Pick<ConversationRow, 'kind'>): boolean {
  return me.kind !== 'person' || !OF_CARE.has(row.kind);
}

/** Latest message in one line. */
export function previewOf(
  { last }: Pick<ConversationRow, 'last'>,
  me: AccountId,
  names: Pick<Names, 'person'>,
): ConversationSummary['preview'] {
  return last && { author: names.person(last.author).name, text: last.text, mine: last.author === me };
}

export function summarise(input: ViewInput): ConversationSummary {
  const { row, me, names } = input;
  const members = row.members.flatMap((id) => names.member(id) ?? []);
  return {
    id: row.conv,
    kind: row.kind,
    title: input.title ?? titleOf(row, members, me),
    members,
    lastAt: row.lastAt,
    preview: previewOf(row, me, names),
    unread: row.unread,
    draft: input.draft,
    closed: row.closed,
    blocked: blockedOf(row, members, me),
  };
}

function titleOf(row: ConversationRow, members: readonly Member[], me: AccountId): string {
  if (row.title) return row.title.text;
  const others = members.filter((member) => member.id !== me);
  if (others.length === 0) return members[0]?.name ?? '';
  return others.map((member) => member.name).join(', ');
}

/** A member without a confirmed key gets none, and so nobody writes until that is settled. */
export function blockedOf(row: ConversationRow, members: readonly Member[], me: AccountId): Blocked | null {
  if (row.frozen) return { code: row.frozen.code, sentence: sentenceOf(row.frozen.code), members: [] };
  if (row.closed) return { code: 'policy.closed', sentence: sentenceOf('policy.closed'), members: [] };
  const unverified = members.filter(
    (member) => member.kind !== 'role' && member.id !== me && member.active && !member.verified,
  );
  if (unverified.length === 0) return null;
  const names = unverified.map((member) => member.name).join(', ');
  const sentence = `${names} cannot get keys yet, so nothing is sent here. It goes out by itself when that is settled.`;
  return { code: 'ledger.unknown_signer', sentence, members: unverified };
}

export function listReaders(input: {
  readonly log: MembershipLog;
  readonly keyLog: KeyLogState;
  readonly names: Names;
  readonly me: Person;
}): Readers {
  const { log, names, me } = input;
  const { state } = log;
  const people: Readers['people'][number][] = [];
  const roles: Role[] = [];
  const agents: Readers['agents'][number][] = [];
  const listed = new Set<AccountId>();
  const add = (person: Person, via: Role | null, hist: boolean): void => {
    if (person.kind === 'agent') agents.push({ ...person, since: admittedAt(log, person.id) });
    else people.push({ person, via, sees: hist ? 'all' : 'from-joining' });
    listed.add(person.id);
  };
  for (const [id, member] of state.members) if (isId('account', id)) add(names.person(id), null, member.hist);
  for (const [id, member] of state.members) {
    const role = isId('role', id) ? names.role(id) : null;
    if (!role) continue;
    roles.push(role);
    for (const holder of role.holders) if (!listed.has(holder.id)) add(holder, role, member.hist);
  }
  const custodian = findCustodian(input.keyLog)?.statement ?? null;
  return {
    people,
    roles,
    agents,
    custodian: custodian && { threshold: custodian.threshold, shares: custodian.shares },
    sentence: { people: people.length, agents: agents.length },
    generation: state.gen,
    ...rightsOf(log, me),
  };
}

function admittedAt({ rows }: MembershipLog, agent: AccountId): TimestampMs | null {
  return rows.findLast(({ entry: { op } }) => op.op === 'agent-grant' && op.agent === agent)?.ts ?? null;
}

/** For hiding what would be refused anyway; the rules themselves decide when it is tried. */
function rightsOf(log: MembershipLog, me: Person): { canAdd: boolean; canRemove: readonly MemberId[] } {
  const { state } = log;
  const rules = MEMBERSHIP_TABLE[state.kind];
  const own = state.members.get(me.id);
  const personal = new Set<string>();
  if (hasJob(me.jobs, STAFF_JOBS)) personal.add('staff');
  if (hasJob(me.jobs, CLINICAL_JOBS)) personal.add('clinical');
  if (hasJob(me.jobs, ['front-desk'])) personal.add('front-desk');
  if (hasJob(me.jobs, CHARGE_JOBS)) personal.add('charge');
  if (hasJob(me.jobs, ADMIN_JOBS)) personal.add('admin');
  if (own) personal.add('holder');
  if (own?.standing === 'owner') personal.add('owner');
  if (state.policy.openInvite) personal.add('open');
  const has = (rights: readonly string[] | undefined): boolean =>
    (rights ?? []).some((right) => personal.has(right));
  const canRemove = [...state.members].flatMap(([id, member]) => {
    if (id === me.id) return rules.leave ? [id] : [];
    const byAdder = (rules.rights.remove ?? []).includes('adder') && member.addedBy === me.id;
    return has(rules.rights.remove) || byAdder ? [id] : [];
  });
  return { canAdd: state.closed === null && has(rules.rights.add), canRemove };
}

export function actorOf(person: Person): Actor {
  const kind = person.kind === 'person' ? 'user' : person.kind;
  return { kind, active: person.active, jobs: person.jobs };
}
