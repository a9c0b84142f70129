import {
  makeBoxKey,
  makeUserMasterKey,
  type Primitives,
  type SignedObject,
  type SigningKey,
  sealVault,
  signAccountStatement,
  signStatement,
} from '@baton/crypto';
import {
  type AccountId,
  type Bytes,
  type Clock,
  type DeviceId,
  encodeBase64Url,
  type OrgId,
  type Rng,
  Secret,
} from '@baton/kernel';
import type { NewCredentialBody, Vault } from '@baton/wire';
import type { Platform } from '../ports/platform.ts';
import { certifyDevice } from './device-certificate.ts';
import { type CredentialPorts, type CredentialWish, makeCredential } from './new-credential.ts';

export interface AccountPlan {
  readonly org: OrgId;
  readonly account: AccountId;
  readonly accountGen: number;
  readonly isAgent: boolean;
  /** Hash of the invitation statement, and the key that its secret gives. */
  readonly invitation: Bytes;
  readonly invitationKey: SigningKey;
  /** Hash of the account statement that this one replaces. */
  readonly prev: Bytes | null;
  readonly boxKeyGen: number;
  readonly boxKeyPrev: Bytes | null;
  /** Hash of the org statement. */
  readonly root: Bytes;
  readonly authority: Vault['authority'];
  readonly credentials: readonly CredentialWish[];
}

/** Everything that a new account (or an account's new keys) consists of; `body` is what the server gets of it. */
export interface NewAccount {
  readonly umk: Secret<Bytes>;
  readonly vault: Vault;
  readonly vaultSealed: Bytes;
  readonly device: DeviceId;
  readonly certificate: SignedObject;
  readonly notAfter: number;
  readonly body: {
    readonly account: string;
    readonly boxKey: string;
    readonly device: string;
    readonly vault: string;
    readonly credentials: readonly NewCredentialBody[];
    readonly bearer: boolean;
  };
}

export interface EnrolmentPorts extends CredentialPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly device: Platform['device'];
  readonly bearer: boolean;
}

/** Makes identity key, box key, device certificate, vault and wraps of an account that claims its invitation. */
export async function makeAccount(
  ports: EnrolmentPorts,
  plan: AccountPlan,
  deviceKey: SigningKey,
): Promise<NewAccount> {
  const { primitives, rng, clock } = ports;
  const { org, account, accountGen } = plan;
  const base = { v: 1, org, ts: clock.nowMs() } as const;
  const uikSeed = rng.bytes(32);
  const uik = await primitives.signingKeyFromSeed(uikSeed);
  const accountStatement = await signAccountStatement(primitives, {
    key: uik,
    invitationKey: plan.invitationKey,
    body: {
      ...base,
      t: 'account',
      account,
      gen: accountGen,
      pub: uik.publicKey,
      invitation: plan.invitation,
      prev: plan.prev,
    },
  });
  const puk = await makeBoxKey(ports, { account, gen: plan.boxKeyGen, previous: null });
  const boxKey = await signStatement(primitives, {
    key: uik,
    body: {
      ...base,
      t: 'boxkey',
      account,
      accountGen,
      gen: puk.gen,
      pub: puk.publicKey,
      chain: puk.chain,
      prev: plan.boxKeyPrev,
    },
  });
  const { certificate, device, notAfter } = await certifyDevice(ports, { ...plan, uik, deviceKey });
  const umk = makeUserMasterKey(rng);
  const vault: Vault = {
    v: 1,
    t: 'vault',
    org,
    account,
    accountGen,
    uik: uikSeed,
    puk: { gen: puk.gen, seed: puk.seed.reveal() },
    root: plan.root,
    authority: plan.authority,
    seen: { keylog: 0, batch: 0 },
    preferences: {},
  };
  const vaultSealed = await sealVault(ports, { account, version: 1, umk, vault: Secret.of(vault) });
  const credentials: NewCredentialBody[] = [];
  for (const wish of plan.credentials) credentials.push(await makeCredential(ports, wish, { account, umk }));
  return {
    umk,
    vault,
    vaultSealed,
    device,
    certificate,
    notAfter,
    body: {
      account: encodeBase64Url(accountStatement.bytes),
      boxKey: encodeBase64Url(boxKey.bytes),
      device: encodeBase64Url(certificate.bytes),
      vault: encodeBase64Url(vaultSealed),
      credentials,
      bearer: ports.bearer,
    },
  };
}
