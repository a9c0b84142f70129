import { type Bytes, encodeHex, makeId } from '@baton/kernel';
import {
  type CheckedCertificate,
  hashObject,
  LABELS,
  openEnvelope as decodeEnvelope,
  openPut as decodePut,
  sealedSigningInput,
} from '@baton/ledger';
import { type Sealed, sealedCodec } from '@baton/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitFlips, wrongLengths } from '../fixtures/mutants.ts';
import {
  AUTHOR,
  decodedEnvelope,
  decodedPut,
  ENTRY_TIME,
  envelopeHeader,
  idBytes,
  keysOf,
  nativePorts,
  ORG,
  OTHER_CONV,
  putHeader,
} from '../fixtures/practice.ts';
import { craftTwoKeyCiphertext } from '../primitives/fixtures/two-key-gcm.fixture.ts';
import { CryptoError } from '../primitives/crypto-error.ts';
import { checkAndUnsealEnvelope, sealEnvelope, unsealEnvelope } from './envelope.ts';
import { pad, paddedLength } from './padding.ts';
import { checkAndUnsealPut, sealPut, unsealPut } from './put.ts';

const ports = await nativePorts();
const { primitives } = ports;
const keys = keysOf(primitives);
const signer = await primitives.generateDeviceKey();
const certificate: CheckedCertificate = {
  hash: new Uint8Array(32).fill(6),
  certificate: {
    v: 1,
    t: 'device',
    org: ORG,
    ts: ENTRY_TIME,
    account: AUTHOR,
    accountGen: 1,
    device: makeId('device', idBytes(9)),
    pub: signer.publicKey,
    class: 'personal',
    label: 'phone',
    notBefore: ENTRY_TIME - 1000,
    notAfter: ENTRY_TIME + 1000,
  },
};
const content = new Uint8Array(300).map((_, index) => index & 255);
const sealMessage = (over = {}, body: Bytes = content) =>
  sealEnvelope(ports, { header: envelopeHeader(over), keys, signer, content: body });

/** The two kinds behind one face: decode, check the author, open; null where the ledger already refuses. */
const forms = {
  envelope: {
    seal: () => sealMessage(),
    async open(bytes: Bytes) {
      const opened = decodedEnvelope(primitives, bytes);
      return checkAndUnsealEnvelope(primitives, { opened, keys, certificate });
    },
    decodes: (bytes: Bytes) => decodeEnvelope(primitives.sha256, bytes).ok,
    unseal: (bytes: Bytes) =>
      unsealEnvelope(primitives, { opened: decodedEnvelope(primitives, bytes), keys }),
  },
  put: {
    seal: () => sealPut(ports, { header: putHeader(), keys, signer, content }),
    async open(bytes: Bytes) {
      const opened = decodedPut(primitives, bytes);
      return checkAndUnsealPut(primitives, { opened, keys, certificate });
    },
    decodes: (bytes: Bytes) => decodePut(primitives.sha256, bytes).ok,
    unseal: (bytes: Bytes) => unsealPut(primitives, { opened: decodedPut(primitives, bytes), keys }),
  },
} as const;

function recode(bytes: Bytes, change: (sealed: Sealed) => Partial<Sealed>): Bytes {
  const decoded = sealedCodec.decode(bytes);
  if (!decoded.ok) throw new Error('not sealed');
  return sealedCodec.encode({ ...decoded.value, ...change(decoded.value) });
}

