import {
  type Expectation,
  expectationOf,
  openExpectation,
  type Protocol,
  replyFacts,
  type ReplyFacts,
  type RunEvent,
  type RunState,
  type Understanding,
} from '@baton/clinical';
import { takeInvitationAnswer, type Understand } from './decide-invitation.ts';
import { isOfAnotherVersion } from './decide-tick.ts';
import { beginFree, holdRun, stateOf, stepOpen } from './dialogue.ts';
import type { Draft } from './draft.ts';
import type { Inbound } from './view.ts';

/** Said without being asked, these begin the protocol's own dialogue even while another question is open. */
const WORSE: ReadonlySet<string> = new Set(['worse', 'bad']);
/** What is measured at home answers nobody else's question. */
const READINGS: ReadonlySet<string> = new Set(['temperature', 'blood-pressure']);
/** Of a protocol without a question for unasked messages only words of an emergency are looked at. */
const NO_QUESTION: Expectation = { kind: 'free', choices: [], range: null, unit: null };

/**
 * Takes what a patient wrote. Answers whether it is this enrolment's; what is not stays with whoever owes it, as does what is this enrolment's and was not
 * understood.
 */
export function decideMessage(draft: Draft, message: Inbound, understand: Understand): boolean {
  const { view, track } = draft;
  const { protocol, enrolment } = view;
  if (track.handled.includes(message.id)) return true;
  if (protocol === null) return false;
  if (enrolment.state === 'invited') {
    const isAllowed = view.standing === 'may' || view.standing === 'no-consent';
    return isAllowed && takeInvitationAnswer(draft, protocol, { message, understand });
  }
  if (view.standing !== 'may' || (enrolment.state !== 'active' && enrolment.state !== 'held')) return false;
  if (isOfAnotherVersion(draft)) holdRun(draft);
  const prompt = track.prompts.find(({ id }) => id === message.answers?.prompt) ?? null;
  const letter = message.answers?.choice ?? null;
  const isForeign = message.answers !== null && prompt === null;
  // A letter of another programme's question says nothing to this one; words may, whatever question waited for them.
  if (isForeign && letter !== null) return false;
  const state = stateOf(draft);
  const isCurrent = prompt !== null && prompt.run === track.run && state?.question === prompt.node;
  if (prompt !== null && !isCurrent && letter !== null) return takeLateLetter(draft, message, prompt.choice);
  const read = isForeign ? besideAnother(understand) : understand;
  // Whose question it was marked for ends what it asked of staff, and nobody else.
  const said = isForeign ? { ...message, answers: null } : message;
  const isTaken = state?.question
    ? takeOpen(draft, { protocol, state, message: said, isCurrent, understand: read })
    : takeUnasked(draft, { protocol, message: said, understand: read });
  if (isTaken) draft.setHandled(message.id);
  return isTaken;
}

/** The same letter once more says nothing new; another one is a person's to make sense of: the dialogue has gone on. */
function takeLateLetter(draft: Draft, message: Inbound, said: string | null): boolean {
  if (said !== null && said === message.answers?.choice) draft.do({ t: 'settle', message: message.id });
  draft.setHandled(message.id);
  return true;
}

/** Of words that answer another programme's question only what can be no answer to it counts: an emergency, symptoms, worse, a reading. */
function besideAnother(understand: Understand): Understand {
  return (text, expectation, language, facts) => {
    const understood = understand(text, expectation, language, facts);
    if (!understood.sure || WORSE.has(understood.code)) return understood;
    if (understood.number !== null && READINGS.has(expectation.kind)) return understood;
    const { symptoms, flags } = understood;
    return { sure: false, why: 'two-meanings', symptoms, flags };
  };
}

interface Open {
  readonly protocol: Protocol;
  readonly state: RunState;
  readonly message: Inbound;
  /** It names the question that is open. */
  readonly isCurrent: boolean;
  readonly understand: Understand;
}

