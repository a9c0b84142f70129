import {
  type AccountId,
  type Bytes,
  type ConversationId,
  type CredentialId,
  type DeviceId,
  encodeBase64Url,
  type InvitationId,
  newId,
  type OrgId,
  type RoleId,
} from '@baton/kernel';
import { hashObject, LABELS, signingInput } from '@baton/ledger';
import {
  type DeviceCertificate,
  deviceCertificateCodec,
  type Job,
  type NewCredentialBody,
  signedCodec,
  type Statement,
  statementCodec,
} from '@baton/wire';
import { nodePorts } from '../adapters/node-ports.ts';
import { makeKey, random, signBody, type TestKey } from './signing.ts';

const { digest, rng } = nodePorts;
const YEAR_MS = 365 * 86_400_000;
const DAY_MS = 86_400_000;

export interface TestDevice {
  readonly device: DeviceId;
  readonly key: TestKey;
  /** Signed certificate and its hash. */
  readonly certificate: Bytes;
  readonly dk: Bytes;
}

/** A person with keys, as their first device would hold them. */
export interface TestAccount {
  readonly account: AccountId;
  readonly uik: TestKey;
  readonly device: TestDevice;
  /** Generation and hash of the newest box key statement. */
  boxKey: { gen: number; hash: Bytes };
  readonly login: string;
  readonly proof: Bytes;
  readonly credentials: NewCredentialBody[];
  token: string;
}

export interface TestInvitation {
  readonly invitation: InvitationId;
  readonly account: AccountId;
  readonly kind: 'user' | 'agent' | 'patient';
  readonly gen: number;
  readonly key: TestKey;
  readonly statement: Bytes;
  readonly hash: Bytes;
}

/** The keys that an organisation's first admin holds, and the statements that they sign. */
export class TestOrganisation {
  readonly org: OrgId = newId('org', rng);
  readonly authority: TestKey = makeKey();
  readonly enroller: TestKey = makeKey();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  get now(): number {
    return this.#clock();
  }

  sign(key: TestKey, statement: Statement): { body: Bytes; hash: Bytes } {
    const b = statementCodec.encode(statement);
    return { body: signBody(key, LABELS.statement, b), hash: hashObject(digest, LABELS.statement, b) };
  }

  founding(serverKey: Bytes): Bytes[] {
    const base = { v: 1, org: this.org, ts: this.now } as const;
    return [
      this.sign(this.authority, {
        ...base,
        t: 'org',
        name: 'Test Practice',
        pub: this.authority.pub,
        server: serverKey,
      }),
      this.sign(this.authority, {
        ...base,
        t: 'enroller',
        gen: 1,
        pub: this.enroller.pub,
        notAfter: this.now + YEAR_MS,
      }),
      this.sign(this.authority, {
        ...base,
        t: 'custodian',
        gen: 1,
        year: 2026,
        pub: random(1216),
        shares: 3,
        threshold: 2,
      }),
    ].map(({ body }) => body);
  }

  invite(
    jobs: Job[],
    options: {
      kind?: 'user' | 'agent' | 'patient';
      account?: AccountId;
      gen?: number;
      notAfter?: number;
    } = {},
  ): TestInvitation {
    const key = makeKey();
    const invitation = newId('invitation', rng);
    const account = options.account ?? newId('account', rng);
    const kind = options.kind ?? 'user';
    const gen = options.gen ?? 1;
    const { body, hash } = this.sign(this.enroller, {
      v: 1,
      org: this.org,
      ts: this.now,
      t: 'invitation',
      invitation,
      account,
      kind,
      gen,
      name: kind === 'patient' ? null : `Test ${jobs[0]}`,
      jobs,
      pub: key.pub,
      notAfter: options.notAfter ?? this.now + 7 * DAY_MS,
      manifest: kind === 'agent' ? random(32) : null,
    });
    return { invitation, account, kind, gen, key, statement: body, hash };
  }

