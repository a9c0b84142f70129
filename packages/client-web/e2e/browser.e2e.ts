import type { AccountId } from '@baton/kernel';
import { findCanaries } from '@baton/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage?.close());

describe('the adapters in a real browser, under the policy of the app', () => {
  it('has every primitive, natively where the browser has it, and Argon2id in WebAssembly', async () => {
    const page = await stage.openTab();
    const answer = await page.evaluate(async () => {
      const { primitives, rng } = await globalThis.adapters.createWebPlatform();
      const text = (value: string) => new TextEncoder().encode(value);
      const hex = (bytes: Uint8Array) =>
        [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      const started = performance.now();
      const derived = await primitives.argon2id({
        password: text('password'),
        salt: text('somesalt'),
        t: 2,
        mKiB: 65_536,
        p: 1,
        length: 32,
      });
      const argonMs = performance.now() - started;
      const key = await primitives.generateDeviceKey();
      const handle = key.cryptoKey as CryptoKey;
      const exported = await crypto.subtle.exportKey('pkcs8', handle).then(
        () => 'exported',
        (error: unknown) => (error as Error).name,
      );
      const box = await primitives.xwingKeyFromSeed(rng.bytes(32));
      const { ct, ss } = await primitives.xwingEncapsulate(box.publicKey);
      return {
        support: primitives.support,
        argon2id: hex(derived),
        argonMs,
        signs: await primitives.verifyEd25519(key.publicKey, ct, await key.sign(ct)),
        exported,
        agrees: hex(await primitives.xwingDecapsulate(box, ct)) === hex(ss),
      };
    });
    expect(answer).toMatchObject({
      support: { aesGcm: 'native', hkdf: 'native', ed25519: 'native', x25519: 'native' },
      argon2id: '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7',
      signs: true,
      exported: 'InvalidAccessError',
      agrees: true,
    });
    console.log(
      `Argon2id, 64 MiB, 2 passes: ${answer.argonMs.toFixed(0)} ms; ML-KEM ${answer.support.mlKem768}`,
    );
    expect(await stage.violations(page)).toEqual([]);
    await page.close();
  });

  it('unlocks by passkey, and the secret stays in the page', async () => {
    const page = await stage.openTab();
    const cdp = await stage.context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
        hasPrf: true,
      },
    });
    const answer = await page.evaluate(async () => {
      const { passkeys } = await globalThis.adapters.createWebPlatform();
      if (!passkeys) throw new Error('no passkeys');
      const text = (value: string) => btoa(value).replaceAll('=', '');
      const salt = new Uint8Array(32).fill(5);
      const made = await passkeys.create(
        {
          challenge: text('challenge 1'),
          rp: { id: 'localhost', name: 'Baton' },
          user: { id: text('user'), name: 'maria', displayName: 'Maria' },
          pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
          authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        },
        salt,
      );
      const request = { challenge: text('challenge 2'), rpId: 'localhost', userVerification: 'required' };
      const used = await passkeys.get(request, salt);
      const again = await passkeys.get(request, salt);
      const other = await passkeys.get(request, new Uint8Array(32).fill(6));
      const refused = await passkeys.get({ ...request, rpId: 'elsewhere.example' }, salt).then(
        () => 'used',
        (error: unknown) => (error as { code?: string }).code,
      );
      return {
        isAvailable: await passkeys.isAvailable(),
        made: made.response,
        used: used.response,
        length: used.prf?.length,
        atOnce: String(made.prf) === String(used.prf),
        same: String(used.prf) === String(again.prf),
        differs: String(used.prf) !== String(other.prf),
        refused,
        text: JSON.stringify([made.response, used.response]),
        secret: btoa(String.fromCharCode(...(used.prf ?? [])))
          .replaceAll('+', '-')
          .replaceAll('/', '_'),
      };
    });
    expect(answer).toMatchObject({
      isAvailable: true,
      made: { clientExtensionResults: { prf: { enabled: true } } },
      length: 32,
      atOnce: true,
      same: true,
      differs: true,
      refused: 'auth.failed',
    });
    expect(answer.text).not.toContain(answer.secret.replaceAll('=', ''));
    expect(answer.text).not.toContain('results');
    expect(await stage.violations(page)).toEqual([]);
    await page.close();
  });

  it('writes so fast', async () => {
    const page = await stage.openTab();
    const figures = await page.evaluate(async () => {
      const { profiles } = await globalThis.adapters.createWebPlatform();
      const account = `a_${'A'.repeat(22)}` as AccountId;
      const { store } = await profiles.open(account);
      const value = new Uint8Array(1024).fill(1);
      const timed = async (task: () => Promise<unknown>) => {
        const started = performance.now();
        await task();
        return performance.now() - started;
      };
      const row = (index: number) => ({
        table: 'puts' as const,
        key: `bench/${String(index).padStart(6, '0')}`,
        value,
      });
      const oneMs = await timed(async () => {
        for (let index = 0; index < 50; index += 1) await store.write([row(index)]);
      });
      const batchMs = await timed(() => store.write(Array.from({ length: 5000 }, (_, index) => row(index))));
      const newestMs = await timed(() =>
        store.list('puts', { from: 'bench/', to: 'bench/~', limit: 50, reverse: true }),
      );
      await store.close();
      await profiles.wipe(account);
      return { oneMs: oneMs / 50, batchMs, newestMs };
    });
    console.log(
      `durable write ${figures.oneMs.toFixed(1)} ms; 5,000 rows ${figures.batchMs.toFixed(0)} ms; newest 50 ${figures.newestMs.toFixed(0)} ms`,
    );
    // Far from what it takes: whoever reads all rows for the newest ones reads 5,000.
    expect(figures.newestMs).toBeLessThan(Math.max(1000, figures.batchMs));
    await page.close();
  });

  it('has written nothing readable to the disk, which a search would have found', async () => {
    const page = await stage.openTab();
    await stage.signIn(page);
    await stage.startConversation(page);
    await stage.send(page, 'Canary Robertson, bed 4');
    await stage.jamesSends('On my way, Robertson canary');
    await stage.reads(page, 'On my way, Robertson canary');
    await page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open('control');
          opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore('rows'));
          opening.addEventListener('success', () => {
            const writing = opening.result.transaction('rows', 'readwrite');
            writing.objectStore('rows').put(new TextEncoder().encode('Planted Canary Smith'), 'key');
            writing.addEventListener('complete', () => resolve());
            writing.addEventListener('error', () => reject(new Error('not written')));
          });
        }),
    );
    expect(await stage.violations(page)).toEqual([]);
    await stage.context.close();
    const finds = await findCanaries({
      haystacks: [stage.userData],
      needles: [
        'Canary Robertson',
        'Robertson canary',
        'Planted Canary Smith',
        'James Chen',
        'Harbor Family Practice',
      ],
    });
    expect(new Set(finds.map((find) => find.needle))).toEqual(new Set(['Planted Canary Smith']));
  });
});
