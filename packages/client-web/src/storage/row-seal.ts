import type { StoreTable } from '@baton/client';
import { type Bytes, concatBytes, encodeUtf8 } from '@baton/kernel';

const NONCE_BYTES = 12;

export interface SealedRow {
  readonly t: StoreTable;
  readonly k: string;
  /** `nonce || AES-256-GCM(value; aad = table 0 key)`. */
  readonly v: Uint8Array;
}

export async function sealRow(
  storageKey: CryptoKey,
  input: { readonly table: StoreTable; readonly key: string; readonly value: Bytes },
): Promise<SealedRow> {
  const { table, key, value } = input;
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const parameters = gcmParameters(nonce, table, key);
  const sealed = await crypto.subtle.encrypt(parameters, storageKey, value as Uint8Array<ArrayBuffer>);
  return { t: table, k: key, v: concatBytes(nonce, new Uint8Array(sealed)) };
}

export async function openRow(storageKey: CryptoKey, { t, k, v }: SealedRow): Promise<Bytes> {
  const sealed = v as Uint8Array<ArrayBuffer>;
  const parameters = gcmParameters(sealed.subarray(0, NONCE_BYTES), t, k);
  return new Uint8Array(await crypto.subtle.decrypt(parameters, storageKey, sealed.subarray(NONCE_BYTES)));
}

function gcmParameters(nonce: Uint8Array<ArrayBuffer>, table: StoreTable, key: string): AesGcmParams {
  const place = encodeUtf8(`${table}\0${key}`) as Uint8Array<ArrayBuffer>;
  return { name: 'AES-GCM', iv: nonce, additionalData: place, tagLength: 128 };
}
