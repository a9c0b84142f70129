import { type Bytes, concatBytes, encodeUtf8, type Rng, Secret, type TimestampMs } from '@baton/kernel';
import { CryptoError, type Primitives } from '@baton/crypto';
import { bytesBetween, bytesOf, idField, makeCodec, timestampField } from '@baton/wire';
import { z } from 'zod';
import type { Store } from '../ports/store.ts';
import { Table } from '../tables/table.ts';
import type { TabMemory } from './phone-ports.ts';

const NONCE_BYTES = 12;
/** A page that is reloaded within this time goes on without asking. */
const OPEN_MS = 15 * 60_000;

const phoneSchema = z.strictObject({
  v: z.literal(1),
  account: idField('account'),
  device: idField('device'),
  /** The account has a `device` credential: this phone signs in by its key. */
  signsIn: z.boolean(),
});
export type PhoneRecord = z.infer<typeof phoneSchema>;
const phoneCodec = makeCodec<PhoneRecord>(phoneSchema, { limitBytes: 400 });

const tabSchema = z.strictObject({ v: z.literal(1), until: timestampField, sealed: bytesBetween(28, 200) });
type TabRow = z.infer<typeof tabSchema>;
const tabCodec = makeCodec<TabRow>(tabSchema, { limitBytes: 400 });

const claimSchema = z.strictObject({
  v: z.literal(1),
  invitation: idField('invitation'),
  /** The invitation's secret: opens what was sealed to the link until the claim stands everywhere. */
  secret: bytesOf(32),
});
export type OpenClaim = z.infer<typeof claimSchema>;
const claimCodec = makeCodec<OpenClaim>(claimSchema, { limitBytes: 200 });

/** What a phone knows of its account before anybody has opened it. In the phone's own store, not in the locked one. */
export class PhoneShelf {
  readonly #table: Table<PhoneRecord>;
  readonly #tabs: Table<TabRow>;
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    this.#table = new Table(store, 'profile', phoneCodec);
    this.#tabs = new Table(store, 'profile', tabCodec);
  }

  load(): Promise<PhoneRecord | null> {
    return this.#table.get('phone');
  }

  save(record: PhoneRecord): Promise<void> {
    return this.#table.save('phone', record);
  }

  /** Keeps the master key under a secret that ends with the tab. */
  async keepOpen(
    ports: { readonly primitives: Primitives; readonly rng: Rng; readonly tab: TabMemory },
    umk: Secret<Bytes>,
    nowMs: TimestampMs,
  ): Promise<void> {
    const key = ports.tab.read() ?? ports.rng.bytes(32);
    const nonce = ports.rng.bytes(NONCE_BYTES);
    const until = nowMs + OPEN_MS;
    const sealed = await ports.primitives.aesGcmSeal({
      key,
      nonce,
      plaintext: umk.reveal(),
      aad: tabAad(until),
    });
    await this.#tabs.save('tab', { v: 1, until, sealed: concatBytes(nonce, sealed) });
    ports.tab.write(key);
  }

  /** null where nothing was kept, or not for this tab, or for too long. */
  async findOpen(
    ports: { readonly primitives: Primitives; readonly tab: TabMemory },
    nowMs: TimestampMs,
  ): Promise<Secret<Bytes> | null> {
    const key = ports.tab.read();
    const row = await this.#tabs.get('tab');
    if (!key || !row || nowMs >= row.until || row.until - nowMs > OPEN_MS) return null;
    try {
      const umk = await ports.primitives.aesGcmOpen({
        key,
        nonce: row.sealed.subarray(0, NONCE_BYTES),
        sealed: row.sealed.subarray(NONCE_BYTES),
        aad: tabAad(row.until),
      });
      return Secret.of(umk);
    } catch (error) {
      if (error instanceof CryptoError) return null;
      throw error;
    }
  }

  async forgetOpen(tab: TabMemory): Promise<void> {
    tab.write(null);
    await this.#store.write([this.#tabs.remove('tab')]);
  }
}

/** The claim that has not reached every conversation yet. In the locked store. */
export class ClaimShelf {
  readonly #table: Table<OpenClaim>;
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    this.#table = new Table(store, 'profile', claimCodec);
  }

  load(): Promise<OpenClaim | null> {
    return this.#table.get('claim');
  }

  save(claim: OpenClaim): Promise<void> {
    return this.#table.save('claim', claim);
  }

  async clear(): Promise<void> {
    await this.#store.write([this.#table.remove('claim')]);
  }
}

function tabAad(until: TimestampMs): Bytes {
  return encodeUtf8(`tab ${until}`);
}
