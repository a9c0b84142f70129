import { batonOfMessage, type Bytes, encodeUtf8, makeId } from '@baton/kernel';
import { sealedNoteCodec } from '@baton/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitFlips, wrongLengths } from '../fixtures/mutants.ts';
import { idBytes, makePerson, nativePorts } from '../fixtures/practice.ts';
import { CryptoError } from '../primitives/crypto-error.ts';
import { MAX_NOTE_BYTES, openNote, sealNote } from './note.ts';

const { primitives } = await nativePorts();
const ann = await makePerson(primitives, 41);
const bob = await makePerson(primitives, 42);
const baton = batonOfMessage(makeId('message', idBytes(1)), 0);
const other = batonOfMessage(makeId('message', idBytes(1)), 1);
const recipient = { to: ann.id, g: 2, boxKey: ann.key.publicKey };
const seal = (text: string) => sealNote(primitives, { baton, recipient, text });
const open = (note: Bytes, over: object = {}) =>
  openNote(primitives, { baton, to: ann.id, g: 2, key: ann.key, note, ...over });

describe('hand-over notes', () => {
  it('round-trip, whatever is written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (text) => {
        fc.pre(encodeUtf8(text).length <= MAX_NOTE_BYTES);
        expect(await open(await seal(text))).toBe(text);
      }),
      { numRuns: 40 },
    );
    const longest = 'x'.repeat(MAX_NOTE_BYTES);
    const note = await seal(longest);
    expect(await open(note)).toBe(longest);
    expect(sealedNoteCodec.decode(note).ok).toBe(true);
    await expect(seal(`${longest}x`)).rejects.toMatchObject({ code: 'crypto.bad_length' });
  });

  it('hide their length', async () => {
    expect((await seal('Yes')).length).toBe((await seal('Blood is drawn, the rest at 4 pm.')).length);
  });

  it('open for their receiver, in their baton', async () => {
    const note = await seal('Blood is drawn.');
    for (const place of [{ baton: other }, { to: bob.id }, { g: 1 }]) {
      await expect(open(note, place)).rejects.toMatchObject({ code: 'crypto.wrong_context' });
      const decoded = sealedNoteCodec.decode(note);
      if (!decoded.ok) throw new Error('not a note');
      const relabelled = sealedNoteCodec.encode({ ...decoded.value, ...place });
      await expect(open(relabelled, place)).rejects.toMatchObject({ code: 'crypto.open_failed' });
    }
    await expect(open(note, { key: bob.key })).rejects.toMatchObject({ code: 'crypto.open_failed' });
  });

  it('refuse every flipped bit, with a typed error', async () => {
    const note = await seal('Blood is drawn.');
    let mutants = 0;
    for (const { mutant } of bitFlips(note, 800)) {
      mutants += 1;
      const outcome = await open(mutant).catch((error: unknown) =>
        error instanceof CryptoError ? error.code : 'untyped',
      );
      expect(outcome).toMatch(/^crypto\.(malformed|wrong_context|open_failed)$/);
    }
    expect(mutants).toBeGreaterThanOrEqual(600);
    for (const short of wrongLengths(note))
      await expect(open(short)).rejects.toMatchObject({ code: 'crypto.malformed' });
  });
});
