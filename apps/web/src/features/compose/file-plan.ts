/** 10 MiB before sealing. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** As many as a message may carry. */
export const MAX_FILES = 20;
/** A longer edge is scaled down: sharper than any screen, and well below the limit. */
export const MAX_EDGE_PX = 4096;

export type FilePlan =
  /** Decode and encode again: place, device and time of a photo (EXIF, XMP, IPTC) do not survive it. */
  | { readonly do: 'reencode'; readonly mime: 'image/jpeg' | 'image/png' | 'image/webp' }
  /** Carries no photo metadata that could be taken off here. */
  | { readonly do: 'keep' }
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
};

const MIME = /^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,100}$/;

export function mimeOf(file: { readonly name: string; readonly type: string }): string {
  const named = file.type.toLowerCase().split(';')[0]?.trim() ?? '';
  if (MIME.test(named) && named !== 'application/octet-stream') return named;
  const ending = file.name.toLowerCase().split('.').at(-1) ?? '';
  return TYPES_BY_ENDING[ending] ?? 'application/octet-stream';
}

/** What has to happen with a chosen file before it may be sealed. A photo may be larger than the limit: it shrinks on the way. */
export function planFile(file: {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}): FilePlan {
  if (file.size === 0) return { do: 'refuse', why: 'empty' };
  const mime = mimeOf(file);
  if (file.size > 8 * MAX_FILE_BYTES) return { do: 'refuse', why: 'too-large' };
  if (mime === 'image/png') return { do: 'reencode', mime: 'image/png' };
  if (mime === 'image/webp') return { do: 'reencode', mime: 'image/webp' };
  // GIF has no EXIF, and encoding it again would stop it; SVG is text that is never shown as a picture.
  if (mime.startsWith('image/') && mime !== 'image/gif' && mime !== 'image/svg+xml') {
    return { do: 'reencode', mime: 'image/jpeg' };
  }
  return file.size > MAX_FILE_BYTES ? { do: 'refuse', why: 'too-large' } : { do: 'keep' };
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
