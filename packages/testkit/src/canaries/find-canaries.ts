import { decompress, STREAM_MAGICS } from './compressed.ts';
import { type Pattern, patternsOf } from './encodings.ts';
import { fileHaystack, filesBelow, type Haystack, memoryHaystack } from './haystack.ts';
import { PatternScanner } from './pattern-scanner.ts';

const DEEPEST_STREAM = 3;
const DEFAULT_LIMIT = 100;

export interface FindCanariesInput {
  /** Files, folders (searched to the bottom, names of files included) and bytes in memory. */
  readonly haystacks: readonly (string | { readonly name: string; readonly bytes: Uint8Array })[];
  /** Texts of at least 5 bytes that must not be there. */
  readonly needles: readonly string[];
  /** The search ends after so many finds; 100 unless told. */
  readonly limit?: number;
}

export interface CanaryFind {
  readonly needle: string;
  /** How it was written: `utf8`, `base64, alignment 1`, … */
  readonly encoding: string;
  /** File path, or the name of the bytes. */
  readonly haystack: string;
  /** Of its first byte, within the innermost stream; of a file name, the position in the name. */
  readonly offset: number;
  /** Streams around it, outermost first: `gzip at 512`, or `name` for a file's name. */
  readonly inside: readonly string[];
}

/**
 * Looks for texts in whatever form they may have ended up: UTF-8 and UTF-16, base64 at every alignment, hex, percent-encoded, escaped JSON,
 * and all of these within gzip, zlib, zip and zstd streams, one inside another up to three deep. An empty answer says that none of these
 * forms is there; it says nothing of encrypted bytes, nor of forms that are not named here (PostgreSQL's own compression of long values).
 */
export async function findCanaries(input: FindCanariesInput): Promise<CanaryFind[]> {
  if (input.needles.length === 0) throw new RangeError('There is nothing to look for.');
  const search = new CanarySearch(
    [...new Set(input.needles)].flatMap(patternsOf),
    input.limit ?? DEFAULT_LIMIT,
  );
  for (const haystack of input.haystacks) {
    if (typeof haystack === 'string') await searchFiles(search, haystack);
    else await search.in(memoryHaystack(haystack.name, haystack.bytes), { name: haystack.name, inside: [] });
    if (search.isFull) break;
  }
  return search.finds;
}

async function searchFiles(search: CanarySearch, path: string): Promise<void> {
  for await (const file of filesBelow(path)) {
    const haystack = openIfThere(file.path, file.name);
    if (!haystack) continue;
    try {
      const name = memoryHaystack(file.name, Buffer.from(file.name, 'utf8'));
      await search.in(name, { name: file.name, inside: ['name'] });
      await search.in(haystack, { name: file.name, inside: [] });
    } finally {
      haystack.close();
    }
    if (search.isFull) return;
  }
}

/** A database removes files while it runs: what is gone holds nothing. */
function openIfThere(path: string, name: string): Haystack | null {
  try {
    return fileHaystack(path, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

interface Place {
  readonly name: string;
  readonly inside: readonly string[];
}

class CanarySearch {
  readonly finds: CanaryFind[] = [];
  readonly #patterns: readonly Pattern[];
  readonly #scanner: PatternScanner;
  readonly #limit: number;

  constructor(patterns: readonly Pattern[], limit: number) {
    this.#patterns = patterns;
    this.#limit = limit;
    this.#scanner = new PatternScanner([
      ...patterns.map(({ bytes }) => bytes),
      ...STREAM_MAGICS.map(({ magic }) => magic),
    ]);
  }

  get isFull(): boolean {
    return this.finds.length >= this.#limit;
  }

  async in(haystack: Haystack, place: Place): Promise<void> {
    const streams: { readonly format: number; readonly offset: number }[] = [];
    const scan = this.#scanner.start((index, offset) => {
      const pattern = this.#patterns[index];
      const stream = STREAM_MAGICS[index - this.#patterns.length];
      if (stream) streams.push({ format: stream.format, offset });
      if (pattern && !this.isFull) this.#found(pattern, offset, place);
    });
    for await (const chunk of haystack.chunks(0)) scan(chunk);
    if (place.inside.length >= DEEPEST_STREAM) return;
    for (const { format, offset } of streams) {
      if (this.isFull) return;
      const inner = await decompress(haystack, offset, format);
      if (inner) await this.in(inner, { name: place.name, inside: [...place.inside, inner.name] });
    }
  }

  #found({ needle, encoding }: Pattern, offset: number, { name, inside }: Place): void {
    this.finds.push({ needle, encoding, haystack: name, offset, inside });
  }
}
