import { createPrimitives } from '@baton/crypto';
import { decodeUtf8, encodeUtf8, Secret } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../fixtures/memory-store.ts';
import { openLockedStore } from './locked-store.ts';

const rng = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
const ports = { primitives: await createPrimitives({ subtle: crypto.subtle, rng }), rng };
const umk = Secret.of(rng.bytes(32));
const ALL = { from: '', to: '\uffff' };
const SECRET = 'Mrs Alder, chest pain';

describe('a store that opens with the account', () => {
  it('gives back what was written, in order and by range', async () => {
    const store = await openLockedStore(ports, createMemoryStore(), umk);
    await store.write(
      ['b', 'a/2', 'a/1', 'c'].map((key) => ({ table: 'items' as const, key, value: encodeUtf8(key) })),
    );
    const keys = async (range: Parameters<typeof store.list>[1]) =>
      (await store.list('items', range)).map(({ key, value }) => [key, decodeUtf8(value)]);
    expect(await keys(ALL)).toEqual(['a/1', 'a/2', 'b', 'c'].map((key) => [key, key]));
    expect(await keys({ from: 'a/', to: 'a/\uffff', reverse: true, limit: 1 })).toEqual([['a/2', 'a/2']]);
    await store.write([{ table: 'items', key: 'b', value: null }]);
    expect(await store.get('items', 'b')).toBeNull();
    await store.write([{ table: 'items', key: 'empty', value: new Uint8Array(0) }]);
    expect(await store.get('items', 'empty')).toEqual(new Uint8Array(0));
  });

  it('shows the phone nothing, and opens for no other account', async () => {
    const phone = createMemoryStore();
    const store = await openLockedStore(ports, phone, umk);
    await store.write([{ table: 'items', key: 'a', value: encodeUtf8(SECRET) }]);
    const [row] = await phone.list('items', ALL);
    expect(Buffer.from(row?.value ?? []).toString('latin1')).not.toContain('Alder');
    const foreign = await openLockedStore(ports, phone, Secret.of(rng.bytes(32)));
    await expect(foreign.get('items', 'a')).rejects.toMatchObject({ code: 'crypto.open_failed' });
  });

  it('does not open a row that was moved, and does not see what is the phone’s', async () => {
    const phone = createMemoryStore();
    const store = await openLockedStore(ports, phone, umk);
    await store.write([{ table: 'items', key: 'a', value: encodeUtf8(SECRET) }]);
    const [row] = await phone.list('items', ALL);
    await phone.write([{ table: 'drafts', key: row?.key ?? '', value: row?.value ?? null }]);
    await expect(store.get('drafts', 'a')).rejects.toMatchObject({ code: 'crypto.open_failed' });
    await phone.write([{ table: 'profile', key: 'phone', value: encodeUtf8('x') }]);
    expect(await store.get('profile', 'phone')).toBeNull();
    expect(await store.list('profile', ALL)).toEqual([]);
  });
});
