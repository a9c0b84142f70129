import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createSeededRng } from '../chance/seeded-rng.ts';
import { findCanaries } from './find-canaries.ts';

const NAME = 'Zoë "Zee" Ångström-Ñandú';
const PHONE = '+1 (555) 010-4477';
const noise = (seed: string, length: number) => Buffer.from(createSeededRng(seed).bytes(length));

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'canaries-'));
  folders.push(folder);
  return folder;
}

async function findIn(bytes: Uint8Array, needles = [NAME, PHONE]) {
  return findCanaries({ haystacks: [{ name: 'memory', bytes }], needles });
}

const planted = (around: string, text: string | Uint8Array) =>
  Buffer.concat([
    noise(`${around} before`, 1000),
    typeof text === 'string' ? Buffer.from(text) : text,
    noise(around, 1000),
  ]);

const base64At = (shift: number, encoding: 'base64' | 'base64url') =>
  Buffer.concat([Buffer.alloc(shift, 0xa7), Buffer.from(NAME), Buffer.alloc(5, 0x5c)]).toString(encoding);
const escaped = (text: string, upper: boolean) =>
  [...Array(text.length).keys()]
    .map((index) => text.charCodeAt(index).toString(16).padStart(4, '0'))
    .map((digits) => `\\u${upper ? digits.toUpperCase() : digits}`)
    .join('');
const asciiJson = (text: string) =>
  JSON.stringify(text).replaceAll(/[^ -~]/g, (unit) => escaped(unit, false));

const FORMS: readonly (readonly [string, string | Uint8Array])[] = [
  ['utf8', NAME],
  ['utf8, lower case', NAME.toLowerCase()],
  ['utf8, upper case', NAME.toUpperCase()],
  ['utf16le', Buffer.from(NAME, 'utf16le')],
  ...[0, 1, 2, 3, 4, 5].flatMap((shift) => [
    [`base64, alignment ${shift % 3}`, base64At(shift, 'base64')] as const,
    [`base64(url)?, alignment ${shift % 3}`, base64At(shift, 'base64url')] as const,
  ]),
  ['hex', Buffer.from(NAME).toString('hex')],
  ['hex, upper case', Buffer.from(NAME).toString('hex').toUpperCase()],
  ['percent', encodeURIComponent(NAME)],
  ['percent, lower case', encodeURIComponent(NAME).replaceAll(/%../g, (code) => code.toLowerCase())],
  ['percent, form', new URLSearchParams({ name: NAME }).toString()],
  ['percent, every byte', Buffer.from(NAME).toString('hex').toUpperCase().replaceAll(/../g, '%$&')],
  ['json', JSON.stringify({ name: NAME })],
  ['json, ascii', asciiJson(NAME)],
  ['json, every character', escaped(NAME, false)],
  ['json, every character, upper case', escaped(NAME, true)],
];

