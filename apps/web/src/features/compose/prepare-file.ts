import type { OutgoingFile } from '@baton/client';
import { fitEdge, MAX_FILE_BYTES, mimeOf, planFile, travelName } from './file-plan.ts';

export type FileRefusal = 'too-large' | 'empty' | 'unreadable';
export type PreparedFile =
  | { readonly ok: true; readonly file: OutgoingFile }
  | { readonly ok: false; readonly why: FileRefusal };

const QUALITY = 0.9;

/** Makes a chosen file ready to be sealed: photos are drawn anew, so that nothing but the picture is left. */
export async function prepareFile(chosen: File): Promise<PreparedFile> {
  const plan = planFile(chosen);
  if (plan.do === 'refuse') return { ok: false, why: plan.why };
  if (plan.do === 'keep') {
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    const mime = mimeOf(chosen);
    return {
      ok: true,
      file: { name: travelName(chosen.name, mime), mime, bytes, width: null, height: null },
    };
  }
  return drawAnew(chosen, plan.mime);
}

async function drawAnew(chosen: File, mime: string): Promise<PreparedFile> {
  // Decoding turns the picture the way its EXIF says before that is dropped.
  const picture = await createImageBitmap(chosen).catch(() => null);
  if (picture === null) return { ok: false, why: 'unreadable' };
  try {
    const size = fitEdge(picture.width, picture.height);
    const canvas = new OffscreenCanvas(size.width, size.height);
    const context = canvas.getContext('2d');
    if (context === null) return { ok: false, why: 'unreadable' };
    if (mime === 'image/jpeg') {
      context.fillStyle = '#fff';
      context.fillRect(0, 0, size.width, size.height);
    }
    context.drawImage(picture, 0, 0, size.width, size.height);
    // A browser that cannot write a type answers PNG: the type that came out is the one that counts.
    const first = await canvas.convertToBlob({ type: mime, quality: QUALITY });
    const blob =
      first.size > MAX_FILE_BYTES ? await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 }) : first;
    if (blob.size > MAX_FILE_BYTES) return { ok: false, why: 'too-large' };
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return {
      ok: true,
      file: { name: travelName(chosen.name, blob.type), mime: blob.type, bytes, ...size },
    };
  } finally {
    picture.close();
  }
}
