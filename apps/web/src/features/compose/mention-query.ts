import type { ConversationSummary, Member } from '@baton/client';
import { foldText } from '../../design/words/fold-text.ts';

/** The mention that is being typed: where its @ stands, and what follows it. */
export interface MentionQuery {
  readonly at: number;
  readonly query: string;
}

const LONGEST = 40;

/** An @ at the start of a word before the caret opens a mention; a line break or two spaces close it. */
export function readMentionQuery(text: string, caret: number): MentionQuery | null {
  const before = text.slice(Math.max(0, caret - LONGEST), caret);
  const match = /(?:^|[\s(])@([^\n@]*)$/.exec(before);
  if (match?.[1] === undefined || match[1].includes('  ')) return null;
  return { at: caret - match[1].length - 1, query: match[1] };
}

export function suggestMembers(members: readonly Member[], query: string): readonly Member[] {
  const words = foldText(query).split(' ');
  return members
    .filter((member) => {
      const name = foldText(member.name).split(' ');
      return words.every((word) => name.some((part) => part.startsWith(word)));
    })
    .slice(0, 6);
}

/** The text with the mention written out, and where the caret goes. */
export function completeMention(
  text: string,
  { at, query }: MentionQuery,
  name: string,
): { readonly text: string; readonly caret: number } {
  const written = `@${name} `;
  const rest = text.slice(at + 1 + query.length).replace(/^ /, '');
  return { text: text.slice(0, at) + written + rest, caret: at + written.length };
}

/** Whom one can mention: in a patient's conversation nobody, since the patient reads along; colleagues are in the team notes. */
export function mentionableIn<T>(kind: ConversationSummary['kind'], members: readonly T[]): readonly T[] {
  return kind === 'patient' ? [] : members;
}

/** The members whose name still stands in the text when it is sent. */
export function mentionedIn<T extends Pick<Member, 'name'>>(
  text: string,
  members: readonly T[],
): readonly T[] {
  return members.filter((member) => text.includes(`@${member.name}`));
}
