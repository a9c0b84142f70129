import { Readable, type Transform } from 'node:stream';
import {
  constants,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  inflateRawSync,
  inflateSync,
} from 'node:zlib';
import { type Haystack, memoryHaystack } from './haystack.ts';

/** A prefix that is decompressed at once: most of what only looks like a stream fails within it. No stream with a canary is shorter. */
const PROBE_BYTES = 24;
/** Longest header that is read: names and extra fields included. */
const HEADER_BYTES = 4096;
/** Of a damaged stream, the output of the slice with the damage is lost; the first ones are small, since most streams are. */
const SMALL_SLICES = 128;
const SMALL_SLICE_BYTES = 512;
/** Of one stream at most so much is searched; a bomb shall not take the machine with it. */
const MOST_BYTES = 256 * 1024 * 1024;
const ZIP_HEADER_BYTES = 30;

interface Format {
  readonly name: string;
  readonly magics: readonly Uint8Array[];
  /** Where the compressed bytes begin, counted from the magic. */
  readonly skip: (header: Buffer) => number;
  readonly probe: (bytes: Uint8Array) => unknown;
  readonly open: () => Transform;
}

// A stream may be cut off: what came before the cut is searched all the same.
const lenient = { finishFlush: constants.Z_SYNC_FLUSH };
const atOnce = (): number => 0;

const FORMATS: readonly Format[] = [
  {
    name: 'gzip',
    magics: [Uint8Array.of(0x1f, 0x8b, 8)],
    // The deflated part alone: a gzip reader takes what follows the stream for another member, and fails.
    skip: gzipHeaderBytes,
    probe: (bytes) => inflateRawSync(bytes, lenient),
    open: () => createInflateRaw(lenient),
  },
  {
    name: 'deflate',
    // RFC 1950 §2.2: window of 32 KiB and the four levels; other windows are not written in practice.
    magics: [0x01, 0x5e, 0x9c, 0xda].map((flags) => Uint8Array.of(0x78, flags)),
    skip: atOnce,
    probe: (bytes) => inflateSync(bytes, lenient),
    open: () => createInflate(lenient),
  },
  {
    name: 'zip',
    magics: [Uint8Array.of(0x50, 0x4b, 3, 4)],
    skip: zipHeaderBytes,
    probe: (bytes) => inflateRawSync(bytes, lenient),
    open: () => createInflateRaw(lenient),
  },
  {
    name: 'zstd',
    magics: [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)],
    skip: atOnce,
    // Four bytes hardly turn up by chance. A block (up to 128 KiB) that is cut off cannot be opened.
    probe: () => null,
    open: () => createZstdDecompress(),
  },
];

export const STREAM_MAGICS: readonly { readonly format: number; readonly magic: Uint8Array }[] =
  FORMATS.flatMap(({ magics }, format) => magics.map((magic) => ({ format, magic })));

/** What a stream that begins at `offset` holds; null when it only looks like one. */
export async function decompress(
  haystack: Haystack,
  offset: number,
  formatIndex: number,
): Promise<Haystack | null> {
  const format = FORMATS[formatIndex] as Format;
  const start = offset + format.skip(Buffer.from(haystack.peek(offset, HEADER_BYTES)));
  if (!opens(format, haystack.peek(start, PROBE_BYTES))) return null;
  const output = await readAll(slices(haystack.chunks(start)), format.open());
  return output.length === 0 ? null : memoryHaystack(`${format.name} at ${offset}`, output);
}

function readAll(input: AsyncIterable<Uint8Array>, stream: Transform): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const source = Readable.from(input);
    const end = (): void => {
      source.destroy();
      stream.destroy();
      resolve(Buffer.concat(parts));
    };
    // Listened to rather than iterated over: an iterator drops what waits in it when the stream fails.
    stream.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (size > MOST_BYTES) end();
    });
    stream.on('end', end);
    // Damaged further on: what came out until then counts.
    stream.on('error', end);
    source.on('error', reject);
    source.pipe(stream);
  });
}

async function* slices(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let small = SMALL_SLICES;
  for await (const chunk of chunks) {
    let start = 0;
    for (; small > 0 && start < chunk.length; small -= 1, start += SMALL_SLICE_BYTES)
      yield chunk.subarray(start, start + SMALL_SLICE_BYTES);
    if (start < chunk.length) yield chunk.subarray(start);
  }
}

function opens(format: Format, prefix: Uint8Array): boolean {
  try {
    format.probe(prefix);
    return true;
  } catch {
    return false;
  }
}

/** RFC 1952 §2.3: ten bytes, then what the flags announce. */
function gzipHeaderBytes(header: Buffer): number {
  const flags = header[3] ?? 0;
  let end = 10;
  if ((flags & 4) !== 0 && header.length >= end + 2) end += 2 + header.readUInt16LE(end);
  for (const text of [8, 16]) {
    // The name and the comment end with a zero.
    if ((flags & text) !== 0) end = header.indexOf(0, end) + 1 || header.length;
  }
  return (flags & 2) !== 0 ? end + 2 : end;
}

/** APPNOTE 4.3.7: the local header, its name and its extra field. Only deflated members are streams. */
function zipHeaderBytes(header: Buffer): number {
  if (header.length < ZIP_HEADER_BYTES || header.readUInt16LE(8) !== 8) return ZIP_HEADER_BYTES;
  return ZIP_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
}
