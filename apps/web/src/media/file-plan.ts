import { MAX_FILE_BYTES } from '@baton/wire';

/** As many as a message may carry. */
export const MAX_FILES = 20;
/** A longer edge is scaled down: sharper than any screen, and well below the limit. */
const MAX_EDGE_PX = 4096;

/** What may have stayed in a file: nothing, what the program of a document wrote into it, or where and with what something was recorded. */
export type LeftInside = 'nothing' | 'document' | 'recording';

export type FilePlan =
  /** Decode and encode again: place, device and time of a photo (EXIF, XMP, IPTC) do not survive it. */
  | { readonly do: 'redraw'; readonly mime: 'image/jpeg' | 'image/png' | 'image/webp' }
  /** Overwrite the boxes of an MP4 or MOV that are neither picture nor sound. */
  | { readonly do: 'strip' }
  | { readonly do: 'keep'; readonly left: LeftInside }
  | { readonly do: 'refuse'; readonly why: 'too-large' | 'empty' };

/** What the browser may be too modest to name. */
const TYPES_BY_ENDING: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  heic: 'image/heic',
  heif: 'image/heif',
  avif: 'image/avif',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  pdf: 'application/pdf',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  '3gp': 'video/3gpp',
  webm: 'video/webm',
  m4a: 'audio/mp4',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
};

/** ISO base media files: what strip-video.ts can read. */
const ISO_MEDIA = new Set([
  'video/mp4',
  'video/quicktime',
  'video/x-m4v',
  'video/3gpp',
  'video/3gpp2',
  'audio/mp4',
  'audio/x-m4a',
  'audio/aacp',
]);

const MIME = /^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,100}$/;

export function mimeOf(file: { readonly name: string; readonly type: string }): string {
  const named = file.type.toLowerCase().split(';')[0]?.trim() ?? '';
  if (MIME.test(named) && named !== 'application/octet-stream') return named;
  const ending = file.name.toLowerCase().split('.').at(-1) ?? '';
  return TYPES_BY_ENDING[ending] ?? 'application/octet-stream';
}

/** What has to happen with a chosen file before it may be sealed. */
export function planFile(file: {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}): FilePlan {
  if (file.size === 0) return { do: 'refuse', why: 'empty' };
  if (file.size > MAX_FILE_BYTES) return { do: 'refuse', why: 'too-large' };
  const mime = mimeOf(file);
  if (mime === 'image/png') return { do: 'redraw', mime: 'image/png' };
  if (mime === 'image/webp') return { do: 'redraw', mime: 'image/webp' };
  // GIF has no EXIF, and encoding it again would stop it; SVG is text that is never shown as a picture.
  if (mime === 'image/gif' || mime === 'image/svg+xml') return { do: 'keep', left: 'document' };
  if (mime.startsWith('image/')) return { do: 'redraw', mime: 'image/jpeg' };
  if (ISO_MEDIA.has(mime)) return { do: 'strip' };
  return { do: 'keep', left: /^(?:video|audio)\//.test(mime) ? 'recording' : 'document' };
}

/** Width and height that fit the longest edge. */
export function fitEdge(width: number, height: number): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, MAX_EDGE_PX / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The name that travels: the ending fits what is inside, no path, at most 200 characters. */
export function travelName(name: string, mime: string): string {
  const bare = name.split(/[\\/]/).at(-1)?.trim() ?? '';
  const ending = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp' }[mime];
  const stem = ending === undefined ? bare : bare.replace(/\.[^.]*$/, '');
  const safe = (stem === '' ? 'file' : stem).slice(0, 200);
  return ending === undefined ? safe : `${safe}.${ending}`;
}
