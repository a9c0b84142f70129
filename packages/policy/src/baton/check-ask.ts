import { isId, type MemberId, ok, type OwnerId, type Result, type TimestampMs } from '@baton/kernel';
import { type EnvelopeHeader, MAX_ESCALATION_BOXES } from '@baton/wire';
import { deny, type PolicyError } from '../policy-error.ts';
import type { AskContract, BatonFacts } from './baton-state.ts';
import { planSteps } from './plan-steps.ts';

export interface AskRecipients {
  readonly to: readonly OwnerId[];
  readonly contract: AskContract;
  /** When it is asked: decides the unit of a person. */
  readonly at: TimestampMs;
}

/**
 * Whom a sender boxes a message to: the owners (queues by their default owner), the targets of their ladders, the supervisor last. Those
 * without a key are left out, the supervisor never. Those on duty then who could not open the box of the one they stand in for are among them
 * with `standIns`. Where it would be more than a header lists, owners and supervisor come first.
 */
export function ladderRecipients(
  ask: AskRecipients,
  facts: BatonFacts,
  { standIns = true }: { readonly standIns?: boolean } = {},
): MemberId[] {
  const supervisor = facts.supervisor();
  const members = new Set<MemberId>();
  for (const owner of ask.to) add(members, facts.memberOf(owner), facts);
  for (const owner of ask.to) for (const target of targetsOf(owner, ask, facts)) add(members, target, facts);
  if (standIns) addStandIns(members, ask.to, { facts, atMs: ask.at });
  members.delete(supervisor);
  return [...[...members].slice(0, MAX_ESCALATION_BOXES - 1), supervisor];
}

function add(members: Set<MemberId>, member: MemberId | null, facts: BatonFacts): void {
  if (member !== null && facts.boxKeyGen(member) !== null) members.add(member);
}

function targetsOf(owner: OwnerId, { contract, at }: AskRecipients, facts: BatonFacts): MemberId[] {
  const subject = { owner, contract, unit: facts.unitOf(owner, at), clockFrom: 0, deadline: 0 };
  return planSteps(subject, facts).map(({ target }) => target);
}

function addStandIns(
  members: Set<MemberId>,
  owners: readonly OwnerId[],
  { facts, atMs }: { facts: BatonFacts; atMs: TimestampMs },
): void {
  const boxed = [...members, facts.supervisor()];
  for (const owner of [...owners, ...boxed])
    for (const holder of facts.holders(owner, atMs))
      if (!boxed.some((member) => facts.opens(holder, member))) add(members, holder, facts);
}

/** What patients may ask for, and the shortest time that they may give. */
const PATIENT_CONTRACTS: ReadonlySet<EnvelopeHeader['class']['contract']> = new Set(['reply', 'stat']);
const MIN_PATIENT_WITHIN_MS = 60_000;
/** Who answers, and who helps at once. */
const MAX_PATIENT_OWNERS = 2;

export interface Asker {
  readonly kind: 'user' | 'agent' | 'patient';
  /** Commit time, or now. */
  readonly atMs: TimestampMs;
}

/**
 * Whether a message that asks for something can be kept to it: owners in use, a supervisor named, and boxes at the newest keys for everybody of
 * `ladderRecipients` at that moment. `baton.escalation` means: seal again with the newest records.
 *
 * Patients have no records, and agents may have older ones: boxes that are missing are no refusal to them, since any member's device makes
 * late ones. Patients ask roles and queues, never persons, for an answer or for help at once (docs/protocol/patients.md §5).
 */
export function checkAsk(header: EnvelopeHeader, facts: BatonFacts, asker: Asker): Result<null, PolicyError> {
  const { kind, contract, to, withinMs } = header.class;
  if (contract === 'fyi') {
    if (to.length > 0 || withinMs !== null) return deny('baton.owner', 'class.to');
    return header.escalation === null ? ok(null) : deny('baton.escalation', 'escalation');
  }
  if (kind !== 'message') return deny('policy.kind', 'class.contract');
  if (!facts.hasSupervisor()) return deny('duty.no_supervisor', 'class.contract');
  if (to.length === 0 || withinMs === null || new Set(to).size !== to.length)
    return deny('baton.owner', 'class.to');
  for (const [index, owner] of to.entries())
    if (!facts.isOwner(owner)) return deny('baton.owner', `class.to.${index}`);
  if (asker.kind === 'patient') {
    const asked = checkPatientAsk(header, withinMs);
    if (!asked.ok) return asked;
  }
  const required =
    asker.kind === 'user'
      ? ladderRecipients({ to, contract, at: asker.atMs }, facts, { standIns: false })
      : [];
  return checkBoxes(header, required, facts);
}

function checkPatientAsk(header: EnvelopeHeader, withinMs: number): Result<null, PolicyError> {
  const { contract, to } = header.class;
  if (!PATIENT_CONTRACTS.has(contract)) return deny('policy.forbidden', 'class.contract');
  if (to.length > MAX_PATIENT_OWNERS) return deny('baton.owner', 'class.to');
  const person = to.findIndex((owner) => isId('account', owner));
  if (person >= 0) return deny('baton.owner', `class.to.${person}`);
  if (withinMs < MIN_PATIENT_WITHIN_MS) return deny('policy.forbidden', 'class.withinMs');
  const boxed = (header.escalation?.boxes ?? []).findIndex((box) => !isId('role', box.to));
  return boxed >= 0 ? deny('baton.escalation', `escalation.boxes.${boxed}`) : ok(null);
}

function checkBoxes(
  header: EnvelopeHeader,
  required: readonly MemberId[],
  facts: BatonFacts,
): Result<null, PolicyError> {
  const boxes = header.escalation?.boxes ?? [];
  const boxed = new Set<MemberId>();
  for (const [index, { to, g }] of boxes.entries()) {
    // One made for a key that has been replaced would open for somebody who has left.
    if (boxed.has(to) || facts.boxKeyGen(to) !== g)
      return deny('baton.escalation', `escalation.boxes.${index}`);
    if (!isId('role', to) && !facts.isActive(to))
      return deny('baton.escalation', `escalation.boxes.${index}`);
    boxed.add(to);
  }
  const missing = required.find((member) => !boxed.has(member));
  return missing === undefined ? ok(null) : deny('baton.escalation', 'escalation.boxes');
}
