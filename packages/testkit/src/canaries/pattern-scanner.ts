/** Finds many byte patterns in one pass (Aho and Corasick, CACM 1975), whatever their number, over chunks that may cut a pattern in two. */
export class PatternScanner {
  readonly #patterns: readonly Uint8Array[];
  /** Bytes that no pattern has share class 0, which keeps the table small enough for the processor's caches. */
  readonly #classOf: Uint8Array;
  /** For state row and class: the next row, shifted left by one, and 1 where a pattern ends there. */
  readonly #next: Int32Array;
  /** Patterns that end in a state. */
  readonly #endings: readonly (readonly number[])[];
  readonly #classes: number;

  constructor(patterns: readonly Uint8Array[]) {
    this.#patterns = patterns;
    const { classOf, classes } = classify(patterns);
    this.#classOf = classOf;
    this.#classes = classes;
    const { children, endings } = buildTrie(patterns);
    this.#endings = endings;
    this.#next = buildTable({ children, endings, classOf, classes });
  }

  /** A pass over one haystack. `found` gets the pattern's index and the offset of its first byte. */
  start(found: (pattern: number, offset: number) => void): (chunk: Uint8Array) => void {
    let state = 0;
    let base = 0;
    const next = this.#next;
    const classOf = this.#classOf;
    return (chunk) => {
      let current = state;
      for (let index = 0; index < chunk.length; index += 1) {
        current = next[(current >>> 1) + (classOf[chunk[index] as number] as number)] as number;
        if ((current & 1) === 1) this.#report(current, base + index, found);
      }
      state = current;
      base += chunk.length;
    };
  }

  #report(state: number, last: number, found: (pattern: number, offset: number) => void): void {
    for (const pattern of this.#endings[(state >>> 1) / this.#classes] ?? [])
      found(pattern, last + 1 - (this.#patterns[pattern] as Uint8Array).length);
  }
}

function classify(patterns: readonly Uint8Array[]): { classOf: Uint8Array; classes: number } {
  const used = [...new Set(patterns.flatMap((pattern) => [...pattern]))];
  const classOf = new Uint8Array(256);
  // With every byte in use there is no class 0 to keep free, and 256 would not fit.
  const first = used.length === 256 ? 0 : 1;
  for (const [index, byte] of used.entries()) classOf[byte] = index + first;
  return { classOf, classes: used.length + first };
}

function buildTrie(patterns: readonly Uint8Array[]): {
  children: Map<number, number>[];
  endings: number[][];
} {
  const children = [new Map<number, number>()];
  const endings: number[][] = [[]];
  for (const [index, pattern] of patterns.entries()) {
    if (pattern.length === 0) throw new RangeError('An empty pattern is everywhere.');
    let state = 0;
    for (const byte of pattern) {
      const known = children[state]?.get(byte);
      const target = known ?? children.length;
      if (known === undefined) {
        children[state]?.set(byte, target);
        children.push(new Map());
        endings.push([]);
      }
      state = target;
    }
    endings[state]?.push(index);
  }
  return { children, endings };
}

/** Breadth first: a state's fallback is shallower than itself, so its row is complete when it is copied. */
function buildTable(input: {
  readonly children: readonly Map<number, number>[];
  readonly endings: number[][];
  readonly classOf: Uint8Array;
  readonly classes: number;
}): Int32Array {
  const { children, endings, classOf, classes } = input;
  const rows = new Int32Array(children.length * classes);
  const fallback = new Int32Array(children.length);
  const queue: number[] = [0];
  for (const state of queue) {
    const from = fallback[state] as number;
    if (state !== 0) rows.copyWithin(state * classes, from * classes, (from + 1) * classes);
    for (const [byte, target] of children[state] as Map<number, number>) {
      const cell = state * classes + (classOf[byte] as number);
      const fallsTo = state === 0 ? 0 : (rows[cell] as number);
      fallback[target] = fallsTo;
      endings[target]?.push(...(endings[fallsTo] as number[]));
      rows[cell] = target;
      queue.push(target);
    }
  }
  for (const [cell, target] of rows.entries())
    rows[cell] = ((target * classes) << 1) | ((endings[target] as number[]).length > 0 ? 1 : 0);
  return rows;
}
