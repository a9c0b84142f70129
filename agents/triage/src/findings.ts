import type { AgentConversation } from '@baton/agent';
import { findRedFlags, mentionsChemotherapy, TRIAGE_VERSION } from '@baton/clinical';
import type { RedFlag } from '@baton/wire';

export type TimelineMessage = Extract<
  ReturnType<AgentConversation['timeline']['read']>['items'][number],
  { readonly type: 'message' }
>;

/** Longest piece of a message that the note for staff repeats. */
const QUOTE_LENGTH = 600;
const MOST_FLAGS = 20;

/** What was found in one message, in words for staff. */
export interface Finding {
  readonly flags: readonly RedFlag[];
  readonly text: string;
}

/** Written by the patient or somebody for them, on the page or by text, and not an emergency by its own word already. */
export function isToBeRead(message: TimelineMessage): boolean {
  const isFromOutside = message.author.kind === 'patient' || message.via !== null;
  return (
    isFromOutside && !message.automatic && !message.mine && message.withdrawn === null && !isStat(message)
  );
}

function isStat({ contract, batons }: TimelineMessage): boolean {
  return contract === 'stat' || batons.some((baton) => baton.contract === 'stat');
}

/** null: nothing was found, which says nothing. `thread`: what else was written, for a chemotherapy that is spoken of. */
export function judgeMessage(message: TimelineMessage, thread: readonly TimelineMessage[]): Finding | null {
  const chemotherapy = thread.some(({ text }) => mentionsChemotherapy(text));
  const found = findRedFlags(message.text, { language: null, chemotherapy });
  const own = found.map(({ rule, version }) => ({ rule, version }));
  // The phone found something and could not ask, or has other rules than this station.
  const flags = [...own, ...message.flags.filter(({ rule }) => own.every((flag) => flag.rule !== rule))];
  if (flags.length === 0) return null;
  const names = flags.map(({ rule }) => rule).join(', ');
  const text = [
    `Words for an emergency in what the patient wrote: ${names} (rules ${flags[0]?.version ?? TRIAGE_VERSION}).`,
    `“${quote(message.text)}”`,
    'The rules compare words and know nothing else. Please read the message now and decide.',
  ].join('\n');
  return { flags: flags.slice(0, MOST_FLAGS), text };
}

function quote(text: string): string {
  return text.length <= QUOTE_LENGTH ? text : `${text.slice(0, QUOTE_LENGTH)} …`;
}

/** What staff are told of a result that nobody opened. */
export function unopenedText(title: string): string {
  return `The patient has not opened a result that was to be opened by now: “${title}”. Please see that it reaches them.`;
}
