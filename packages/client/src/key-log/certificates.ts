import {
  type CheckedCertificate,
  checkCertificate,
  checkPastCertificate,
  isCertificateCurrent,
  type KeyLogState,
  type Verify,
} from '@baton/ledger';
import { type Bytes, decodeBase64Url, encodeBase64Url, encodeHex, type TimestampMs } from '@baton/kernel';
import { certificateBody } from '@baton/wire';
import { ClientError } from '../failure.ts';
import type { Store } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';

/** How far the server's clock may have been from the one that a certificate's end was checked by. */
const CLOCK_SLACK_MS = 10 * 60_000;

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

  /** As `check`, for what names no size of the key log: baton events, organisation records, messages read through a ladder. */
  async checkPast(
    state: KeyLogState,
    hash: Bytes,
    moment: { readonly atMs: TimestampMs; readonly committedAtMs: TimestampMs },
  ): Promise<CheckedCertificate> {
    const signed = await this.signed(hash);
    const checked = await checkPastCertificate(state, signed, { verify: this.#verify, ...moment });
    if (!checked.ok) throw new ClientError(checked.error.code, `certificate.${checked.error.at}`);
    if (encodeHex(checked.value.hash) !== encodeHex(hash)) {
      this.#signed.delete(encodeHex(hash));
      throw new ClientError('ledger.unknown_signer', 'certificate.hash');
    }
    if (moment.committedAtMs - CLOCK_SLACK_MS >= checked.value.certificate.notAfter)
      throw new ClientError('ledger.expired', 'certificate.notAfter');
    await this.remember(hash, signed);
    return checked.value;
  }

  /** Bytes that came along with what names them by hash. They are judged where they are used. */
  offer(hash: Bytes, signed: Bytes): void {
    if (!this.#signed.has(encodeHex(hash))) this.#signed.set(encodeHex(hash), signed);
  }
}