describe('canaries', () => {
  it.each(FORMS)('are found as %s', async (encoding, text) => {
    const finds = await findIn(planted(encoding, text));
    expect(finds.map((find) => find.needle)).toContain(NAME);
    expect(finds.some((find) => new RegExp(`^${encoding}$`).test(find.encoding))).toBe(true);
    const [first] = finds;
    expect(first?.haystack).toBe('memory');
    expect(first?.offset).toBeGreaterThanOrEqual(1000);
  });

  it('are found at the offset of their first byte', async () => {
    const [find] = await findIn(planted('offset', PHONE));
    expect(find).toEqual({ needle: PHONE, encoding: 'utf8', haystack: 'memory', offset: 1000, inside: [] });
  });

  it('are not found where none is, in 4 MB of noise and text', async () => {
    const text = Buffer.from('Zoe Angstrom, 555 010 4478, {"name":"Zo\\u00eb"} '.repeat(20_000));
    expect(await findIn(Buffer.concat([noise('nothing here', 3_000_000), text]))).toEqual([]);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['zstd', zstdCompressSync],
  ])('are found inside a %s stream, even when it is cut off', async (format, compress) => {
    const text = `${PHONE} `.repeat(3) + noise('tail', 50_000).toString('hex');
    const body = compress(text);
    // Otherwise the scan of the file alone would find it. Zstandard keeps literals as they are.
    if (format !== 'zstd') expect(body.includes(PHONE)).toBe(false);
    for (const stream of format === 'zstd' ? [body] : [body, body.subarray(0, 20_000)]) {
      const finds = (await findIn(planted(format, stream))).filter((find) => find.inside.length > 0);
      expect(finds[0]).toMatchObject({
        needle: PHONE,
        encoding: 'utf8',
        offset: 0,
        inside: [`${format} at 1000`],
      });
    }
  });

  it('are found in a gzip stream with a name, a comment and an extra field, and with damage further on', async () => {
    const plain = gzipSync(`${PHONE} `.repeat(3) + noise('tail', 50_000).toString('hex'));
    const header = Buffer.concat([
      plain.subarray(0, 10),
      Buffer.from('\x03\0abcname\0comment\0crc', 'latin1'),
    ]);
    header[3] = 4 | 8 | 16 | 2;
    const body = Buffer.concat([header.subarray(0, -1), plain.subarray(10)]);
    body.fill(0xff, 20_000, 20_200);
    expect(await findIn(planted('header', body))).toMatchObject([
      { needle: PHONE, inside: ['gzip at 1000'] },
      { needle: PHONE, inside: ['gzip at 1000'] },
      { needle: PHONE, inside: ['gzip at 1000'] },
    ]);
  });

  it('are found in the deflated member of a zip file', async () => {
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(8, 8);
    header.writeUInt16LE(5, 26);
    const member = Buffer.concat([
      header,
      Buffer.from('a.txt'),
      deflateRawSync(`${PHONE} ${PHONE} ${PHONE}`),
    ]);
    expect((await findIn(planted('zip', member)))[0]?.inside).toEqual(['zip at 1000']);
  });

  it('are found in base64 inside gzip inside zlib', async () => {
    const bytes = deflateSync(gzipSync(Buffer.from(`{"b":"${base64At(1, 'base64')}"}`.repeat(3))));
    const [find] = await findIn(planted('nested', bytes));
    expect(find).toMatchObject({
      needle: NAME,
      encoding: 'base64, alignment 1',
      inside: ['deflate at 1000', 'gzip at 0'],
    });
  });

  it('are found in files, file names and below folders, also where two chunks meet', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'base/16384'), { recursive: true });
    const seam = 4 * 1024 * 1024;
    const big = Buffer.alloc(seam + 5000, '.');
    big.write(PHONE, seam - 6);
    writeFileSync(join(folder, 'base/16384/2619'), big);
    writeFileSync(join(folder, 'base', encodeURIComponent(NAME)), 'empty');
    symlinkSync('/nowhere', join(folder, 'dangling'));
    const finds = await findCanaries({ haystacks: [folder], needles: [NAME, PHONE] });
    expect(finds).toHaveLength(2);
    expect(finds).toContainEqual({
      needle: PHONE,
      encoding: 'utf8',
      haystack: join(folder, 'base/16384/2619'),
      offset: seam - 6,
      inside: [],
    });
    expect(finds.find((find) => find.needle === NAME)).toMatchObject({
      encoding: 'percent',
      inside: ['name'],
    });
  });

  it('are refused when they are too short, or when there are none: such a search would prove nothing', async () => {
    await expect(findIn(Buffer.alloc(10), ['Bob'])).rejects.toThrow(RangeError);
    await expect(findIn(Buffer.alloc(10), [])).rejects.toThrow(RangeError);
    await expect(findCanaries({ haystacks: ['/nowhere/at/all'], needles: [NAME] })).rejects.toThrow('ENOENT');
  });

  it('end after the limit', async () => {
    const bytes = Buffer.from(`${PHONE} `.repeat(500));
    expect(await findIn(bytes)).toHaveLength(100);
    expect(
      await findCanaries({ haystacks: [{ name: 'x', bytes }], needles: [PHONE], limit: 7 }),
    ).toHaveLength(7);
  });

  it('are searched for in 200 MB within seconds', async () => {
    const folder = newFolder();
    const block = noise('large', 4_000_000);
    for (let file = 0; file < 4; file += 1)
      writeFileSync(join(folder, `${file}.bin`), Buffer.concat(Array.from({ length: 12 }, () => block)));
    writeFileSync(join(folder, 'last.bin'), planted('large', gzipSync(PHONE.repeat(20))));
    const needles = [
      NAME,
      PHONE,
      ...Array.from({ length: 30 }, (_, index) => `Patient Canary ${index} 1958-03-${index}`),
    ];
    const started = performance.now();
    const finds = await findCanaries({ haystacks: [folder], needles });
    const seconds = (performance.now() - started) / 1000;
    expect(finds.length).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(15);
    console.log(`192 MB, ${needles.length} needles: ${seconds.toFixed(2)} s`);
  });
});
