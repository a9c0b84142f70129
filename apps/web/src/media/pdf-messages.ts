// What the page and the sandboxed frame that draws PDFs say to each other. Nothing else is listened to.

export interface PdfTask {
  readonly t: 'pdf';
  readonly bytes: ArrayBuffer;
  /** BCP 47, for the frame's own few words. */
  readonly language: string;
}

export type PdfNews =
  | { readonly t: 'ready' }
  | { readonly t: 'shown'; readonly pages: number }
  | { readonly t: 'failed'; readonly why: 'password' | 'damaged' };

export function isPdfTask(value: unknown): value is PdfTask {
  return isRecord(value) && value['t'] === 'pdf' && value['bytes'] instanceof ArrayBuffer;
}

export function isPdfNews(value: unknown): value is PdfNews {
  if (!isRecord(value)) return false;
  if (value['t'] === 'ready') return true;
  if (value['t'] === 'shown') return typeof value['pages'] === 'number';
  return value['t'] === 'failed' && (value['why'] === 'password' || value['why'] === 'damaged');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
