import {
  type CheckedCertificate,
  checkCertificate,
  isCertificateCurrent,
  type KeyLogState,
  type Verify,
} from '@baton/ledger';
import { type Bytes, decodeBase64Url, encodeBase64Url, encodeHex, type TimestampMs } from '@baton/kernel';
import { certificateBody } from '@baton/wire';
import { ClientError } from '../failure.ts';
import type { Store } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';

/** Device certificates by their hash: from the store, or from the server once. Checked against the key log each time they are used anew. */
export class Certificates {
  readonly #rest: Rest;
  readonly #store: Store;
  readonly #verify: Verify;
  readonly #signed = new Map<string, Bytes>();
  readonly #checked = new Map<string, CheckedCertificate>();

  constructor(ports: { readonly rest: Rest; readonly store: Store; readonly verify: Verify }) {
    this.#rest = ports.rest;
    this.#store = ports.store;
    this.#verify = ports.verify;
  }

  /** The Signed certificate. Its bytes are whatever the server gave: whoever uses it compares the hash (`checkCertificate` answers it). */
  async signed(hash: Bytes): Promise<Bytes> {
    const key = encodeHex(hash);
    const known = this.#signed.get(key) ?? (await this.#store.get('certificates', key));
    if (known) {
      this.#signed.set(key, known);
      return known;
    }
    const { certificate } = await this.#rest.call({
      method: 'GET',
      path: `/certificates/${encodeBase64Url(hash)}`,
      answer: certificateBody,
    });
    const bytes = decodeBase64Url(certificate);
    if (!bytes) throw new ClientError('wire.malformed', 'certificate');
    this.#signed.set(key, bytes);
    return bytes;
  }

  /** Keeps a certificate that proved good, so that it is not asked for again. */
  async remember(hash: Bytes, signed: Bytes): Promise<void> {
    this.#signed.set(encodeHex(hash), signed);
    await this.#store.write([{ table: 'certificates', key: encodeHex(hash), value: signed }]);
  }

  /**
   * The certificate that an item names, judged by the key log of `size` statements. Throws `ClientError` with the ledger's code where it
   * does not hold; other failures (no connection) are `limit.busy`.
   */
  async check(
    state: KeyLogState,
    hash: Bytes,
    moment: { readonly atMs: TimestampMs; readonly size: number },
  ): Promise<CheckedCertificate> {
    const memo = `${encodeHex(hash)}:${moment.size}`;
    const known = this.#checked.get(memo);
    if (known) {
      // What was good for one moment may be over at another.
      if (isCertificateCurrent(known.certificate, moment.atMs)) return known;
      throw new ClientError('ledger.expired', 'certificate.notAfter');
    }
    const signed = await this.signed(hash);
    const checked = await checkCertificate(state, signed, { verify: this.#verify, ...moment });
    if (!checked.ok) throw new ClientError(checked.error.code, `certificate.${checked.error.at}`);
    if (encodeHex(checked.value.hash) !== encodeHex(hash)) {
      this.#signed.delete(encodeHex(hash));
      throw new ClientError('ledger.unknown_signer', 'certificate.hash');
    }
    this.#checked.set(memo, checked.value);
    await this.remember(hash, signed);
    return checked.value;
  }
}
