import { bytesBetween, bytesOf, hashField, idField, makeCodec, timestampField, uintField } from '@baton/wire';
import { z } from 'zod';
import type { Store } from '../ports/store.ts';
import { Table } from '../tables/table.ts';

const profileSchema = z.strictObject({
  v: z.literal(1),
  org: idField('org'),
  account: idField('account'),
  /** User master key: rests here under the device storage key, so that the next start asks for nothing. */
  umk: bytesOf(32),
  vault: z.strictObject({ version: uintField, sealed: bytesBetween(1, 100_000) }),
  device: idField('device'),
  certificate: bytesBetween(1, 2048),
  dk: hashField,
  notAfter: timestampField,
  /** Bearer token; null where a cookie carries the session. */
  token: z.string().nullable(),
  demo: z.boolean(),
});
export type ProfileSecrets = z.infer<typeof profileSchema>;
const profileCodec = makeCodec<ProfileSecrets>(profileSchema, { limitBytes: 120_000 });
const cursorCodec = makeCodec(z.strictObject({ v: z.literal(1), batch: uintField }), { limitBytes: 64 });

/** What a profile keeps of its account, in the sealed store. */
export class ProfileVault {
  readonly #table: Table<ProfileSecrets>;
  readonly #cursor: Table<{ v: 1; batch: number }>;

  constructor(store: Store) {
    this.#table = new Table(store, 'profile', profileCodec);
    this.#cursor = new Table(store, 'profile', cursorCodec);
  }

  load(): Promise<ProfileSecrets | null> {
    return this.#table.get('account');
  }

  save(secrets: ProfileSecrets): Promise<void> {
    return this.#table.save('account', secrets);
  }

  async loadCursor(): Promise<number> {
    return (await this.#cursor.get('cursor'))?.batch ?? 0;
  }

  saveCursor(batch: number): Promise<void> {
    return this.#cursor.save('cursor', { v: 1, batch });
  }
}
