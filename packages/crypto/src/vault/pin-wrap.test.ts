import { equalBytes, makeId, Secret } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { AUTHOR, idBytes, nativePorts } from '../fixtures/practice.ts';
import { derivePhoneStoreKey, openUnderPin, sealUnderPin } from './pin-wrap.ts';
import { makeUserMasterKey } from './vault.ts';

const ports = await nativePorts();
const { primitives, rng } = ports;
const umk = makeUserMasterKey(rng);
const deviceKey = rng.bytes(32);
const device = {
  account: AUTHOR,
  salt: rng.bytes(16),
  mac: async (data: Uint8Array) => primitives.hmacSha256(deviceKey, data),
};

describe('a master key under a PIN', () => {
  it('opens with this PIN on this device for this account, and with nothing else', async () => {
    const sealed = await sealUnderPin(ports, { ...device, pin: Secret.of('730519'), umk });
    const right = { ...device, pin: Secret.of('730519'), sealed };
    expect(equalBytes((await openUnderPin(primitives, right)).reveal(), umk.reveal())).toBe(true);
    const foreignKey = rng.bytes(32);
    for (const wrong of [
      { ...right, pin: Secret.of('730518') },
      { ...right, salt: rng.bytes(16) },
      { ...right, account: makeId('account', idBytes(77)) },
      { ...right, mac: async (data: Uint8Array) => primitives.hmacSha256(foreignKey, data) },
    ])
      await expect(openUnderPin(primitives, wrong)).rejects.toMatchObject({ code: 'crypto.open_failed' });
  });

  it('is told apart from the key of what the phone keeps', async () => {
    const key = await derivePhoneStoreKey(primitives, umk);
    expect(key).toHaveLength(32);
    expect(equalBytes(key, umk.reveal())).toBe(false);
    expect(equalBytes(key, await derivePhoneStoreKey(primitives, umk))).toBe(true);
    await expect(derivePhoneStoreKey(primitives, makeShort())).rejects.toMatchObject({
      code: 'crypto.bad_length',
    });
  });
});

function makeShort(): Secret<Uint8Array> {
  return Secret.of(new Uint8Array(16));
}