describe.each(Object.entries(forms))('%s', (_name, form) => {
  it('refuses every flipped bit, at the decoder, the signature or the opening', async () => {
    const bytes = await form.seal();
    const refusals = { decoder: 0, ledger: 0, opening: 0 };
    for (const { mutant } of bitFlips(bytes, 1000)) {
      if (!form.decodes(mutant)) {
        refusals.decoder += 1;
        continue;
      }
      const outcome = await form.open(mutant).catch((error: unknown) => error);
      if (outcome instanceof CryptoError) refusals.opening += 1;
      else if (typeof outcome === 'object' && outcome !== null && 'ok' in outcome && !outcome.ok)
        refusals.ledger += 1;
      else expect.unreachable('a mutant was accepted, or refused without a type');
    }
    expect(refusals.ledger).toBeGreaterThan(300);
    expect(refusals.decoder + refusals.ledger + refusals.opening).toBeGreaterThanOrEqual(600);
  });

  it('refuses every flipped bit of header, commitment and ciphertext by the opening alone, with a typed error', async () => {
    const bytes = await form.seal();
    const decoded = sealedCodec.decode(bytes);
    if (!decoded.ok) throw new Error('not sealed');
    let mutants = 0;
    for (const field of ['h', 'c', 'x'] as const) {
      for (const { mutant } of bitFlips(decoded.value[field], field === 'c' ? 256 : 500)) {
        const changed = recode(bytes, () => ({ [field]: mutant }));
        // A header that the decoder already refuses shows nothing here.
        if (!form.decodes(changed)) continue;
        mutants += 1;
        const outcome = await form.unseal(changed).catch((error: unknown) => error);
        expect(outcome).toBeInstanceOf(CryptoError);
        const codes =
          field === 'x' ? ['crypto.open_failed'] : ['crypto.bad_commitment', 'crypto.wrong_context'];
        expect(codes).toContain((outcome as CryptoError).code);
      }
    }
    expect(mutants).toBeGreaterThanOrEqual(600);
  });

  it('refuses truncated, empty and extended ciphertexts', async () => {
    const bytes = await form.seal();
    const decoded = sealedCodec.decode(bytes);
    if (!decoded.ok) throw new Error('not sealed');
    for (const x of wrongLengths(decoded.value.x)) {
      if (x.length < 16) continue; // the decoder's business, below
      await expect(form.unseal(recode(bytes, () => ({ x })))).rejects.toMatchObject({
        code: 'crypto.open_failed',
      });
    }
    expect(sealedCodec.decode(recode(bytes, ({ x }) => ({ x: x.slice(0, 15) }))).ok).toBe(false);
  });

  it('lets the wrong author out-shout a failed opening', async () => {
    const bytes = await form.seal();
    const mutant = recode(bytes, ({ x }) => ({ x: x.map((byte) => byte ^ 1) }));
    expect(await form.open(mutant)).toMatchObject({ ok: false, error: { code: 'ledger.bad_signature' } });
  });
});

