import { blank, type Box, boxAt, boxesIn, find, NotUnderstood, sampleSpans, type Span } from './iso-boxes.ts';

/** A movie header longer than this is not read into memory. */
const MAX_MOOV_BYTES = 32 * 1024 * 1024;
const MAX_BOXES = 10_000;
/** What an MP4 or MOV may begin with. */
const FIRST = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip']);
/** User data and metadata (place, make, model, date), XMP, and space in which an editor may have left them. */
const TELLING = new Set(['udta', 'meta', 'uuid', 'free', 'skip', 'wide', 'cprt', 'ilst', 'keys']);
/** Handlers of tracks that are picture, sound or words under it. Everything else tells of the recording: place, time of day, motion. */
const SHOWN = new Set(['vide', 'soun', 'auxv', 'subt', 'sbtl', 'clcp']);
const ZEROS = new Uint8Array(64 * 1024);

/**
 * Takes out of an MP4, MOV, M4A or 3GP what is neither picture nor sound: user data and metadata boxes (place, make, model), XMP, dates of
 * making, and tracks of telemetry with their samples. Nothing moves: what is taken is overwritten with zeros. null where the file is not
 * of a form that this understands (fragmented with telemetry, damaged, another format): then nothing can be promised about it.
 */
export async function stripVideo(file: Blob): Promise<Blob | null> {
  try {
    return await strip(file);
  } catch (error) {
    if (error instanceof NotUnderstood || error instanceof RangeError) return null;
    throw error;
  }
}

async function strip(file: Blob): Promise<Blob> {
  const boxes = await topBoxes(file);
  const moovBox = boxes.find(({ type }) => type === 'moov');
  if (moovBox === undefined || moovBox.end - moovBox.start > MAX_MOOV_BYTES) throw new NotUnderstood('moov');
  if (boxes.filter(({ type }) => type === 'moov').length > 1) throw new NotUnderstood('moov');
  const moov = new Uint8Array(await file.slice(moovBox.start, moovBox.end).arrayBuffer());
  const spans = cleanMovie(moov);
  if (spans.length > 0 && boxes.some(({ type }) => type === 'moof')) throw new NotUnderstood('fragments');
  const data = boxes.filter(({ type }) => type === 'mdat');
  for (const span of spans)
    if (!data.some((box) => span.start >= box.body && span.end <= box.end))
      throw new NotUnderstood('samples');
  const patches: Patch[] = spans.map((span) => ({ ...span, parts: () => zeros(span.end - span.start) }));
  patches.push({ start: moovBox.start, end: moovBox.end, parts: () => [moov] });
  for (const box of boxes.filter(({ type }) => TELLING.has(type))) patches.push(...blanked(box));
  return patched(file, patches);
}

async function topBoxes(file: Blob): Promise<Box[]> {
  const boxes: Box[] = [];
  for (let at = 0; at < file.size; ) {
    const head = new DataView(await file.slice(at, at + 16).arrayBuffer());
    const box = boxAt(head, at, file.size, at);
    if (box === null || boxes.length === MAX_BOXES) throw new NotUnderstood('boxes');
    if (boxes.length === 0 && !FIRST.has(box.type)) throw new NotUnderstood('first box');
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** Cleans the movie box in place; answers where the samples of telemetry lie in the file. */
function cleanMovie(bytes: Uint8Array): Span[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const moov = boxAt(view, 0, bytes.length);
  if (moov === null) throw new NotUnderstood('moov');
  const spans: Span[] = [];
  for (const box of boxesIn(view, moov.body, moov.end)) {
    if (TELLING.has(box.type)) blank(view, box);
    else if (box.type === 'mvhd') clearTimes(view, box);
    else if (box.type === 'cmov') throw new NotUnderstood('compressed');
    else if (box.type === 'trak') spans.push(...cleanTrack(view, box));
  }
  return spans;
}

function cleanTrack(view: DataView, trak: Box): Span[] {
  const handler = find(view, trak, 'mdia', 'hdlr');
  if (handler === null || handler.end < handler.body + 12) throw new NotUnderstood('track');
  const kind = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + handler.body + 8, 4));
  if (!SHOWN.has(kind)) {
    const stbl = find(view, trak, 'mdia', 'minf', 'stbl');
    const spans = stbl === null ? [] : sampleSpans(view, stbl);
    blank(view, trak);
    return spans;
  }
  for (const box of boxesIn(view, trak.body, trak.end)) {
    if (TELLING.has(box.type)) blank(view, box);
    else if (box.type === 'tkhd') clearTimes(view, box);
    else if (box.type === 'mdia') cleanMedia(view, box);
  }
  return [];
}

function cleanMedia(view: DataView, mdia: Box): void {
  for (const box of boxesIn(view, mdia.body, mdia.end)) {
    if (TELLING.has(box.type)) blank(view, box);
    else if (box.type === 'mdhd') clearTimes(view, box);
    else if (box.type === 'minf')
      for (const inner of boxesIn(view, box.body, box.end)) if (TELLING.has(inner.type)) blank(view, inner);
  }
}

/** Creation and modification time follow version and flags: 4 bytes each, 8 in version 1. */
function clearTimes(view: DataView, box: Box): void {
  const width = view.getUint8(box.body) === 1 ? 16 : 8;
  if (box.body + 4 + width > box.end) throw new NotUnderstood('times');
  new Uint8Array(view.buffer, view.byteOffset + box.body + 4, width).fill(0);
}

interface Patch extends Span {
  readonly parts: () => BlobPart[];
}

/** A top-level box as free space: its type, and zeros for its body. */
function blanked(box: Box): Patch[] {
  const free = { start: box.start + 4, end: box.start + 8, parts: () => ['free'] };
  const body = { start: box.body, end: box.end, parts: () => zeros(box.end - box.body) };
  return [free, body];
}

function zeros(length: number): BlobPart[] {
  const whole = Array.from({ length: Math.floor(length / ZEROS.length) }, () => ZEROS);
  return [...whole, ZEROS.subarray(0, length % ZEROS.length)];
}

function patched(file: Blob, patches: readonly Patch[]): Blob {
  const parts: BlobPart[] = [];
  let at = 0;
  for (const patch of patches.toSorted((a, b) => a.start - b.start)) {
    if (patch.end <= patch.start) continue;
    if (patch.start < at) throw new NotUnderstood('overlap');
    parts.push(file.slice(at, patch.start), ...patch.parts());
    at = patch.end;
  }
  parts.push(file.slice(at));
  return new Blob(parts, { type: file.type });
}
