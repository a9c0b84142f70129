/** One document, or several in the order in which they came. */
type Postings = number | number[];

/** Words and the documents that have them; finds words by how they begin. Kept word by word, sorted when somebody looks. */
export class PrefixDictionary {
  readonly #postings = new Map<string, Postings>();
  #sorted: string[] = [];
  #isSorted = true;

  add(word: string, document: number): void {
    const known = this.#postings.get(word);
    if (known === undefined) this.#insert(word);
    if (known === undefined) this.#postings.set(word, document);
    else if (typeof known === 'number') this.#postings.set(word, [known, document]);
    else known.push(document);
  }

  remove(word: string, document: number): void {
    const known = this.#postings.get(word);
    if (known === undefined) return;
    const left = typeof known === 'number' ? [known] : known;
    const at = left.indexOf(document);
    if (at === -1) return;
    if (left.length > 1) {
      left.splice(at, 1);
      return;
    }
    this.#postings.delete(word);
    this.#sort();
    this.#sorted.splice(this.#placeOf(word), 1);
  }

  /** Documents with exactly this word. */
  of(word: string): readonly number[] {
    const known = this.#postings.get(word);
    return known === undefined ? [] : typeof known === 'number' ? [known] : known;
  }

  /** Words that begin so, the shortest of them first among equals. */
  *beginningWith(prefix: string): Iterable<string> {
    this.#sort();
    for (let at = this.#placeOf(prefix); at < this.#sorted.length; at++) {
      const word = this.#sorted[at] as string;
      if (!word.startsWith(prefix)) return;
      yield word;
    }
  }

  /** Sorts now, so that whoever looks first does not wait for it. */
  prepare(): void {
    this.#sort();
  }

  words(): Iterable<string> {
    return this.#postings.keys();
  }

  #insert(word: string): void {
    // Many at once are sorted together, one is put where it belongs.
    if (!this.#isSorted || this.#sorted.length === 0) {
      this.#sorted.push(word);
      this.#isSorted = false;
    } else this.#sorted.splice(this.#placeOf(word), 0, word);
  }

  #sort(): void {
    if (this.#isSorted) return;
    this.#sorted.sort();
    this.#isSorted = true;
  }

  /** Place of the first word that is not before this one. */
  #placeOf(word: string): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] as string) < word) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
