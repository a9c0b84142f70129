import { type AccountId, type Bytes, equalBytes, makeId, Secret } from '@baton/kernel';
import { createPrimitives } from '@baton/crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PinRecord, PinShelf } from './phone-ports.ts';
import { PIN_TRIES, PinLock } from './pin-lock.ts';

const rng = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
// The lock's own cost is no matter of these tests: a short stand-in keeps forty tries short.
const primitives = await createPrimitives({
  subtle: crypto.subtle,
  rng,
  argon2id: async ({ password, salt, length }) => {
    const input = new Uint8Array([...salt, ...password]);
    return new Uint8Array(await crypto.subtle.digest('SHA-256', input)).slice(0, length);
  },
});
const account: AccountId = makeId('account', rng.bytes(16));
const umk = Secret.of(rng.bytes(32));
const PIN = '730519';

class MemoryShelf implements PinShelf {
  record: PinRecord | null = null;
  key: Bytes | null = null;
  async read(): Promise<PinRecord | null> {
    return this.record;
  }
  async write(_: AccountId, record: PinRecord | null): Promise<void> {
    this.record = record;
    if (record === null) this.key = null;
  }
  async mac(_: AccountId, data: Bytes): Promise<Bytes> {
    this.key ??= rng.bytes(32);
    return primitives.hmacSha256(this.key, data);
  }
}

let shelf: MemoryShelf;
let lock: PinLock;

beforeEach(async () => {
  shelf = new MemoryShelf();
  lock = new PinLock({ primitives, rng, shelf });
  await lock.set(account, umk, PIN);
});

describe('a PIN lock', () => {
  it('gives the master key to the PIN, as often as it is asked', async () => {
    for (let count = 0; count < 3; count++) {
      const opened = await lock.open(account, PIN);
      expect(opened && equalBytes(opened.reveal(), umk.reveal())).toBe(true);
    }
  });

  it('forgets wrong ones when a right one comes', async () => {
    for (let count = 1; count < PIN_TRIES; count++) expect(await lock.open(account, '111222')).toBeNull();
    expect(await lock.triesLeft(account)).toBe(1);
    expect(await lock.open(account, PIN)).not.toBeNull();
    expect(await lock.triesLeft(account)).toBe(PIN_TRIES);
  });

  it('removes itself and the device key after ten wrong ones in a row', async () => {
    for (let count = 1; count <= PIN_TRIES; count++) expect(await lock.open(account, '111222')).toBeNull();
    expect(await lock.triesLeft(account)).toBeNull();
    expect(shelf.key).toBeNull();
    expect(await lock.open(account, PIN)).toBeNull();
  });

  it('counts a try before it is made, so that stopping the page is no way round', async () => {
    const { mac } = shelf;
    shelf.mac = () => Promise.reject(new Error('the page was closed'));
    await expect(lock.open(account, '111222')).rejects.toThrow('the page was closed');
    shelf.mac = mac;
    expect(await lock.triesLeft(account)).toBe(PIN_TRIES - 1);
  });

  it('opens nowhere else: not with the record on another device', async () => {
    const other = new MemoryShelf();
    other.record = shelf.record;
    expect(await new PinLock({ primitives, rng, shelf: other }).open(account, PIN)).toBeNull();
  });

  it.each([
    '12345',
    '25803',
    '1234567890123',
    'abcdef',
    '000000',
    '111111',
    '123456',
    '765432',
    '',
    '12 345',
  ])('refuses %s', async (pin) => {
    await expect(lock.set(account, umk, pin)).rejects.toMatchObject({ code: 'request.invalid', at: 'pin' });
    expect(await lock.open(account, PIN)).not.toBeNull();
  });

  it.each(['258036', '135792', '112233', '902817'])('takes %s', async (pin) => {
    await lock.set(account, umk, pin);
    expect(await lock.open(account, PIN)).toBeNull();
    expect(await lock.open(account, pin)).not.toBeNull();
  });
});
