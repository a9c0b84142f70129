import { type Bytes, compareBytes, encodeUtf8 } from '@baton/kernel';

export interface Kind {
  readonly mime: string;
  /** File name ending, without the dot. */
  readonly ending: string;
}

/** Bytes at an offset by which a kind is known. */
interface Mark extends Kind {
  readonly at: number;
  readonly bytes: Bytes;
}

const mark = (mime: string, ending: string, bytes: readonly number[] | string, at = 0): Mark => ({
  mime,
  ending,
  at,
  bytes: typeof bytes === 'string' ? encodeUtf8(bytes) : new Uint8Array(bytes),
});

/** What phones send, and nothing that a browser would run. */
const MARKS: readonly Mark[] = [
  mark('image/jpeg', 'jpg', [0xff, 0xd8, 0xff]),
  mark('image/png', 'png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  mark('image/gif', 'gif', 'GIF87a'),
  mark('image/gif', 'gif', 'GIF89a'),
  mark('application/pdf', 'pdf', '%PDF-'),
  mark('audio/amr', 'amr', '#!AMR'),
  mark('audio/mpeg', 'mp3', 'ID3'),
  mark('audio/ogg', 'ogg', 'OggS'),
  mark('video/webm', 'webm', [0x1a, 0x45, 0xdf, 0xa3]),
];

/** `RIFF....` and what follows. */
const RIFF: readonly Mark[] = [mark('image/webp', 'webp', 'WEBP', 8), mark('audio/wav', 'wav', 'WAVE', 8)];

/** `....ftyp` and the brand (ISO/IEC 14496-12). */
const BRANDS: readonly (readonly [RegExp, Kind])[] = [
  [/^(?:heic|heix|hevc|hevx|mif1|msf1)$/, { mime: 'image/heic', ending: 'heic' }],
  [/^avi[fs]$/, { mime: 'image/avif', ending: 'avif' }],
  [/^M4A $/, { mime: 'audio/mp4', ending: 'm4a' }],
  [/^qt {2}$/, { mime: 'video/quicktime', ending: 'mov' }],
  [/^3g[pgrs2].$/, { mime: 'video/3gpp', ending: '3gp' }],
  [/^(?:isom|iso[2-9]|mp4[12]|avc1|M4V |MSNV|dash)$/, { mime: 'video/mp4', ending: 'mp4' }],
];

/** What these bytes are, whatever they are called; null for everything that is not on the list. */
export function kindOfBytes(bytes: Bytes): Kind | null {
  const found = MARKS.find((known) => has(bytes, known));
  if (found) return { mime: found.mime, ending: found.ending };
  if (has(bytes, mark('', '', 'RIFF'))) {
    const riff = RIFF.find((known) => has(bytes, known));
    return riff ? { mime: riff.mime, ending: riff.ending } : null;
  }
  if (has(bytes, mark('', '', 'ftyp', 4))) {
    const brand = String.fromCharCode(...bytes.subarray(8, 12));
    return BRANDS.find(([pattern]) => pattern.test(brand))?.[1] ?? null;
  }
  // MPEG audio without a tag: frame sync, layer III.
  if (bytes.length > 1 && bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe6) === 0xe2)
    return { mime: 'audio/mpeg', ending: 'mp3' };
  return null;
}

function has(bytes: Bytes, { at, bytes: wanted }: Mark): boolean {
  return compareBytes(bytes.subarray(at, at + wanted.length), wanted) === 0;
}
