import { type BatonId, type Bytes, concatBytes, decodeUtf8, encodeUtf8, type MemberId } from '@baton/kernel';
import { encodeCanonical, sealedNoteCodec } from '@baton/wire';
import { hpkeOpen, hpkeSeal } from '../hpke/hpke.ts';
import { labelled, SECRET_LABELS } from '../labels.ts';
import { CryptoError } from '../primitives/crypto-error.ts';
import type { Primitives, XwingKey } from '../primitives/primitives.ts';
import { pad, unpad } from '../sealed/padding.ts';
import type { BoxKeyHolder } from './escalation-box.ts';

/** Longest hand-over note, UTF-8 bytes. */
export const MAX_NOTE_BYTES = 2000;
const NO_AAD = new Uint8Array(0);

/** Seals a hand-over note to the one it is handed to (sealing.md §14). Returns the encoded `SealedNote`, for the `offer` event. */
export async function sealNote(
  primitives: Primitives,
  input: { readonly baton: BatonId; readonly recipient: BoxKeyHolder; readonly text: string },
): Promise<Bytes> {
  const { baton, recipient } = input;
  const { to, g, boxKey } = recipient;
  const text = encodeUtf8(input.text);
  if (text.length > MAX_NOTE_BYTES) throw new CryptoError('crypto.bad_length', 'the note is too long');
  const { enc, ct } = await hpkeSeal(primitives, {
    pk: boxKey,
    info: noteInfo({ baton, to, g }),
    aad: NO_AAD,
    plaintext: pad(text),
  });
  return sealedNoteCodec.encode({ v: 1, t: 'note', baton, to, g, enc, ct });
}

/** The note's text. Throws `crypto.malformed`, `crypto.wrong_context` or `crypto.open_failed`. Who wrote it says the event's signature. */
export async function openNote(
  primitives: Primitives,
  input: {
    readonly baton: BatonId;
    readonly to: MemberId;
    readonly g: number;
    readonly key: XwingKey;
    /** Encoded `SealedNote`. */
    readonly note: Bytes;
  },
): Promise<string> {
  const decoded = sealedNoteCodec.decode(input.note);
  if (!decoded.ok) throw new CryptoError('crypto.malformed', 'not a note');
  const note = decoded.value;
  const { baton, to, g, key } = input;
  if (note.baton !== baton || note.to !== to || note.g !== g) {
    throw new CryptoError('crypto.wrong_context', 'the note is meant for another baton or recipient');
  }
  const { enc, ct } = note;
  const padded = await hpkeOpen(primitives, { key, info: noteInfo({ baton, to, g }), aad: NO_AAD, enc, ct });
  const text = decodeUtf8(unpad(padded));
  if (text === null) throw new CryptoError('crypto.malformed', 'not a note');
  return text;
}

function noteInfo(binding: { readonly baton: BatonId; readonly to: MemberId; readonly g: number }): Bytes {
  const { baton, to, g } = binding;
  return concatBytes(labelled(SECRET_LABELS.note), encodeCanonical({ baton, to, g }));
}
