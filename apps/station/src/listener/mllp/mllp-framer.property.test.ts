import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Frame, frameOf, HEAD_BYTES, MllpFramer } from './mllp-framer.ts';

const LIMITS = { frameBytes: 10_000, hopelessBytes: 40_000, strayBytes: 64 };

/** Bytes in which start, end and CR are frequent, without a whole end mark and not ending in half of one. */
const content = fc
  .array(fc.oneof(fc.constantFrom(0x0b, 0x1c, 0x0d, 0x4d), fc.integer({ min: 0, max: 255 })), {
    maxLength: 60,
  })
  .map((bytes) => Buffer.from(bytes))
  .filter((bytes) => !bytes.includes(Buffer.of(0x1c, 0x0d)) && bytes.at(-1) !== 0x1c);
/** What senders put between frames. */
const between = fc.constantFrom('', '\r\n', '\n', '\r', ' \r\n');

function cutAt(stream: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (stream.length + 1)))].sort((a, b) => a - b);
  return [0, ...sorted].map((from, index) => stream.subarray(from, sorted[index] ?? stream.length));
}

function framesOf(pieces: readonly Buffer[], limits = LIMITS): Frame[] | null {
  const framer = new MllpFramer(limits);
  const frames: Frame[] = [];
  for (const piece of pieces) {
    const found = framer.push(piece);
    if (found === null) return null;
    frames.push(...found);
  }
  return frames;
}

describe('MLLP frames', () => {
  it('are the same however the stream is cut or put together', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(content, between), { maxLength: 8 }),
        fc.array(fc.nat(2000), { maxLength: 30 }),
        (messages, places) => {
          const stream = Buffer.concat(
            messages.flatMap(([message, gap]) => [frameOf(message), Buffer.from(gap)]),
          );
          const found = framesOf(cutAt(stream, places));
          expect(found?.map(({ bytes }) => bytes.toString('hex'))).toEqual(
            messages.map(([message]) => message.toString('hex')),
          );
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('never keep more than the limit, and never throw, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (pieces) => {
        const found = framesOf(
          pieces.map((piece) => Buffer.from(piece)),
          { frameBytes: 50, hopelessBytes: 5000, strayBytes: 100 },
        );
        for (const { bytes } of found ?? []) expect(bytes.length).toBeLessThanOrEqual(HEAD_BYTES);
      }),
      { numRuns: 1000 },
    );
  });

  it('that are too long are named so, with their head, and the next one is whole', () => {
    const long = Buffer.alloc(20_000, 'x');
    const found = framesOf([frameOf(long), frameOf(Buffer.from('next'))]);
    expect(found).toMatchObject([{ isCut: true }, { isCut: false }]);
    expect(found?.[0]?.bytes.length).toBe(HEAD_BYTES);
    expect(found?.[1]?.bytes.toString()).toBe('next');
  });

  it('are given up where a stream is none of this protocol', () => {
    expect(framesOf([Buffer.alloc(100, 'x')])).toBeNull();
    expect(framesOf([Buffer.of(0x0b), Buffer.alloc(50_000, 'x')])).toBeNull();
    expect(framesOf([Buffer.from('GET / HTTP/1.1\r\nhost: a\r\n\r\n')])).toEqual([]);
  });

  it('keep an end mark without CR, and a start mark, as content', () => {
    const content = Buffer.from([0x4d, 0x1c, 0x0b, 0x4d]);
    expect(framesOf([frameOf(content)])?.[0]?.bytes).toEqual(content);
    const inPieces = [...frameOf(content)].map((byte) => Buffer.of(byte));
    expect(framesOf(inPieces)?.[0]?.bytes).toEqual(content);
  });
});
