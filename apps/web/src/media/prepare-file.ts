// Everything in this folder works on the DOM alone, without React and Mantine: the staff app and the patient's page both take it from here.
import type { OutgoingFile } from '@baton/client';
import { MAX_FILE_BYTES } from '@baton/wire';
import { blobSource } from './byte-source.ts';
import { type LeftInside, mimeOf, planFile, travelName } from './file-plan.ts';
import { redrawImage } from './redraw-image.ts';
import { stripVideo } from './strip-video.ts';

export type FileRefusal = 'too-large' | 'empty' | 'unreadable';
export type PreparedFile =
  /** `left`: what may still be in it; to be told to the person before it is sent. */
  | { readonly ok: true; readonly file: OutgoingFile; readonly left: LeftInside }
  | { readonly ok: false; readonly why: FileRefusal };

/**
 * Makes a chosen file ready to be sealed: photos are drawn anew, videos and recordings lose what is neither picture nor sound. A photo that
 * cannot be drawn is refused; a video that is not understood goes as it is and `left` says so. Nothing leaves the device here.
 */
export async function prepareFile(chosen: File): Promise<PreparedFile> {
  const plan = planFile(chosen);
  if (plan.do === 'refuse') return { ok: false, why: plan.why };
  if (plan.do === 'redraw') return redraw(chosen, plan.mime);
  if (plan.do === 'keep') return asIs(chosen, chosen, plan.left);
  const stripped = await stripVideo(chosen).catch(() => null);
  return stripped === null ? asIs(chosen, chosen, 'recording') : asIs(chosen, stripped, 'nothing');
}

async function redraw(chosen: File, mime: string): Promise<PreparedFile> {
  const drawn = await redrawImage(chosen, mime);
  if (drawn === null) return { ok: false, why: 'unreadable' };
  const { blob, width, height } = drawn;
  if (blob.size > MAX_FILE_BYTES) return { ok: false, why: 'too-large' };
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const name = travelName(chosen.name, blob.type);
  return { ok: true, file: { name, mime: blob.type, bytes, width, height }, left: 'nothing' };
}

function asIs(chosen: File, content: Blob, left: LeftInside): PreparedFile {
  const mime = mimeOf(chosen);
  const name = travelName(chosen.name, mime);
  return { ok: true, file: { name, mime, bytes: blobSource(content), width: null, height: null }, left };
}
