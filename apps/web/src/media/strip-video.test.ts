import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripVideo } from './strip-video.ts';

// What a telephone writes into a film besides the film, put together by hand.

const PLACE = '+40.7128-074.0060/';
const TELEMETRY = 'GPS5 40.7128 -74.0060';
const PICTURE = Buffer.from('the picture itself, byte by byte');

function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * index);
  return bytes;
}
function box(type: string, ...parts: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  );
  return Buffer.concat([u32(8 + body.length), Buffer.from(type, 'latin1'), body]);
}
/** The same with a 64-bit length. */
function longBox(type: string, body: Buffer): Buffer {
  return Buffer.concat([u32(1), Buffer.from(type, 'latin1'), u32(0, 16 + body.length), body]);
}

const TIMES = u32(0, 0xe1234567, 0xe1234568);

function track(
  kind: string,
  samples: { offset: number; sizes: number[] },
  extra: Buffer[] = [],
  wide = false,
): Buffer {
  const offsets = wide ? box('co64', u32(0, 1, 0, samples.offset)) : box('stco', u32(0, 1, samples.offset));
  const stbl = box(
    'stbl',
    box('stsz', u32(0, 0, samples.sizes.length, ...samples.sizes)),
    box('stsc', u32(0, 1, 1, samples.sizes.length, 1)),
    offsets,
  );
  return box(
    'trak',
    box('tkhd', TIMES, u32(1, 0)),
    box(
      'mdia',
      box('mdhd', TIMES, u32(600, 0)),
      box('hdlr', u32(0, 0), kind, u32(0, 0, 0)),
      box('minf', stbl),
    ),
    ...extra,
  );
}

interface Wish {
  readonly telemetryOutside?: boolean;
  readonly fragmented?: boolean;
  readonly longData?: boolean;
  readonly moovLast?: boolean;
  readonly wide?: boolean;
}

function film(wish: Wish = {}): Buffer {
  const head = box('ftyp', 'qt  ', u32(0), 'qt  ');
  const data = Buffer.concat([PICTURE, Buffer.from(TELEMETRY, 'latin1')]);
  const mdat = wish.longData ? longBox('mdat', data) : box('mdat', data);
  const dataHeader = wish.longData ? 16 : 8;
  const xmp = box('uuid', 'XMPXMPXMPXMPXMPX', `<x:xmpmeta>${PLACE}</x:xmpmeta>`);
  const left = box('free', `left behind ${PLACE}`);
  const moovAt = (start: number): Buffer =>
    box(
      'moov',
      box('mvhd', TIMES, u32(600, 0)),
      track(
        'vide',
        { offset: start, sizes: [10, PICTURE.length - 10] },
        [box('udta', box('\xa9xyz', PLACE))],
        wish.wide,
      ),
      track(
        'meta',
        { offset: wish.telemetryOutside ? 4 : start + PICTURE.length, sizes: [4, TELEMETRY.length - 4] },
        [],
        wish.wide,
      ),
      box('udta', box('\xa9xyz', PLACE), box('loci', PLACE)),
      box('meta', box('keys', 'com.apple.quicktime.location.ISO6709'), box('ilst', PLACE)),
    );
  const moof = wish.fragmented ? [box('moof', box('mfhd', u32(0, 1)))] : [];
  if (wish.moovLast) return Buffer.concat([head, mdat, ...moof, moovAt(head.length + dataHeader), xmp, left]);
  const length = moovAt(0).length;
  return Buffer.concat([
    head,
    moovAt(head.length + length + xmp.length + dataHeader),
    xmp,
    mdat,
    left,
    ...moof,
  ]);
}

async function strip(bytes: Buffer): Promise<Buffer | null> {
  const stripped = await stripVideo(new Blob([new Uint8Array(bytes)], { type: 'video/mp4' }));
  return stripped === null ? null : Buffer.from(await stripped.arrayBuffer());
}

describe('a film', () => {
  it.each<[string, Wish]>([
    ['with its header first', {}],
    ['with its header last', { moovLast: true }],
    ['of 64-bit lengths', { longData: true, wide: true }],
  ])('%s loses place, device, dates and telemetry, and nothing that is seen', async (_how, wish) => {
    const before = film(wish);
    expect(before.toString('latin1').split(PLACE)).toHaveLength(7);
    const after = await strip(before);
    const text = after?.toString('latin1') ?? '';
    expect(after).toHaveLength(before.length);
    for (const told of ['40.7128', '074.0060', 'GPS5', 'xmpmeta', 'ISO6709', 'left behind', '\xa9xyz'])
      expect(text, told).not.toContain(told);
    expect(after?.includes(u32(0xe1234567))).toBe(false);
    // Picture and all that leads to it stand where they stood.
    expect(after?.indexOf(PICTURE)).toBe(before.indexOf(PICTURE));
    for (const kept of [
      'ftyp',
      'moov',
      'mvhd',
      'trak',
      'tkhd',
      'mdhd',
      'stco',
      'stsz',
      'mdat',
      'vide',
      'co64',
    ])
      expect(text.includes(kept), kept).toBe(
        kept === 'co64' ? wish.wide === true : kept === 'stco' ? wish.wide !== true : true,
      );
    expect(await strip(after ?? Buffer.alloc(0))).toEqual(after);
  });

  it('without anything to take stays as it is, save for its dates', async () => {
    const mdat = box('mdat', PICTURE);
    const head = box('ftyp', 'isom', u32(0));
    const moov = box('moov', box('mvhd', u32(0, 0, 0, 600, 0)), track('soun', { offset: 0, sizes: [4] }));
    const plain = Buffer.concat([head, mdat, moov]);
    const after = await strip(plain);
    expect(after?.toString('latin1').replaceAll('\0', '')).toBe(
      plain.toString('latin1').replaceAll('\xe1#Eg', '').replaceAll('\xe1#Eh', '').replaceAll('\0', ''),
    );
  });

  it.each<[string, Buffer]>([
    ['is fragmented and has telemetry', film({ fragmented: true })],
    ['has telemetry outside of its data', film({ telemetryOutside: true })],
    ['is cut off', film().subarray(0, 300)],
    ['has no header', Buffer.concat([box('ftyp', 'isom'), box('mdat', PICTURE)])],
    ['has two headers', Buffer.concat([film(), box('moov', box('mvhd', TIMES))])],
    ['has a compressed header', Buffer.concat([box('ftyp', 'qt  '), box('moov', box('cmov', 'x'))])],
    ['is none', Buffer.from('RIFF....AVI LIST and so on, long enough')],
    ['is empty', Buffer.alloc(0)],
    [
      'has a box that claims more than there is',
      Buffer.concat([box('ftyp', 'isom'), u32(1000), Buffer.from('moov')]),
    ],
  ])('that %s is not said to be clean', async (_how, bytes) => {
    expect(await strip(bytes)).toBeNull();
  });

  it('that is damaged anywhere comes out as long as it was, or not at all', async () => {
    expect.hasAssertions();
    const whole = film();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.option(fc.nat(whole.length), { nil: undefined }),
        async (changes, cut) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of changes) bytes[at] = value;
          const damaged = bytes.subarray(0, cut ?? bytes.length);
          const after = await strip(damaged);
          if (after !== null) expect(after).toHaveLength(damaged.length);
        },
      ),
      { numRuns: 400 },
    );
  });
});
