import {
  deriveDemoKeys,
  encodeBase32,
  generatePassphrase,
  generateRecoveryWords,
  generateTotpSecret,
  otpauthAddress,
  parseDemoFragment,
  parseRecoveryWords,
  passkeyPrfInput,
  type Primitives,
  signStatement,
} from '@baton/crypto';
import { type AccountId, type DeviceId, encodeBase64Url, type Rng } from '@baton/kernel';
import { findAccount } from '@baton/ledger';
import {
  type DeviceBody,
  meBody,
  type NewCredentialBody,
  passkeyOptions,
  sessionBody,
  type WrapBody,
} from '@baton/wire';
import type { PreparedPassphrase, PreparedRecovery, Security, SignInProof } from '../api/session.ts';
import { type CredentialWish, makeCredential } from '../enrolment/new-credential.ts';
import { BoxKeyRenewal } from '../accounts/box-key-renewal.ts';
import { ClientError } from '../failure.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import { LiveCell, type Soon } from '../live/cell.ts';
import type { PasskeyPort, Platform } from '../ports/platform.ts';
import type { Rest } from '../rest/rest.ts';
import { wordKeys } from '../sign-in/sign-in.ts';
import type { VaultKeeper } from '../vault/vault-keeper.ts';

export interface SecurityPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly clock: Platform['clock'];
  readonly soon: Soon;
  readonly rest: Rest;
  readonly passkeys: PasskeyPort | null;
  readonly publicUrl: string;
  readonly keyLog: KeyLogReplica;
  readonly vault: VaultKeeper;
  readonly account: AccountId;
  readonly userName: () => string;
}

/** Devices, ways to sign in, recovery. */
export class SecurityDesk implements Security {
  readonly devices: LiveCell<readonly DeviceBody[]>;
  readonly credentials: LiveCell<readonly WrapBody[]>;
  readonly #ports: SecurityPorts;
  readonly #boxKeys: BoxKeyRenewal;

  constructor(ports: SecurityPorts) {
    this.#ports = ports;
    this.#boxKeys = new BoxKeyRenewal(ports);
    this.devices = new LiveCell<readonly DeviceBody[]>(ports.soon, []);
    this.credentials = new LiveCell<readonly WrapBody[]>(ports.soon, []);
  }

  async refresh(): Promise<void> {
    const me = await this.#ports.rest.call({ method: 'GET', path: '/me', answer: meBody });
    this.devices.set(me.devices);
    this.credentials.set(me.wraps);
    await this.#ports.vault.take(me.session.vault);
  }

  /**
   * Ends a device for good. The account's box key changes with it: what is written from now on is sealed to a key that the device has
   * never seen, and conversations make new keys before the next message.
   */
  async revokeDevice(device: DeviceId): Promise<void> {
    const { keyLog, account } = this.#ports;
    const revocations = findAccount(keyLog.state, account)?.revocations ?? [];
    // Tried again after the connection broke in between: the device is out already, its keys may not be.
    if (!revocations.some((revocation) => revocation.device === device))
      await this.#publishRevocation(device);
    await this.#boxKeys.renew();
    await this.refresh();
  }

  async stepUp(proof: SignInProof): Promise<void> {
    await this.#ports.rest.call({
      method: 'POST',
      path: '/auth/step-up',
      body: await this.#stepUpBody(proof),
      answer: sessionBody,
    });
  }

  async addPasskey(label: string): Promise<{ readonly unlocks: boolean }> {
    const body = await this.#add({ kind: 'passkey', label });
    return { unlocks: 'wrap' in body && body.wrap !== null };
  }

  async preparePassphrase(login: string): Promise<PreparedPassphrase> {
    const { rng, publicUrl } = this.#ports;
    const secret = generateTotpSecret(rng);
    const passphrase = generatePassphrase(rng).reveal();
    const secretText = encodeBase32(secret.reveal());
    const issuer = publicUrl.replace(/^https?:\/\//, '');
    return {
      passphrase,
      secretText,
      otpauth: otpauthAddress({ issuer, login, secret }),
      confirm: async (code) => {
        await this.#add({
          kind: 'passphrase',
          login,
          prepared: { passphrase, totpSecret: secretText, code },
        });
      },
    };
  }

  async prepareRecoveryWords(login: string): Promise<PreparedRecovery> {
    const words = generateRecoveryWords(this.#ports.rng).reveal();
    return {
      words: words.split(' '),
      confirm: async (typed) => {
        const parsed = parseRecoveryWords(typed);
        if (!parsed.ok || parsed.value.reveal() !== words) throw new ClientError('auth.failed', 'recovery');
        await this.#add({ kind: 'recovery', login, words: words.split(' ') });
      },
    };
  }

  async removeCredential(credential: string): Promise<void> {
    await this.#ports.rest.call({ method: 'DELETE', path: `/credentials/${credential}`, answer: null });
    await this.refresh();
  }

  async #publishRevocation(device: DeviceId): Promise<void> {
    const { primitives, clock, rest, keyLog, vault, account } = this.#ports;
    const { org, uik } = vault.vault;
    const key = await primitives.signingKeyFromSeed(uik);
    const statement = await signStatement(primitives, {
      key,
      body: { v: 1, org, ts: clock.nowMs(), t: 'revocation', account, device, by: 'account', reason: 'lost' },
    });
    await rest.call({
      method: 'DELETE',
      path: `/devices/${device}`,
      body: { statement: encodeBase64Url(statement.bytes) },
      answer: null,
    });
    await keyLog.catchUp();
  }

  async #add(wish: CredentialWish): Promise<NewCredentialBody> {
    const { primitives, rng, passkeys, rest, account, vault } = this.#ports;
    const body = await makeCredential(
      { primitives, rng, passkeys, passkeyOptions: () => this.#passkeyOptions() },
      wish,
      { account, umk: vault.umk },
    );
    await rest.call({ method: 'POST', path: '/credentials', body, answer: null });
    await this.refresh();
    return body;
  }

  async #passkeyOptions() {
    const { rest, account, userName } = this.#ports;
    const answer = await rest.call({
      method: 'POST',
      path: '/auth/passkey/registration',
      body: { account, userName: userName() },
      answer: passkeyOptions,
    });
    return answer.options;
  }

  async #stepUpBody(proof: SignInProof): Promise<Record<string, unknown>> {
    const { primitives, passkeys, rest } = this.#ports;
    switch (proof.kind) {
      case 'passphrase': {
        const keys = await wordKeys(primitives, proof);
        return { kind: 'passphrase', proof: encodeBase64Url(keys.proof), totp: proof.totp };
      }
      case 'demo': {
        const link = parseDemoFragment(proof.fragment);
        if (!link) throw new ClientError('auth.failed', 'demo');
        const keys = await deriveDemoKeys(primitives, link.secret);
        return { kind: 'demo', proof: encodeBase64Url(keys.proof) };
      }
      case 'passkey': {
        if (!passkeys) throw new ClientError('auth.failed', 'passkey');
        const { flow, options } = await rest.call({
          method: 'POST',
          path: '/auth/passkey/options',
          answer: passkeyOptions,
        });
        const { response } = await passkeys.get(options, passkeyPrfInput(primitives));
        return { kind: 'passkey', flow, response };
      }
      case 'recovery':
        throw new ClientError('auth.failed', 'recovery');
    }
  }
}
