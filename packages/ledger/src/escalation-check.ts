import {
  type Bytes,
  type ConversationId,
  concatBytes,
  equalBytes,
  type MemberId,
  type MessageId,
  ok,
  type Result,
} from '@baton/kernel';
import { type EnvelopeHeader, encodeCanonical, escalationBoxCodec } from '@baton/wire';
import { hashObject, labelPrefix } from './hashing.ts';
import { LABELS } from './labels.ts';
import { type LedgerError, refuse } from './ledger-error.ts';
import type { Digest } from './ports.ts';

/** Hash of an encoded escalation box: what the header names as `b`. */
export function hashEscalationBox(digest: Digest, encodedBox: Bytes): Bytes {
  return hashObject(digest, LABELS.escalationBox, encodedBox);
}

/** Hash of a sealed context block: what the header names as `context`. */
export function hashEscalationContext(digest: Digest, sealedContext: Bytes): Bytes {
  return hashObject(digest, LABELS.context, sealedContext);
}

/** What an escalation box is bound to. */
export interface EscalationBinding {
  readonly conv: ConversationId;
  readonly message: MessageId;
  readonly to: MemberId;
  /** Generation of the recipient's box key. */
  readonly g: number;
}

/** HPKE info of an escalation box: utf8("sg/esc-box/v1") || 0x00 || CBOR{conv, message, to, g}. */
export function escalationBoxInfo(binding: EscalationBinding): Bytes {
  const { conv, message, to, g } = binding;
  return concatBytes(labelPrefix(LABELS.escalationBox), encodeCanonical({ conv, message, to, g }));
}

export interface EscalationRecipient {
  readonly to: MemberId;
  readonly g: number;
}

/** Everybody who can read the message through its ladder, as the sender signed it; empty where nothing is asked. */
export function escalationRecipients(header: Pick<EnvelopeHeader, 'escalation'>): EscalationRecipient[] {
  return (header.escalation?.boxes ?? []).map(({ to, g }) => ({ to, g }));
}

/**
 * Whether what travels beside an envelope is what its header names: every box, in order, for that recipient of that message, and the context
 * block; nothing where the header names nothing (`parts` null). Each recipient once. What is inside the boxes only their readers can tell.
 */
export function checkEscalation(
  digest: Digest,
  header: EnvelopeHeader,
  parts: { readonly boxes: readonly Bytes[]; readonly context: Bytes } | null,
): Result<null, LedgerError> {
  const { escalation } = header;
  if (escalation === null || parts === null)
    return escalation === null && parts === null ? ok(null) : refuse('ledger.bad_proof', 'escalation');
  if (new Set(escalation.boxes.map((box) => box.to)).size !== escalation.boxes.length)
    return refuse('ledger.wrong_purpose', 'h.escalation.boxes');
  if (parts.boxes.length !== escalation.boxes.length) return refuse('ledger.bad_proof', 'escalation.boxes');
  for (const [index, bytes] of parts.boxes.entries()) {
    const at = `escalation.boxes.${index}`;
    const named = escalation.boxes[index];
    const box = escalationBoxCodec.decode(bytes);
    if (!box.ok) return refuse(box.error.code, at);
    const { conv, message, to, g } = box.value;
    if (conv !== header.conv || message !== header.id || to !== named?.to || g !== named.g)
      return refuse('ledger.wrong_purpose', at);
    if (!equalBytes(hashEscalationBox(digest, bytes), named.b)) return refuse('ledger.bad_proof', at);
  }
  return equalBytes(hashEscalationContext(digest, parts.context), escalation.context)
    ? ok(null)
    : refuse('ledger.bad_proof', 'escalation.context');
}
