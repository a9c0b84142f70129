import { type Primitives, type SignedObject, type SigningKey, signStatement } from '@baton/crypto';
import type { Bytes, Clock } from '@baton/kernel';
import { findEnroller } from '@baton/ledger';
import type { Statement, StatementOf } from '@baton/wire';
import { ENROLLER_LIFE_MS } from '../enrolment/set-up.ts';
import { ClientError } from '../failure.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { VaultKeeper } from '../vault/vault-keeper.ts';

const RENEW_BEFORE_MS = 14 * 86_400_000;
type Enrolled = StatementOf<'invitation' | 'grant' | 'role' | 'revocation'>;
/** A statement body without what every statement has. */
export type EnrolledBody = Enrolled extends infer T
  ? T extends Statement
    ? Omit<T, 'v' | 'org' | 'ts'>
    : never
  : never;

export interface EnrollerPorts {
  readonly primitives: Primitives;
  readonly clock: Clock;
  readonly rng: { bytes(length: number): Bytes };
  readonly keyLog: KeyLogReplica;
  readonly vault: VaultKeeper;
}

/** Signs for the organisation, where this account's vault holds the enrolment key; renews that key where it holds the authority too. */
export class Enroller {
  readonly #ports: EnrollerPorts;

  constructor(ports: EnrollerPorts) {
    this.#ports = ports;
  }

  get canSign(): boolean {
    const own = this.#ports.vault.vault.authority;
    const current = findEnroller(this.#ports.keyLog.state)?.statement;
    if (!own || !current) return false;
    const holdsCurrent = own.oe !== null && own.oe.gen === current.gen;
    return own.oa !== null || (holdsCurrent && this.#ports.clock.nowMs() < current.notAfter);
  }

  /** Signs a statement as the enrolment signer and appends it, with others signed elsewhere where they belong together. */
  async publish(body: EnrolledBody): Promise<SignedObject> {
    const key = await this.#currentKey();
    const { primitives, clock, keyLog, vault } = this.#ports;
    const { org } = vault.vault;
    const full = { v: 1, org, ts: clock.nowMs(), ...body } as Enrolled;
    const signed = await signStatement(primitives, { key, body: full });
    await keyLog.append([signed.bytes]);
    return signed;
  }

  async #currentKey(): Promise<SigningKey> {
    const { primitives, clock, keyLog, vault } = this.#ports;
    const own = vault.vault.authority;
    const current = findEnroller(keyLog.state)?.statement;
    if (!own || !current) throw new ClientError('policy.forbidden', 'enroller');
    const isMine = own.oe !== null && own.oe.gen === current.gen;
    const isFresh = clock.nowMs() < current.notAfter - RENEW_BEFORE_MS;
    if (isMine && own.oe && (isFresh || own.oa === null)) {
      if (clock.nowMs() >= current.notAfter) throw new ClientError('ledger.expired', 'enroller');
      return primitives.signingKeyFromSeed(own.oe.seed);
    }
    if (own.oa === null) throw new ClientError('policy.forbidden', 'enroller');
    return this.#renew(own.oa, current.gen + 1);
  }

  /** The vault first: a key that is in the log but in no vault would lock everybody out. */
  async #renew(oaSeed: Bytes, gen: number): Promise<SigningKey> {
    const { primitives, clock, rng, keyLog, vault } = this.#ports;
    const seed = rng.bytes(32);
    const key = await primitives.signingKeyFromSeed(seed);
    await vault.change((before) => ({
      ...before,
      authority: { oa: before.authority?.oa ?? null, oe: { gen, seed } },
    }));
    const ts = clock.nowMs();
    const { org } = vault.vault;
    const statement = await signStatement(primitives, {
      key: await primitives.signingKeyFromSeed(oaSeed),
      body: { v: 1, org, ts, t: 'enroller', gen, pub: key.publicKey, notAfter: ts + ENROLLER_LIFE_MS },
    });
    await keyLog.append([statement.bytes]);
    return key;
  }
}
