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

/**
 * Whether a message that asks for something can be kept to it: owners in use, a supervisor named, and boxes at the newest keys for everybody of
 * `ladderRecipients` at that moment. `baton.escalation` means: seal again with the newest records.
 */
export function checkAsk(
  header: EnvelopeHeader,
  facts: BatonFacts,
  atMs: TimestampMs,
): Result<null, PolicyError> {
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
  return checkBoxes(header, ladderRecipients({ to, contract, at: atMs }, facts, { standIns: false }), facts);
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
