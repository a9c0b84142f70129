import { fitEdge } from './file-plan.ts';

const QUALITY = 0.9;
/** A picture whose own type would come out larger than this goes as JPEG. */
const LARGE_BYTES = 10 * 1024 * 1024;

/**
 * Decodes a picture, turned as its EXIF says, and encodes what is seen: place, device, time, comments and embedded previews do not survive
 * it. null where this browser cannot decode it.
 */
export async function redrawImage(
  chosen: Blob,
  mime: string,
): Promise<{ readonly blob: Blob; readonly width: number; readonly height: number } | null> {
  const picture = await createImageBitmap(chosen).catch(() => null);
  if (picture === null) return null;
  try {
    const size = fitEdge(picture.width, picture.height);
    const canvas = new OffscreenCanvas(size.width, size.height);
    const context = canvas.getContext('2d');
    if (context === null) return null;
    if (mime === 'image/jpeg') {
      context.fillStyle = '#fff';
      context.fillRect(0, 0, size.width, size.height);
    }
    context.drawImage(picture, 0, 0, size.width, size.height);
    // A browser that cannot write a type answers PNG: the type that came out is the one that counts.
    const first = await canvas.convertToBlob({ type: mime, quality: QUALITY });
    const blob =
      first.size > LARGE_BYTES ? await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 }) : first;
    return { blob, ...size };
  } finally {
    picture.close();
  }
}
