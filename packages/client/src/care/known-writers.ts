import type { AccountId } from '@baton/kernel';
import type { Reach } from '@baton/wire';
import type { KnownWriter } from '../api/care.ts';
import { plainWord } from '../patients/patient-words.ts';

const MOST_FOUND = 8;

/**
 * Who has an account by which they write for a patient, or for themselves, by their own name or the patient's: a parent of two has one account
 * for both (docs/protocol/patients.md §2). Pure.
 */
export function findWriters(
  reaches: Iterable<Pick<Reach, 'ref' | 'name' | 'people'>>,
  query: string,
  hasJoined: (account: AccountId) => boolean,
): readonly KnownWriter[] {
  const asked = wordsIn(query);
  if (asked.length === 0) return [];
  const writers = new Map<AccountId, { writer: KnownWriter; fits: boolean }>();
  for (const { ref, name: patient, people } of reaches)
    for (const { account, name, relation, ended } of people) {
      if (ended) continue;
      const known = writers.get(account);
      writers.set(account, {
        writer: {
          account,
          name: known?.writer.name ?? name,
          writesFor: [...(known?.writer.writesFor ?? []), { ref, patient, relation }],
        },
        fits: known?.fits === true || fits(name, asked) || fits(patient, asked),
      });
    }
  const found: KnownWriter[] = [];
  for (const { writer, fits: isMeant } of writers.values())
    if (isMeant && found.length < MOST_FOUND && hasJoined(writer.account)) found.push(writer);
  return found;
}

function wordsIn(text: string): readonly string[] {
  return plainWord(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function fits(name: string, asked: readonly string[]): boolean {
  const words = wordsIn(name);
  return asked.every((start) => words.some((word) => word.startsWith(start)));
}