describe('envelopes', () => {
  it('round-trip at every length, in Padmé sizes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000, size: 'max' }), async (body) => {
        const bytes = await sealMessage({}, body);
        const opened = decodedEnvelope(primitives, bytes);
        expect(opened.sealed.x).toHaveLength(paddedLength(body.length) + 16);
        const outcome = await checkAndUnsealEnvelope(primitives, { opened, keys, certificate });
        expect(outcome).toMatchObject({ ok: true });
        if (outcome.ok) expect(outcome.value.content).toEqual(body);
      }),
      { numRuns: 60 },
    );
  });

  it('hold up to 262,143 bytes', async () => {
    const body = new Uint8Array(262_143).fill(3);
    const opened = decodedEnvelope(primitives, await sealMessage({}, body));
    expect(await unsealEnvelope(primitives, { opened, keys })).toEqual(body);
    await expect(sealMessage({}, new Uint8Array(262_144))).rejects.toMatchObject({
      code: 'crypto.bad_length',
    });
  });

  it('open with the keys of their own conversation and generation only', async () => {
    const opened = decodedEnvelope(primitives, await sealMessage());
    const wrong = { code: 'crypto.wrong_context' };
    for (const place of [{ conv: OTHER_CONV }, { gen: 2 }]) {
      const elsewhere = keysOf(primitives, place);
      await expect(unsealEnvelope(primitives, { opened, keys: elsewhere })).rejects.toMatchObject(wrong);
      await expect(
        sealEnvelope(ports, { header: envelopeHeader(), keys: elsewhere, signer, content }),
      ).rejects.toMatchObject(wrong);
      // The same GK under another place's name derives other keys.
      const moved = { ...opened, header: { ...opened.header, ...place } };
      await expect(unsealEnvelope(primitives, { opened: moved, keys: elsewhere })).rejects.toMatchObject({
        code: 'crypto.bad_commitment',
      });
    }
    const stranger = keysOf(primitives, { value: 8 });
    await expect(unsealEnvelope(primitives, { opened, keys: stranger })).rejects.toMatchObject({
      code: 'crypto.bad_commitment',
    });
  });

  it('are no puts, and puts are no envelopes', async () => {
    const put = decodedPut(primitives, await forms.put.seal());
    const asEnvelope = { ...put, header: decodedEnvelope(primitives, await sealMessage()).header };
    await expect(unsealEnvelope(primitives, { opened: asEnvelope, keys })).rejects.toMatchObject({
      code: 'crypto.bad_commitment',
    });
  });

  it('never repeat a salt', async () => {
    const salts = new Set<string>();
    for (let i = 0; i < 500; i++) {
      salts.add(encodeHex(decodedEnvelope(primitives, await sealMessage()).header.salt));
    }
    expect(salts.size).toBe(500);
  });

  it('refuse a ciphertext that opens under two keys (invisible salamander)', async () => {
    const other = keysOf(primitives, { value: 8 });
    const honest = decodedEnvelope(primitives, await sealMessage());
    const { h } = honest.sealed;
    const okmOf = async (side: typeof keys) =>
      primitives.hkdfFromHandle(await side.messageKey(), {
        salt: honest.header.salt,
        info: hashObject(primitives.sha256, LABELS.envelope, h),
        length: 76,
      });
    const [first, second] = [await okmOf(keys), await okmOf(other)];
    const side = (okm: Bytes, text: number) => ({
      key: okm.slice(0, 32),
      nonce: okm.slice(32, 44),
      aad: h,
      message: new Uint8Array(64).fill(text),
    });
    const { sealed: x } = craftTwoKeyCiphertext(side(first, 1), side(second, 2));
    // GCM itself accepts both: this is what the commitment is for.
    for (const okm of [first, second]) {
      const { key, nonce } = side(okm, 0);
      await expect(primitives.aesGcmOpen({ key, nonce, sealed: x, aad: h })).resolves.toBeInstanceOf(
        Uint8Array,
      );
    }
    const c = first.slice(44);
    const s = await signer.sign(sealedSigningInput(primitives.sha256, LABELS.envelope, { h, c, x }));
    const opened = decodedEnvelope(primitives, sealedCodec.encode({ h, c, x, s }));
    await expect(
      checkAndUnsealEnvelope(primitives, { opened, keys: other, certificate }),
    ).rejects.toMatchObject({
      code: 'crypto.bad_commitment',
    });
  });

  it('refuse padding that nobody honest would write', async () => {
    const honest = decodedEnvelope(primitives, await sealMessage());
    const { h } = honest.sealed;
    const okm = await primitives.hkdfFromHandle(await keys.messageKey(), {
      salt: honest.header.salt,
      info: hashObject(primitives.sha256, LABELS.envelope, h),
      length: 76,
    });
    const good = pad(content);
    const crafted = [
      new Uint8Array(0),
      new Uint8Array(256),
      good.subarray(0, good.length - 1),
      new Uint8Array([...good, 0]),
      good.map((byte, index) => (index === content.length ? 0x81 : byte)),
      good.map((byte, index) => (index === good.length - 1 ? 1 : byte)),
    ];
    for (const plaintext of crafted) {
      const x = await primitives.aesGcmSeal({
        key: okm.slice(0, 32),
        nonce: okm.slice(32, 44),
        plaintext,
        aad: h,
      });
      const opened = { ...honest, sealed: { ...honest.sealed, x } };
      await expect(unsealEnvelope(primitives, { opened, keys })).rejects.toMatchObject({
        code: 'crypto.malformed',
      });
    }
  });
});
