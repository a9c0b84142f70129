import {
  generateRecoveryWords,
  parseRecoveryWords,
  passkeyPrfInput,
  signSessionChallenge,
  wordsLogin,
} from '@baton/crypto';
import { decodeBase64Url, encodeBase64Url, type Secret } from '@baton/kernel';
import { deviceChallenge, passkeyOptions, sessionBody } from '@baton/wire';
import { type CredentialWish, makeCredential } from '../enrolment/new-credential.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { Identity } from '../identity/identity.ts';
import type { Rest } from '../rest/rest.ts';
import type { VaultKeeper } from '../vault/vault-keeper.ts';
import type { PhonePlatform } from './phone-ports.ts';

export interface WaysInPorts {
  readonly platform: PhonePlatform;
  readonly rest: Rest;
  readonly identity: Identity;
  readonly vault: VaultKeeper;
}

/** How an account is opened elsewhere, or again. Loaded only where somebody changes it. */
export class WaysIn {
  readonly #ports: WaysInPorts;

  constructor(ports: WaysInPorts) {
    this.#ports = ports;
  }

  /** Lets the account's phones sign in by their own keys: a PIN opens what is here, and the server learns nothing of it. */
  async addDevice(): Promise<void> {
    await this.#add({ kind: 'device', label: this.#ports.platform.device.label });
  }

  async makeWords() {
    const { primitives, rng } = this.#ports.platform;
    const words = generateRecoveryWords(rng);
    return {
      words: words.reveal().split(' '),
      confirm: async (typed: string): Promise<void> => {
        const parsed = parseRecoveryWords(typed);
        if (!parsed.ok || parsed.value.reveal() !== words.reveal())
          throw new ClientError('auth.failed', 'words', {
            sentence: 'These are not the words. Look at them again and type all twelve.',
          });
        await this.#add(recoveryWish(primitives, words));
      },
    };
  }

  async addPasskey(label: string): Promise<void> {
    await this.#add({ kind: 'passkey', label });
  }

  async #add(wish: CredentialWish): Promise<void> {
    const { platform, rest, identity, vault } = this.#ports;
    const { primitives, rng, passkeys } = platform;
    const body = await makeCredential(
      { primitives, rng, passkeys, passkeyOptions: () => registrationOptions(rest, identity.account) },
      wish,
      { account: identity.account, umk: vault.umk },
    );
    requireOpening(body);
    const post = () => rest.call({ method: 'POST', path: '/credentials', body, answer: null });
    try {
      await post();
    } catch (error) {
      if (!isClientError(error, 'auth.step_up')) throw error;
      await this.#stepUp();
      await post();
    }
  }

  /** By this phone's key where the account lets its phones sign in so, and by a passkey otherwise. */
  async #stepUp(): Promise<void> {
    try {
      await this.#stepUpByDevice();
    } catch (error) {
      if (!isClientError(error, 'auth.failed')) throw error;
      await this.#stepUpByPasskey();
    }
  }

  async #stepUpByDevice(): Promise<void> {
    const { platform, rest, identity } = this.#ports;
    const { account, device, deviceKey } = identity;
    const { challenge } = await rest.call({
      method: 'POST',
      path: '/auth/device/challenge',
      body: { account, device },
      answer: deviceChallenge,
    });
    const bytes = decodeBase64Url(challenge);
    if (!bytes) throw new ClientError('wire.malformed', 'challenge');
    const signature = await signSessionChallenge(platform.primitives, { key: deviceKey, challenge: bytes });
    await rest.call({
      method: 'POST',
      path: '/auth/step-up',
      body: { kind: 'device', challenge, signature: encodeBase64Url(signature) },
      answer: sessionBody,
    });
  }

  async #stepUpByPasskey(): Promise<void> {
    const { platform, rest } = this.#ports;
    if (!platform.passkeys) throw new ClientError('auth.failed', 'passkey');
    const { flow, options } = await rest.call({
      method: 'POST',
      path: '/auth/passkey/options',
      answer: passkeyOptions,
    });
    const { response } = await platform.passkeys.get(options, passkeyPrfInput(platform.primitives));
    await rest.call({
      method: 'POST',
      path: '/auth/step-up',
      body: { kind: 'passkey', flow, response },
      answer: sessionBody,
    });
  }
}

/** Twelve words are all there is to keep: their login name follows from them (patients.md §2). */
export function recoveryWish(
  primitives: PhonePlatform['primitives'],
  words: Secret<string>,
): Extract<CredentialWish, { kind: 'recovery' }> {
  return { kind: 'recovery', login: wordsLogin(primitives, words), words: words.reveal().split(' ') };
}

/** Creation options for a passkey of this account; whose it is stands in no name on the phone. */
export async function registrationOptions(
  rest: Rest,
  account: Identity['account'],
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await rest.call({
    method: 'POST',
    path: '/auth/passkey/registration',
    body: { account, userName: 'Patient' },
    answer: passkeyOptions,
  });
  return answer.options;
}

/** A passkey that signs in and opens nothing would lock its owner out. */
export function requireOpening(body: Awaited<ReturnType<typeof makeCredential>>): void {
  if (body.kind === 'passkey' && body.wrap === null)
    throw new ClientError('auth.failed', 'passkey.prf', {
      sentence: 'Passkeys of this phone cannot open your messages. Choose a PIN instead.',
    });
}
