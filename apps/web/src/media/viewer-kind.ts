/** How a file is shown. `none`: it is only ever saved. */
export type ViewerKind = 'image' | 'pdf' | 'audio' | 'video' | 'none';

/**
 * Types that the browser shows without running anything of theirs. SVG and HTML are documents that can run script; they and everything
 * unknown are never opened in this origin.
 */
const KINDS: Readonly<Record<string, ViewerKind>> = {
  'image/jpeg': 'image',
  'image/png': 'image',
  'image/webp': 'image',
  'image/gif': 'image',
  'image/avif': 'image',
  'application/pdf': 'pdf',
  'audio/mp4': 'audio',
  'audio/x-m4a': 'audio',
  'audio/mpeg': 'audio',
  'audio/ogg': 'audio',
  'audio/wav': 'audio',
  'audio/x-wav': 'audio',
  'audio/webm': 'audio',
  'audio/aac': 'audio',
  'video/mp4': 'video',
  'video/quicktime': 'video',
  'video/webm': 'video',
  'video/x-m4v': 'video',
  'video/3gpp': 'video',
  'video/ogg': 'video',
};

export function viewerOf(mime: string): ViewerKind {
  return Object.hasOwn(KINDS, mime) ? (KINDS[mime] ?? 'none') : 'none';
}
