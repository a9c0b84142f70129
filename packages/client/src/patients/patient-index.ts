import { editsBetween } from '../search/edit-distance.ts';
import { PrefixDictionary } from '../search/prefix-dictionary.ts';
import { typosAllowed } from '../search/typo-tolerance.ts';
import { type PatientWords, parseQuery, type QueryTerm } from './patient-words.ts';

const EXACT = 4;
const BEGINNING = 3;
/** Less for every edit. */
const SIMILAR = 2;

type Hits = Map<number, number>;

/**
 * Finds patients by parts of what they are called and known by, all of which have to fit; tolerant of typos. Kept patient by patient, so that one
 * change costs one change.
 */
export class PatientIndex {
  readonly #names = new PrefixDictionary();
  readonly #codes = new PrefixDictionary();

  add(document: number, { names, codes }: PatientWords): void {
    for (const word of names) this.#names.add(word, document);
    for (const word of codes) this.#codes.add(word, document);
  }

  remove(document: number, { names, codes }: PatientWords): void {
    for (const word of names) this.#names.remove(word, document);
    for (const word of codes) this.#codes.remove(word, document);
  }

  /** Everything that a first search would wait for. */
  prepare(): void {
    this.#names.prepare();
    this.#codes.prepare();
  }

  /** Documents with how well they fit, in no order; nothing for a query without a letter or figure. */
  search(query: string): ReadonlyMap<number, number> {
    const terms = parseQuery(query);
    const found = this.#searchAll(terms, (term, hits) => hits.size === 0 && this.#addSimilar(term, hits));
    if (found.size > 0 || terms.length < 2) return found;
    // Each part is somebody's, but all together are nobody's: one of them has a slip in it that makes another name.
    return this.#searchAll(terms, (term, hits) => this.#addSimilar(term, hits));
  }

  #searchAll(terms: readonly QueryTerm[], widen: (term: QueryTerm, hits: Hits) => void): Hits {
    let all: Hits | null = null;
    for (const term of terms) {
      const hits = term.kind === 'name' ? find(this.#names, term) : find(this.#codes, term);
      if (term.kind === 'name') widen(term, hits);
      all = all === null ? hits : both(all, hits);
      if (all.size === 0) return all;
    }
    return all ?? new Map();
  }

  #addSimilar({ word }: QueryTerm, hits: Hits): void {
    const most = Number(typosAllowed(word));
    if (most === 0) return;
    for (const other of this.#names.words()) {
      const edits = editsBetween(word, other, most);
      if (edits === null || edits === 0) continue;
      for (const document of this.#names.of(other)) raise(hits, document, SIMILAR / (1 + edits));
    }
  }
}

function find(words: PrefixDictionary, { word, whole }: QueryTerm): Hits {
  const hits: Hits = new Map();
  for (const document of words.of(word)) raise(hits, document, EXACT);
  if (whole) return hits;
  for (const longer of words.beginningWith(word))
    for (const document of words.of(longer)) raise(hits, document, BEGINNING);
  return hits;
}

function raise(hits: Hits, document: number, score: number): void {
  const known = hits.get(document);
  if (known === undefined || known < score) hits.set(document, score);
}

/** What is in both, with both scores. */
function both(a: Hits, b: Hits): Hits {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a];
  const common: Hits = new Map();
  for (const [document, score] of few) {
    const other = many.get(document);
    if (other !== undefined) common.set(document, score + other);
  }
  return common;
}
