import type { Language } from '@baton/wire';
import type { ReplyFacts } from '../understanding/understand-reply.ts';
import type { Expectation } from '../understanding/understanding.ts';
import { expectationOf } from './branches.ts';
import type { Protocol } from './protocol.ts';
import { partsOf } from './protocol-parts.ts';
import type { RunState } from './run-state.ts';
import type { SayPrompt } from './run-output.ts';
import { fillText } from './texts.ts';
import { asksOf } from './turn.ts';

/** What the open question of a run expects; null where none is open. */
export function openExpectation(protocol: Protocol, state: RunState): Expectation | null {
  if (state.outcome !== 'open' || state.question === null) return null;
  const question = partsOf(protocol).questions.get(state.question);
  if (question === undefined) return null;
  const expectation = expectationOf(question);
  // "Took four" is all of it where four are due.
  const { tablets } = state;
  return question.kind === 'dose' && tablets !== null
    ? { ...expectation, range: { min: tablets, max: tablets } }
    : expectation;
}

/**
 * What is known of the patient for `understandReply`. A temperature that is asked for is the protocol's to judge, by the site's own threshold; anywhere else fever with
 * chemotherapy is a word of emergency.
 */
export function replyFacts(protocol: Protocol, state: RunState): ReplyFacts {
  const question = state.question === null ? undefined : partsOf(protocol).questions.get(state.question);
  return { chemotherapy: protocol.chemotherapy && question?.kind !== 'temperature' };
}

export interface InviteText {
  readonly text: string;
  /** The same in other words, for an answer that was not understood. */
  readonly again: string;
  readonly asks: SayPrompt['asks'];
  readonly choices: SayPrompt['choices'];
  /** Codes `yes` and `no`. */
  readonly expectation: Expectation;
  /** Said after "yes", and after "no". */
  readonly welcome: readonly { readonly node: string; readonly text: string }[];
  readonly declined: { readonly node: string; readonly text: string };
}

/** What a patient is asked before anything of the programme begins. */
export function inviteOf(
  protocol: Protocol,
  language: Language,
  fill: Readonly<Record<string, string>>,
): InviteText {
  const { invite } = protocol;
  const adviceOf = (node: string) => ({ node, text: adviceText(protocol, node, { language, fill }) ?? '' });
  return {
    text: fillText(invite.text, language, fill),
    again: fillText(invite.again, language, fill),
    asks: asksOf(invite),
    choices: invite.choices.map(({ key, label }) => ({ key, label: label[language] })),
    expectation: expectationOf(invite),
    welcome: invite.welcome.map(adviceOf),
    declined: adviceOf(invite.declined),
  };
}

/** A text of the signed list, as `stopOn` names one; null: there is none of this name. */
export function adviceText(
  protocol: Protocol,
  id: string,
  { language, fill }: { readonly language: Language; readonly fill: Readonly<Record<string, string>> },
): string | null {
  const advice = partsOf(protocol).advice.get(id);
  return advice === undefined ? null : fillText(advice.text, language, fill);
}
