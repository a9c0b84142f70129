import type { TimelineItem } from '@baton/client';
import type { MessageId } from '@baton/kernel';
import type { Prompt } from '@baton/wire';

/** What a message between a programme and a patient means to staff (docs/protocol/programmes.md §3). */
export interface PromptNote {
  /** Words of the choice that this message makes; null where it makes none, or where the question is not loaded. */
  readonly chosen: string | null;
  /** How this message's question was answered last: words of the choice, '' in own words or by a picture, null not yet. */
  readonly reply: string | null;
}

export const NO_NOTE: PromptNote = { chosen: null, reply: null };

/** Notes by message; of messages that neither ask nor answer there is none. An answer that was taken back or did not go out is none. */
export function notePrompts(items: readonly TimelineItem[]): ReadonlyMap<string, PromptNote> {
  const asked = new Map<MessageId, Prompt>();
  const notes = new Map<string, PromptNote>();
  for (const item of items) {
    if (item.type !== 'message' || item.withdrawn !== null) continue;
    const { id, prompt, answers } = item;
    if (prompt !== null && asksAnything(prompt)) {
      asked.set(id, prompt);
      notes.set(id, NO_NOTE);
    }
    const question = answers === null ? undefined : asked.get(answers.prompt);
    if (answers === null || question === undefined || item.state === 'failed') continue;
    const chosen = question.choices.find(({ key }) => key === answers.choice)?.label ?? null;
    notes.set(id, { chosen, reply: null });
    notes.set(answers.prompt, { ...(notes.get(answers.prompt) ?? NO_NOTE), reply: chosen ?? '' });
  }
  return notes;
}

export function asksAnything({ asks, choices }: Prompt): boolean {
  return asks !== 'none' || choices.length > 0;
}

/** Whether its words say more than the message itself does. */
export function isWorthSaying(chosen: string | null, text: string): chosen is string {
  return chosen !== null && chosen.trim().toLowerCase() !== text.trim().toLowerCase();
}

/** Choices that the message's own words do not list already. */
export function unlistedChoices({ choices }: Prompt, text: string): Prompt['choices'] {
  return choices.every(({ label }) => text.includes(label)) ? [] : choices;
}