  /** What the invited one's browser makes: account, box key, device, vault, credentials. */
  accept(
    invitation: TestInvitation,
    options: {
      prev?: Bytes | null;
      boxKeyGen?: number;
      boxKeyPrev?: Bytes | null;
      credentials?: (account: {
        credential: CredentialId;
        proof: Bytes;
        login: string;
      }) => NewCredentialBody[];
      deviceClass?: DeviceCertificate['class'];
    } = {},
  ): { member: TestAccount; claim: Record<string, unknown> } {
    const { account, gen } = invitation;
    const uik = makeKey();
    const b = statementCodec.encode({
      v: 1,
      org: this.org,
      ts: this.now,
      t: 'account',
      account,
      gen,
      pub: uik.pub,
      invitation: invitation.hash,
      prev: options.prev ?? null,
    });
    const accountStatement = signedCodec.encode({
      b,
      s: uik.sign(signingInput(digest, LABELS.statement, b)),
      x: invitation.key.sign(signingInput(digest, LABELS.claim, b)),
    });
    const boxKeyGen = options.boxKeyGen ?? 1;
    const boxKey = this.boxKey({
      account,
      accountGen: gen,
      gen: boxKeyGen,
      uik,
      prev: options.boxKeyPrev ?? null,
      chain: null,
    });
    const deviceClass = options.deviceClass ?? (invitation.kind === 'agent' ? 'agent' : 'personal');
    const device = this.certify({ account, gen, uik, deviceClass });
    const proof = random(32);
    const login = `user-${encodeBase64Url(random(6))
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, 'x')}`;
    const credential = newId('credential', rng);
    const credentials = options.credentials?.({ credential, proof, login }) ?? [
      {
        kind: 'recovery' as const,
        credential,
        label: 'words',
        login,
        proof: encodeBase64Url(proof),
        wrap: encodeBase64Url(random(60)),
      },
    ];
    return {
      member: {
        account,
        uik,
        device,
        boxKey: { gen: boxKeyGen, hash: boxKey.hash },
        login,
        proof,
        credentials,
        token: '',
      },
      claim: {
        account: encodeBase64Url(accountStatement),
        boxKey: encodeBase64Url(boxKey.body),
        device: encodeBase64Url(device.certificate),
        vault: encodeBase64Url(random(200)),
        credentials,
        bearer: true,
      },
    };
  }

  boxKey(options: {
    account: AccountId;
    accountGen: number;
    gen: number;
    uik: TestKey;
    prev: Bytes | null;
    chain: Bytes | null;
  }): { body: Bytes; hash: Bytes } {
    const { uik, ...rest } = options;
    return this.sign(uik, { v: 1, org: this.org, ts: this.now, t: 'boxkey', pub: random(1216), ...rest });
  }

  certify(options: {
    account: AccountId;
    gen: number;
    uik: TestKey;
    deviceClass: DeviceCertificate['class'];
    lifeMs?: number;
  }): TestDevice {
    const key = makeKey();
    const device = newId('device', rng);
    const b = deviceCertificateCodec.encode({
      v: 1,
      org: this.org,
      ts: this.now,
      t: 'device',
      account: options.account,
      accountGen: options.gen,
      device,
      pub: key.pub,
      class: options.deviceClass,
      label: 'Test browser',
      notBefore: this.now - 60_000,
      notAfter:
        this.now + (options.lifeMs ?? (options.deviceClass === 'workstation' ? DAY_MS / 2 : 30 * DAY_MS)),
    });
    return {
      device,
      key,
      certificate: signBody(options.uik, LABELS.device, b),
      dk: hashObject(digest, LABELS.device, b),
    };
  }

  grant(account: AccountId, options: { n: number; jobs: Job[]; active: boolean }): Bytes {
    return this.sign(this.enroller, {
      v: 1,
      org: this.org,
      ts: this.now,
      t: 'grant',
      account,
      name: 'Test',
      manifest: null,
      ...options,
    }).body;
  }

  role(
    role: RoleId,
    keyring: ConversationId,
    options: { n?: number; active?: boolean; name?: string; unit?: string } = {},
  ): Bytes {
    return this.sign(this.enroller, {
      v: 1,
      org: this.org,
      ts: this.now,
      t: 'role',
      role,
      n: options.n ?? 1,
      name: options.name ?? 'Care team',
      unit: options.unit ?? null,
      kind: 'team',
      keyring,
      active: options.active ?? true,
    }).body;
  }

  roleKey(
    holder: TestAccount,
    key: { role: RoleId; keyring: ConversationId; gen: number; entry: Bytes },
  ): Bytes {
    return this.sign(holder.device.key, {
      v: 1,
      org: this.org,
      ts: this.now,
      t: 'rolekey',
      ...key,
      pub: random(1216),
      account: holder.account,
      dk: holder.device.dk,
    }).body;
  }

  revocation(account: TestAccount, device: DeviceId | null): Bytes {
    return this.sign(account.uik, {
      v: 1,
      org: this.org,
      ts: this.now,
      t: 'revocation',
      account: account.account,
      device,
      by: 'account',
      reason: 'lost',
    }).body;
  }

  sessionSignature(device: TestDevice, challenge: Bytes): Bytes {
    return device.key.sign(signingInput(digest, LABELS.session, challenge));
  }
}

export function textOf(bytes: Bytes): string {
  return encodeBase64Url(bytes);
}
