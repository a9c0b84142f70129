import { describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES } from '@baton/wire';
import { fitEdge, mimeOf, planFile, travelName } from './file-plan.ts';

const file = (name: string, type: string, size = 1000) => ({ name, type, size });

describe('what happens to a chosen file', () => {
  it.each([
    ['photo.JPG', 'image/jpeg', 'image/jpeg'],
    ['scan.png', 'image/png', 'image/png'],
    ['a.webp', 'image/webp', 'image/webp'],
    ['IMG_1.heic', 'image/heic', 'image/jpeg'],
    ['IMG_1.HEIC', '', 'image/jpeg'],
    ['x.tiff', 'image/tiff', 'image/jpeg'],
    ['no-ending', 'image/jpeg; charset=x', 'image/jpeg'],
  ])('encodes %s again, so that no EXIF survives', (name, type, mime) => {
    expect(planFile(file(name, type))).toEqual({ do: 'redraw', mime });
  });

  it.each([
    ['a.pdf', 'application/pdf', 'document'],
    ['a.gif', 'image/gif', 'document'],
    ['a.svg', 'image/svg+xml', 'document'],
    ['a.bin', '', 'document'],
    ['a.mkv', 'video/x-matroska', 'recording'],
    ['a.mp3', 'audio/mpeg', 'recording'],
  ])('keeps %s as it is, and says what may be in it', (name, type, left) => {
    expect(planFile(file(name, type))).toEqual({ do: 'keep', left });
  });

  it.each([
    ['a.mp4', 'video/mp4'],
    ['a.MOV', 'video/quicktime'],
    ['a.mov', ''],
    ['a.m4a', 'audio/x-m4a'],
  ])('strips %s', (name, type) => {
    expect(planFile(file(name, type))).toEqual({ do: 'strip' });
  });

  it('refuses what is too large or empty', () => {
    expect(planFile(file('a.pdf', 'application/pdf', MAX_FILE_BYTES)).do).toBe('keep');
    expect(planFile(file('a.pdf', 'application/pdf', MAX_FILE_BYTES + 1))).toEqual({
      do: 'refuse',
      why: 'too-large',
    });
    expect(planFile(file('a.jpg', 'image/jpeg', 0))).toEqual({ do: 'refuse', why: 'empty' });
  });

  it('does not trust a strange type', () => {
    expect(mimeOf(file('x', 'text/<script>'))).toBe('application/octet-stream');
    expect(mimeOf(file('x.pdf', 'application/octet-stream'))).toBe('application/pdf');
  });

  it('fits the longest edge and keeps the shape', () => {
    expect(fitEdge(8192, 4096)).toEqual({ width: 4096, height: 2048 });
    expect(fitEdge(800, 600)).toEqual({ width: 800, height: 600 });
    expect(fitEdge(100_000, 1)).toEqual({ width: 4096, height: 1 });
  });

  it('names a file after what is inside, without a path', () => {
    expect(travelName('C:\\Users\\ana\\IMG_1.heic', 'image/jpeg')).toBe('IMG_1.jpg');
    expect(travelName('report.final.pdf', 'application/pdf')).toBe('report.final.pdf');
    expect(travelName('.jpg', 'image/jpeg')).toBe('file.jpg');
    expect(travelName('x'.repeat(400), 'application/pdf')).toHaveLength(200);
  });
});
