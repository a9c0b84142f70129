import type { AccountId, OwnerId } from '@baton/kernel';
import type { AskContract } from '@baton/policy';
import { FIGURES, REPLY_SIGMA } from './figures.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Staff, Unit } from './staff.ts';

export interface SentMessage {
  readonly at: number;
  readonly from: AccountId;
  readonly contract: AskContract | 'fyi';
  /** Owners addressed; empty with `fyi`. */
  readonly to: readonly OwnerId[];
  /** Which conversation of the day it belongs to, and everybody in it. */
  readonly thread: number;
  readonly people: readonly AccountId[];
}

/** Where messages come from. */
export type Wards = Pick<Staff, 'units'>;

export interface TrafficSpan {
  readonly startMs: number;
  readonly days: number;
  /** 1: the published volume. */
  readonly scale: number;
  /** Share of messages that are not urgent; as published where left out. */
  readonly nonUrgent?: number;
}

export interface Traffic {
  readonly messages: readonly SentMessage[];
  readonly conversations: number;
  readonly betweenTwo: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Spread of conversation lengths: of half of them two messages, on average as published. */
const TURNS_SIGMA = Math.sqrt(2 * Math.log(FIGURES.messagesAConversation / FIGURES.medianTurns));

/** Messages of `days` days from local midnight at `startMs`, by time. `scale` 1 is the published volume. */
export function makeTraffic(staff: Wards, random: SeededRandom, span: TrafficSpan): Traffic {
  const messages: SentMessage[] = [];
  let conversations = 0;
  let betweenTwo = 0;
  for (let day = 0; day < span.days; day += 1) {
    const volume = random.between(FIGURES.messagesADay.least, FIGURES.messagesADay.most) * span.scale;
    for (let sent = 0; sent < volume; conversations += 1) {
      const isTwo = random.chance(FIGURES.betweenTwo);
      if (isTwo) betweenTwo += 1;
      const startMs = span.startMs + day * DAY_MS + timeOfDay(random);
      const nonUrgent = span.nonUrgent ?? FIGURES.nonUrgent;
      const made = makeConversation(staff, random, { startMs, isTwo, nonUrgent, thread: conversations });
      messages.push(...made.slice(0, Math.ceil(volume - sent)));
      sent += made.length;
    }
  }
  messages.sort((a, b) => a.at - b.at);
  return { messages, conversations, betweenTwo };
}

function timeOfDay(random: SeededRandom): number {
  if (random.chance(FIGURES.from8To18)) return random.between(8, 18) * HOUR_MS;
  const hour = random.between(0, 14);
  return (hour < 8 ? hour : hour + 10) * HOUR_MS;
}

function makeConversation(
  staff: Wards,
  random: SeededRandom,
  {
    startMs,
    isTwo,
    nonUrgent,
    thread,
  }: { startMs: number; isTwo: boolean; nonUrgent: number; thread: number },
): SentMessage[] {
  const unit = pickUnit(staff, random);
  const [first, second] = pickPair(unit, random);
  const others = isTwo ? [] : [random.pick(unit.people.nurse), random.pick(unit.people.other)];
  const turns = Math.max(1, Math.min(60, Math.round(random.lognormal(FIGURES.medianTurns, TURNS_SIGMA))));
  const messages: SentMessage[] = [];
  const people = [...new Set([first, second, ...others])];
  let at = startMs;
  for (let turn = 0; turn < turns; turn += 1) {
    const from = turn % 2 === 0 ? first : second;
    const to = turn % 2 === 0 ? second : first;
    messages.push({ at, from, thread, people, ...ask(unit, random, { to, others, nonUrgent }) });
    at += random.lognormal(FIGURES.medianReplyMs, REPLY_SIGMA);
  }
  return messages;
}

function pickUnit(staff: Wards, random: SeededRandom): Unit {
  const setting = random.chance(FIGURES.inpatientShare) ? 'inpatient' : 'outpatient';
  const units = staff.units.filter((unit) => unit.setting === setting);
  return random.pick(units.length > 0 ? units : staff.units);
}

/** The published pairs at their share; the rest as the mix of senders makes it. */
function pickPair(unit: Unit, random: SeededRandom): [AccountId, AccountId] {
  const { people } = unit;
  const one = random.next();
  if (unit.setting === 'inpatient') {
    const { nurseToPhysician, physicianToNurse } = FIGURES.inpatientPairs;
    if (one < nurseToPhysician) return [random.pick(people.nurse), random.pick(people.physician)];
    if (one < nurseToPhysician + physicianToNurse)
      return [random.pick(people.physician), random.pick(people.nurse)];
  } else {
    const { physicianToNurse, assistantToAssistant } = FIGURES.outpatientPairs;
    if (one < physicianToNurse) return [random.pick(people.physician), random.pick(people.nurse)];
    if (one < physicianToNurse + assistantToAssistant) return pickTwo(random, people.assistant);
  }
  const from = random.pick(people[random.weighted(FIGURES.senders)]);
  const rest = people[random.weighted(FIGURES.senders)].filter((id) => id !== from);
  return [from, random.pick(rest)];
}

function pickTwo(random: SeededRandom, from: readonly AccountId[]): [AccountId, AccountId] {
  const first = random.pick(from);
  return [first, random.pick(from.filter((id) => id !== first))];
}

/** What a message asks for: nothing in two of three, and of the rest most until later. Urgent ones mostly go to whoever is on call. */
function ask(
  unit: Unit,
  random: SeededRandom,
  {
    to,
    others,
    nonUrgent,
  }: { readonly to: AccountId; readonly others: readonly AccountId[]; readonly nonUrgent: number },
): Pick<SentMessage, 'contract' | 'to'> {
  const isUrgent = !random.chance(nonUrgent);
  if (!isUrgent && random.chance(FIGURES.nonActionable)) return { contract: 'fyi', to: [] };
  if (isUrgent) {
    const contract = random.chance(0.4) ? 'stat' : 'talk';
    return { contract, to: [random.chance(0.8) ? unit.onCall : to] };
  }
  const kind = random.weighted({ person: 0.72, everybody: 0.03, role: 0.15, queue: 0.1 });
  const owners = {
    person: [to],
    everybody: [...new Set([to, ...others])],
    role: [unit.onCall],
    queue: [unit.queue],
  };
  return { contract: 'reply', to: owners[kind] };
}
