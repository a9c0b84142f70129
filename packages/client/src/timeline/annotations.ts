import type { AccountId, MessageId, TimestampMs } from '@baton/kernel';
import type { Content, ContentOf, Reaction } from '@baton/wire';

/** A committed or waiting message row, as far as folding goes. */
export interface FoldRow {
  /** null while it waits in the outbox. */
  readonly seq: number | null;
  readonly at: TimestampMs;
  readonly author: AccountId;
  readonly content: Content;
}

export interface Annotations {
  /** Texts after the original, oldest first. */
  readonly edits: { readonly text: string; readonly at: TimestampMs }[];
  withdrawn: { readonly at: TimestampMs; readonly by: AccountId; readonly reason: string | null } | null;
  /** Reaction -> who has it on, in the order of turning it on, with the time. */
  readonly reactions: Map<Reaction, Map<AccountId, TimestampMs>>;
  /** Newest report on the text that carried or announced it, by any author. */
  delivery: {
    readonly by: AccountId;
    readonly at: TimestampMs;
    readonly report: ContentOf<'delivery'>;
  } | null;
}

/**
 * What later messages say about earlier ones. An edit or withdrawal counts only when it is by the author of its target; `authorOf` answers
 * null for a message that is not here (its annotations are applied when it is loaded).
 */
export function gatherAnnotations(
  rows: Iterable<FoldRow>,
  authorOf: (id: MessageId) => AccountId | null,
): Map<MessageId, Annotations> {
  const all = new Map<MessageId, Annotations>();
  const of = (id: MessageId): Annotations => {
    const known = all.get(id);
    if (known) return known;
    const fresh: Annotations = { edits: [], withdrawn: null, reactions: new Map(), delivery: null };
    all.set(id, fresh);
    return fresh;
  };
  for (const { content, author, at } of rows) {
    switch (content.t) {
      case 'edit':
        if (authorOf(content.target) === author && of(content.target).withdrawn === null)
          of(content.target).edits.push({ text: content.text, at });
        break;
      case 'withdrawal':
        if (authorOf(content.target) === author)
          of(content.target).withdrawn ??= { at, by: author, reason: content.reason };
        break;
      case 'reaction':
        react(of(content.target), content, author, at);
        break;
      case 'delivery':
        of(content.target).delivery = { by: author, at, report: content };
        break;
      default:
        break;
    }
  }
  return all;
}

function react(
  annotations: Annotations,
  content: Extract<Content, { t: 'reaction' }>,
  author: AccountId,
  at: TimestampMs,
): void {
  const people = annotations.reactions.get(content.reaction) ?? new Map<AccountId, TimestampMs>();
  annotations.reactions.set(content.reaction, people);
  if (!content.on) people.delete(author);
  else if (!people.has(author)) people.set(author, at);
}
