import { isId, type MemberId } from '@baton/kernel';
import type { ConversationKind } from '@baton/wire';
import type { Person } from '../api/directory.ts';

/** Whose receipts say what became of a message. */
export interface Addressed {
  /** "Opened" means that each of these opened it. */
  readonly each: ReadonlySet<string>;
  /** Where none of them has a receipt: one of these is enough. */
  readonly any: (person: Person) => boolean;
}

/**
 * Members in person count all; where only roles are addressed, one holder is enough; an assistant never counts. Between practice and patient the
 * other side counts: no colleague's look is shown as the patient's, nor a proxy's as the practice's.
 */
export function addressedIn(input: {
  readonly kind: ConversationKind;
  readonly members: readonly MemberId[];
  readonly me: Person;
  readonly person: (id: Person['id']) => Person;
}): Addressed {
  const { kind, members, me, person } = input;
  const people = members.flatMap((id) => (isId('account', id) && id !== me.id ? [person(id)] : []));
  const idsOf = (wanted: Person['kind'][]): ReadonlySet<string> =>
    new Set(people.filter((other) => wanted.includes(other.kind)).map(({ id }) => id));
  if (kind !== 'patient')
    return { each: idsOf(['person', 'patient']), any: (other) => other.kind !== 'agent' };
  if (me.kind === 'patient') return { each: new Set(), any: (other) => other.kind === 'person' };
  return { each: idsOf(['patient']), any: () => false };
}
