import { type Bytes, concatBytes, encodeUtf8 } from '@baton/kernel';
import { hkdfExpand, hkdfExtract } from '../primitives/digest.ts';

/** Identifiers and sizes of one HPKE suite whose KDF is HKDF-SHA256 (RFC 9180 §7). Sizes in bytes. */
export interface HpkeSuite {
  /** `"HPKE" || kem_id || kdf_id || aead_id` (RFC 9180 §5.1). */
  readonly suiteId: Bytes;
  readonly keyBytes: number;
  readonly nonceBytes: number;
  /** KeyScheduleContext up to info_hash: mode_base and the hash of the empty psk_id, the same for every box of a suite. */
  readonly contextPrefix: Bytes;
}

export interface HpkeKeys {
  readonly key: Bytes;
  readonly baseNonce: Bytes;
}

const EMPTY = new Uint8Array(0);
const VERSION_LABEL = encodeUtf8('HPKE-v1');
const MODE_BASE = Uint8Array.of(0);
const KDF_HKDF_SHA256 = 0x0001;

export function makeHpkeSuite(ids: {
  readonly kemId: number;
  readonly aeadId: number;
  readonly keyBytes: number;
  readonly nonceBytes: number;
}): HpkeSuite {
  const suiteId = concatBytes(
    encodeUtf8('HPKE'),
    encodeUint16(ids.kemId),
    encodeUint16(KDF_HKDF_SHA256),
    encodeUint16(ids.aeadId),
  );
  const pskIdHash = labeledExtract({ suiteId, salt: EMPTY, label: 'psk_id_hash', ikm: EMPTY });
  return {
    suiteId,
    keyBytes: ids.keyBytes,
    nonceBytes: ids.nonceBytes,
    contextPrefix: concatBytes(MODE_BASE, pskIdHash),
  };
}

/** X-Wing as registered by draft-connolly-cfrg-xwing-kem §7, HKDF-SHA256, AES-256-GCM: the suite of every box of the protocol. */
export const XWING_HKDF_SHA256_AES_256_GCM = makeHpkeSuite({
  kemId: 0x647a,
  aeadId: 0x0002,
  keyBytes: 32,
  nonceBytes: 12,
});

/**
 * RFC 9180 §5.1 KeySchedule in base mode (no psk), without the exporter secret, which nothing uses. The nonce of the first message is the
 * base nonce itself (§5.2).
 */
export function hpkeKeySchedule(suite: HpkeSuite, sharedSecret: Bytes, info: Bytes): HpkeKeys {
  const { suiteId } = suite;
  const infoHash = labeledExtract({ suiteId, salt: EMPTY, label: 'info_hash', ikm: info });
  const context = concatBytes(suite.contextPrefix, infoHash);
  const secret = labeledExtract({ suiteId, salt: sharedSecret, label: 'secret', ikm: EMPTY });
  const expandTo = (label: string, length: number) =>
    labeledExpand({ suiteId, prk: secret, label, info: context, length });
  return {
    key: expandTo('key', suite.keyBytes),
    baseNonce: expandTo('base_nonce', suite.nonceBytes),
  };
}

/** RFC 9180 §4. */
function labeledExtract(input: { suiteId: Bytes; salt: Bytes; label: string; ikm: Bytes }): Bytes {
  return hkdfExtract(
    input.salt,
    concatBytes(VERSION_LABEL, input.suiteId, encodeUtf8(input.label), input.ikm),
  );
}

function labeledExpand(input: {
  suiteId: Bytes;
  prk: Bytes;
  label: string;
  info: Bytes;
  length: number;
}): Bytes {
  const { suiteId, prk, label, info, length } = input;
  const labeledInfo = concatBytes(encodeUint16(length), VERSION_LABEL, suiteId, encodeUtf8(label), info);
  return hkdfExpand({ prk, info: labeledInfo, length });
}

function encodeUint16(value: number): Bytes {
  return Uint8Array.of(value >>> 8, value & 255);
}
