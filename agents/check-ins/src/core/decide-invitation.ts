import {
  type Expectation,
  type InviteText,
  inviteOf,
  type Protocol,
  type ReplyFacts,
  type Understanding,
} from '@baton/clinical';
import type { TimestampMs } from '@baton/kernel';
import { type Language, programmesKey } from '@baton/wire';
import type { Draft } from './draft.ts';
import { fillOf, sayAdvice, withLetters } from './say-advice.ts';
import type { Inbound, View } from './view.ts';

const DAY_MS = 24 * 3_600_000;
/** An invitation that nobody answers is sent once more after a day; after these many days staff are told. */
const GIVE_UP_DAYS = 3;
const WORTH_MS = 7 * DAY_MS;

export type Understand = (
  text: string,
  expectation: Expectation,
  language: Language,
  facts: ReplyFacts,
) => Understanding;

/** Asks whether the patient wants it, once more after a day, and then a person. */
export function inviteAgain(draft: Draft, protocol: Protocol): void {
  const { view, track } = draft;
  const at = nextInvitation(draft);
  if (at === null || at > view.nowMs) return;
  const { invited } = track;
  const asks = (invited?.asks ?? 0) + 1;
  if (invited === null || asks <= 2)
    return ask(draft, protocol, { words: 'text', cause: null, asks, unclear: invited?.unclear ?? false });
  tell(draft, 'The patient has not answered the invitation to check-ins.');
}

/** null: staff look after it. */
export function nextInvitation({ view, track }: Draft): TimestampMs | null {
  const { invited } = track;
  if (invited === null) return view.nowMs;
  if (invited.told) return null;
  return invited.at + (invited.asks < 2 ? 1 : GIVE_UP_DAYS) * DAY_MS;
}

/** Answers whether the message was an answer to the invitation. */
export function takeInvitationAnswer(
  draft: Draft,
  protocol: Protocol,
  { message, understand }: { readonly message: Inbound; readonly understand: Understand },
): boolean {
  const { view, track } = draft;
  const { answers } = message;
  if (answers === null || !track.invited?.ids.includes(answers.prompt)) return false;
  const code = codeOf(view, protocol, message, understand);
  const at = view.nowMs;
  if (code === 'yes') {
    if (view.standing === 'no-consent')
      draft.do({
        t: 'consent',
        at,
        how: message.isText ? 'text' : 'web',
        note: 'Answered the invitation to check-ins',
      });
    draft.do({ t: 'enrolment', from: ['invited'], to: 'active', reason: null, at });
    sayAdvice(draft, { protocol, ids: protocol.invite.welcome, cause: message });
    draft.do({ t: 'settle', message: message.id });
  } else if (code === 'no') {
    draft.do({
      t: 'enrolment',
      from: ['invited'],
      to: 'ended',
      reason: 'The patient does not want check-ins',
      at,
    });
    sayAdvice(draft, { protocol, ids: [protocol.invite.declined], cause: message });
    draft.do({ t: 'settle', message: message.id });
  } else if (track.invited.unclear)
    tell(draft, 'An answer to the invitation to check-ins was not understood twice.');
  else {
    const { asks } = track.invited;
    ask(draft, protocol, { words: 'again', cause: message, asks, unclear: true });
  }
  draft.setHandled(message.id);
  return true;
}

function codeOf(view: View, protocol: Protocol, message: Inbound, understand: Understand): string | null {
  const { choices } = protocol.invite;
  const letter = message.answers?.choice ?? null;
  if (letter !== null) return choices.find(({ key }) => key === letter)?.code ?? null;
  const understood = understand(
    message.text,
    inviteOf(protocol, view.enrolment.language, {}).expectation,
    view.enrolment.language,
    view.facts,
  );
  return understood.sure && understood.flags.length === 0 ? understood.code : null;
}

function ask(
  draft: Draft,
  protocol: Protocol,
  {
    words,
    cause,
    asks,
    unclear,
  }: {
    readonly words: 'text' | 'again';
    readonly cause: Inbound | null;
    readonly asks: number;
    readonly unclear: boolean;
  },
): void {
  const { view, track } = draft;
  const { enrolment, nowMs } = view;
  const invite: InviteText = inviteOf(protocol, enrolment.language, fillOf(view));
  const id = view.newId('message');
  const until = nowMs + WORTH_MS;
  draft.do({
    t: 'say',
    id,
    text: withLetters(invite[words], invite.choices),
    prompt: {
      kind: 'check-in',
      about: programmesKey(enrolment),
      step: 'invite',
      choices: [...invite.choices],
      asks: invite.asks,
      until,
      short: null,
      visit: null,
    },
    replyTo: cause?.id ?? null,
    urgent: false,
    run: null,
    sinceMs: cause?.at ?? nowMs,
    notAfter: until,
  });
  const ids = track.invited?.ids ?? [];
  track.invited = { ids: [...ids, id].slice(-4), at: nowMs, asks, unclear, told: false };
  draft.touch();
}

/** A person looks after the invitation from now on. */
function tell(draft: Draft, text: string): void {
  const { view, track } = draft;
  if (track.invited === null || track.invited.told) return;
  track.invited = { ...track.invited, told: true };
  draft.touch();
  const { id, version } = view.enrolment.protocol;
  draft.do({
    t: 'ask',
    id: view.newId('message'),
    contract: 'reply',
    text: `${text} Protocol: ${id}, version ${version}. Please see to it.`,
    first: view.enrolment.askTo,
    withinMs: null,
    alert: null,
  });
}
