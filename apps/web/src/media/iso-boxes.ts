// Boxes of the ISO base media file format (ISO/IEC 14496-12) and of QuickTime, as far as metadata hides in them. Only ever overwrites in
// place: no box changes its length, so every offset into picture and sound stays right.

export interface Box {
  readonly type: string;
  readonly start: number;
  /** First byte after size and type. */
  readonly body: number;
  readonly end: number;
}

/** A run of bytes in the file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
}

/** Header of the box at `at`; null where the rest is too short for one. `limit`: end of what it lies in. */
export function boxAt(view: DataView, at: number, limit: number, base = 0): Box | null {
  if (limit - at < 8) return null;
  const offset = at - base;
  let size = view.getUint32(offset);
  let header = 8;
  if (size === 1) {
    if (limit - at < 16 || view.byteLength < offset + 16) throw new NotUnderstood('size');
    size = view.getUint32(offset + 8) * 2 ** 32 + view.getUint32(offset + 12);
    header = 16;
  } else if (size === 0) {
    size = limit - at;
  }
  if (size < header || at + size > limit) throw new NotUnderstood('size');
  const type = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + offset + 4, 4));
  return { type, start: at, body: at + header, end: at + size };
}

export function* boxesIn(view: DataView, from: number, to: number): Generator<Box> {
  for (let at = from; ; ) {
    const box = boxAt(view, at, to);
    if (box === null) return;
    yield box;
    at = box.end;
  }
}

export function find(view: DataView, within: Box, ...path: string[]): Box | null {
  let place: Box = within;
  for (const type of path) {
    let found: Box | null = null;
    for (const box of boxesIn(view, place.body, place.end)) if (box.type === type) found ??= box;
    if (found === null) return null;
    place = found;
  }
  return place;
}

/** The box becomes free space of the same length. */
export function blank(view: DataView, box: Box): void {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  bytes.set([0x66, 0x72, 0x65, 0x65], box.start + 4); // "free"
  bytes.fill(0, box.body, box.end);
}

/** Where the samples of a track lie in the file, from its sample table. Throws `NotUnderstood`. */
export function sampleSpans(view: DataView, stbl: Box): Span[] {
  const stsz = find(view, stbl, 'stsz');
  const stsc = find(view, stbl, 'stsc');
  const stco = find(view, stbl, 'stco');
  const co64 = find(view, stbl, 'co64');
  const offsets = stco ?? co64;
  if (stsz === null || stsc === null || offsets === null) throw new NotUnderstood('sample table');
  const word = (box: Box, index: number): number => {
    const at = box.body + 4 * index;
    if (at + 4 > box.end) throw new NotUnderstood('sample table');
    return view.getUint32(at);
  };
  const fixed = word(stsz, 1);
  const samples = word(stsz, 2);
  const chunks = word(offsets, 1);
  const runs = word(stsc, 1);
  const spans: Span[] = [];
  let sample = 0;
  for (let run = 0; run < runs; run++) {
    const first = word(stsc, 2 + 3 * run);
    const last = run + 1 < runs ? word(stsc, 2 + 3 * (run + 1)) - 1 : chunks;
    const perChunk = word(stsc, 3 + 3 * run);
    if (first < 1 || last > chunks) throw new NotUnderstood('sample table');
    for (let chunk = first; chunk <= last && sample < samples; chunk++) {
      const start =
        stco === null
          ? word(offsets, 2 * chunk) * 2 ** 32 + word(offsets, 2 * chunk + 1)
          : word(offsets, 1 + chunk);
      const count = Math.min(perChunk, samples - sample);
      let length = fixed * count;
      if (fixed === 0) for (let n = 0; n < count; n++) length += word(stsz, 3 + sample + n);
      sample += count;
      spans.push({ start, end: start + length });
    }
  }
  return spans;
}