function takeOpen(draft: Draft, { protocol, state, message, isCurrent, understand }: Open): boolean {
  const expectation = openExpectation(protocol, state);
  if (expectation === null) return false;
  const atMs = draft.view.nowMs;
  const choice = isCurrent ? (message.answers?.choice ?? null) : null;
  if (choice !== null) {
    rememberLetter(draft, message, choice);
    return stepOpen(draft, protocol, { t: 'choice', atMs, key: choice }, message);
  }
  const understood = withFlags(
    readAnswer(draft, { protocol, state, message, understand }, expectation),
    message,
  );
  if (understood.flags.length === 0 && message.photos > 0 && expectation.kind === 'photo')
    return stepOpen(draft, protocol, { t: 'photo', atMs }, message);
  if (!understood.sure && understood.flags.length === 0) {
    // The patient has something else to say than what was asked, and is not silent.
    if (isOfItself(draft, message, { protocol, isCurrent, understand }))
      return takeUnasked(draft, { protocol, message, understand });
    // Not to this question, and nothing that fits it: it may be about something else altogether, and stays with people without a word.
    if (!isCurrent) return false;
  }
  return stepOpen(draft, protocol, { t: 'answer', atMs, understood }, message);
}

/**
 * A temperature that was asked for and said is judged by the threshold that the site signed, whatever fever means with chemotherapy elsewhere. Words of fever
 * without a number stay an emergency, and so does whatever else is one.
 */
function readAnswer(
  { view }: Draft,
  { protocol, state, message, understand }: Pick<Open, 'protocol' | 'state' | 'message' | 'understand'>,
  expectation: Expectation,
): Understanding {
  const { enrolment, facts } = view;
  const read = (known: ReplyFacts) => understand(message.text, expectation, enrolment.language, known);
  if (expectation.kind === 'temperature' && protocol.chemotherapy) {
    const asked = read(replyFacts(protocol, state));
    if (asked.sure && asked.number !== null && asked.flags.length === 0) return asked;
  }
  return read(facts);
}

function takeUnasked(
  draft: Draft,
  { protocol, message, understand }: Pick<Open, 'protocol' | 'message' | 'understand'>,
): boolean {
  const { enrolment, facts, nowMs } = draft.view;
  const expectation = anyTimeExpectation(protocol);
  const understood = withFlags(
    understand(message.text, expectation ?? NO_QUESTION, enrolment.language, facts),
    message,
  );
  const isAsked = expectation !== null && (understood.sure || understood.symptoms.length > 0);
  if (!isAsked && understood.flags.length === 0) return false;
  const event: RunEvent = { t: 'answer', atMs: nowMs, understood };
  return beginFree(draft, protocol, { message, event });
}

/** Says by itself what the protocol has a question for: that it is worse; and where it does not answer the open question, symptoms. */
function isOfItself(
  { view }: Draft,
  message: Inbound,
  { protocol, isCurrent, understand }: Pick<Open, 'protocol' | 'isCurrent' | 'understand'>,
): boolean {
  const expectation = anyTimeExpectation(protocol);
  if (expectation === null) return false;
  const understood = understand(message.text, expectation, view.enrolment.language, view.facts);
  return (understood.sure && WORSE.has(understood.code)) || (!isCurrent && understood.symptoms.length > 0);
}

function anyTimeExpectation(protocol: Protocol): Expectation | null {
  const question = protocol.questions.find(({ id }) => id === protocol.anyTime);
  return question === undefined ? null : expectationOf(question);
}

/** What the patient's own phone, or the texting assistant, found counts as found. */
function withFlags(understood: Understanding, { flags, text }: Inbound): Understanding {
  if (understood.flags.length > 0 || flags.length === 0) return understood;
  const found = flags.map(({ rule, version }) => ({
    rule,
    version,
    category: rule.split('.')[0] ?? rule,
    level: 'emergency' as const,
    start: 0,
    end: text.length,
  }));
  return { ...understood, flags: found };
}

function rememberLetter(draft: Draft, message: Inbound, choice: string): void {
  draft.track.prompts = draft.track.prompts.map((prompt) =>
    prompt.id === message.answers?.prompt ? { ...prompt, choice } : prompt,
  );
  draft.touch();
}
