import { type Bytes, encodeUtf8, equalBytes, type Secret } from '@baton/kernel';
import { hashEscalationContext } from '@baton/ledger';
import { type EnvelopeHeader, type EscalationContext, escalationContextCodec } from '@baton/wire';
import { openWithNonce, sealWithNonce } from '../aead/nonce-box.ts';
import { labelled, SECRET_LABELS } from '../labels.ts';
import type { SealingPorts } from '../ports.ts';
import { CryptoError } from '../primitives/crypto-error.ts';
import type { Primitives } from '../primitives/primitives.ts';
import { pad, unpad } from '../sealed/padding.ts';

const KEY_BYTES = 32;
const NO_AAD = new Uint8Array(0);

type Place = Pick<EnvelopeHeader, 'conv' | 'id'>;

/** nonce || AES-256-GCM(padded context), under a key of its own from the message's secret (sealing.md §14). */
export async function sealEscalationContext(
  ports: SealingPorts,
  input: { readonly place: Place; readonly secret: Bytes; readonly context: EscalationContext },
): Promise<Bytes> {
  const key = contextKey(ports.primitives, input.secret, input.place);
  const plaintext = pad(escalationContextCodec.encode(input.context));
  const sealed = await sealWithNonce(ports, { key, plaintext, aad: NO_AAD });
  key.fill(0);
  plaintext.fill(0);
  return sealed;
}

/** Of a message whose header names no block: a patient's or an agent's that could box nobody (docs/protocol/patients.md §5). */
const NO_CONTEXT: EscalationContext = {
  t: 'context',
  patient: null,
  sender: '',
  callback: null,
  conversation: '',
  quote: null,
};

/**
 * Opens the context block that a verified header names. Throws `crypto.wrong_context` for any other block, `crypto.open_failed` and
 * `crypto.malformed` where the sender sealed nonsense.
 */
export async function openEscalationContext(
  primitives: Primitives,
  input: { readonly header: EnvelopeHeader; readonly secret: Secret<Bytes>; readonly sealed: Bytes },
): Promise<EscalationContext> {
  const { header, sealed } = input;
  if (header.escalation === null && sealed.length === 0) return NO_CONTEXT;
  const named = header.escalation?.context;
  if (named === undefined || !equalBytes(hashEscalationContext(primitives.sha256, sealed), named)) {
    throw new CryptoError('crypto.wrong_context', 'the header does not name this context block');
  }
  const key = contextKey(primitives, input.secret.reveal(), header);
  const plaintext = unpad(await openWithNonce(primitives, { key, sealed, aad: NO_AAD }));
  key.fill(0);
  const context = escalationContextCodec.decode(plaintext);
  if (!context.ok) throw new CryptoError('crypto.malformed', 'not a context block');
  return context.value;
}

function contextKey(primitives: Primitives, secret: Bytes, place: Place): Bytes {
  const info = labelled(SECRET_LABELS.contextKey, encodeUtf8(place.conv), encodeUtf8(place.id));
  return primitives.hkdfExpand({ prk: secret, info, length: KEY_BYTES });
}
