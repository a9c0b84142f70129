import { describe, expect, it } from 'vitest';
import { fitEdge, MAX_FILE_BYTES, mimeOf, planFile, travelName } from './file-plan.ts';

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
    expect(planFile(file(name, type))).toEqual({ do: 'reencode', mime });
  });

  it.each([
    ['a.pdf', 'application/pdf'],
    ['a.gif', 'image/gif'],
    ['a.svg', 'image/svg+xml'],
    ['a.bin', ''],
  ])('keeps %s as it is', (name, type) => {
    expect(planFile(file(name, type))).toEqual({ do: 'keep' });
  });

  it('refuses what is too large or empty, but lets a large photo shrink', () => {
    expect(planFile(file('a.pdf', 'application/pdf', MAX_FILE_BYTES))).toEqual({ do: 'keep' });
    expect(planFile(file('a.pdf', 'application/pdf', MAX_FILE_BYTES + 1))).toEqual({
      do: 'refuse',
      why: 'too-large',
    });
    expect(planFile(file('a.jpg', 'image/jpeg', MAX_FILE_BYTES + 1)).do).toBe('reencode');
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
