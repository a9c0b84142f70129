import {
  type Expectation,
  expectationOf,
  openExpectation,
  type Protocol,
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
  if (message.answers !== null && prompt === null) return false;
  const state = stateOf(draft);
  const isCurrent = prompt !== null && prompt.run === track.run && state?.question === prompt.node;
  const letter = message.answers?.choice ?? null;
  if (prompt !== null && !isCurrent && letter !== null) return takeLateLetter(draft, message, prompt.choice);
  const isTaken = state?.question
    ? takeOpen(draft, { protocol, state, message, isCurrent, understand })
    : takeUnasked(draft, { protocol, message, understand });
  if (isTaken) draft.setHandled(message.id);
  return isTaken;
}

/** The same letter once more says nothing new; another one is a person's to make sense of: the dialogue has gone on. */
function takeLateLetter(draft: Draft, message: Inbound, said: string | null): boolean {
  if (said !== null && said === message.answers?.choice) draft.do({ t: 'settle', message: message.id });
  draft.setHandled(message.id);
  return true;
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
  const { language } = draft.view.enrolment;
  const understood = withFlags(understand(message.text, expectation, language, protocol), message);
  if (understood.flags.length === 0 && message.photos > 0 && expectation.kind === 'photo')
    return stepOpen(draft, protocol, { t: 'photo', atMs }, message);
  if (
    !understood.sure &&
    understood.flags.length === 0 &&
    isWorse(protocol, message, { understand, language })
  ) {
    // The patient has something else to say than what was asked, and is not silent.
    holdRun(draft);
    return takeUnasked(draft, { protocol, message, understand });
  }
  // Unmarked, and nothing that fits the question: it may be about something else altogether, and stays with people without a word.
  if (!isCurrent && !understood.sure && understood.flags.length === 0) return false;
  return stepOpen(draft, protocol, { t: 'answer', atMs, understood }, message);
}

function takeUnasked(
  draft: Draft,
  { protocol, message, understand }: Pick<Open, 'protocol' | 'message' | 'understand'>,
): boolean {
  const expectation = anyTimeExpectation(protocol);
  if (expectation === null) return false;
  const understood = withFlags(
    understand(message.text, expectation, draft.view.enrolment.language, protocol),
    message,
  );
  const isWorth = understood.sure || understood.flags.length > 0 || understood.symptoms.length > 0;
  if (!isWorth) return false;
  const event: RunEvent = { t: 'answer', atMs: draft.view.nowMs, understood };
  return beginFree(draft, protocol, { message, event });
}

function isWorse(
  protocol: Protocol,
  message: Inbound,
  { understand, language }: { readonly understand: Understand; readonly language: 'en' | 'es' },
): boolean {
  const expectation = anyTimeExpectation(protocol);
  if (expectation === null) return false;
  const understood = understand(message.text, expectation, language, protocol);
  return understood.sure && WORSE.has(understood.code);
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
