import { Fault } from './fault.ts';
import { hex, isIncluded, isObjectSignedBy, leafHash, objectHash } from './primitives.ts';
import { Shape } from './shape.ts';

const STEP = 3;
const STATEMENT = 'sg/statement/v1';
const CLAIM = 'sg/claim/v1';

export interface Signed {
  readonly b: Uint8Array;
  readonly s: Uint8Array;
  readonly x: Uint8Array | null;
  readonly raw: Uint8Array;
  readonly body: Shape;
}

export function openSigned(raw: Uint8Array, place: { readonly step: number; readonly at: string }): Signed {
  const outer = Shape.decode(raw, place);
  const b = outer.bytes('b');
  return { b, s: outer.bytes('s', 64), x: outer.bytesOrNull('x', 64), raw, body: Shape.decode(b, place) };
}

export interface Account {
  readonly kind: 'user' | 'agent' | 'patient';
  name: string | null;
  /** Identity keys by generation. */
  readonly keys: Map<number, { readonly pub: Uint8Array; readonly ts: number }>;
}

export interface Revocation {
  readonly account: string;
  readonly device: string | null;
  readonly ts: number;
}

/** What the statements of the bundle say, each checked against its signer. */
export interface KeyLog {
  readonly org: string;
  readonly orgName: string;
  /** Hash of the org statement: what the practice's own links pin. */
  readonly rootHash: string;
  readonly serverKey: Uint8Array;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly roleNames: ReadonlyMap<string, string>;
  readonly revocations: readonly Revocation[];
}

interface Invitation {
  readonly hash: Uint8Array;
  readonly pub: Uint8Array;
  readonly account: string;
  readonly kind: Account['kind'];
  readonly name: string | null;
}

/** Statements in the order of the log. `certificateOf` answers for patient invitations, which a colleague's device signs. */
export class KeyLogReader {
  readonly #accounts = new Map<string, Account>();
  readonly #roleNames = new Map<string, string>();
  readonly #revocations: Revocation[] = [];
  readonly #invitations: Invitation[] = [];
  readonly #late: { readonly signed: Signed; readonly at: string }[] = [];
  #org: {
    readonly id: string;
    readonly name: string;
    readonly pub: Uint8Array;
    readonly server: Uint8Array;
  } | null = null;
  #rootHash = '';
  #enroller: Uint8Array | null = null;

  read(signed: Signed, at: string): void {
    const { body } = signed;
    const kind = body.text('t');
    if (this.#org === null && kind !== 'org')
      throw new Fault(STEP, at, 'the first statement is not the organisation');
    if (this.#org !== null && body.text('org') !== this.#org.id)
      throw new Fault(STEP, at, 'is of another organisation');
    switch (kind) {
      case 'org':
        return this.#readOrg(signed, at);
      case 'enroller':
        this.#require(signed, this.#org?.pub, at);
        this.#enroller = body.bytes('pub', 32);
        return;
      case 'invitation':
        this.#require(signed, this.#enroller, at);
        return this.#invite(signed, accountKind(body.text('kind'), at), body.textOrNull('name'));
      case 'patient-invitation':
        // Its signer's certificate is checked with the others, once accounts are known.
        this.#late.push({ signed, at });
        return this.#invite(signed, 'patient', null);
      case 'account':
        return this.#readAccount(signed, at);
      case 'grant':
        this.#require(signed, this.#enroller, at);
        this.#rename(body);
        return;
      case 'role':
        this.#require(signed, this.#enroller, at);
        this.#roleNames.set(body.text('role'), body.text('name'));
        return;
      case 'revocation':
        return this.#revoke(signed, at);
      default:
        throw new Fault(STEP, at, `a statement "${kind}" proves nothing here`);
    }
  }

  /** Statements whose signer is a device: `{dk, account}` of each, to be checked against the certificates. */
  signedByDevices(): readonly { readonly signed: Signed; readonly at: string }[] {
    return this.#late;
  }

  finish(): KeyLog {
    if (this.#org === null) throw new Fault(STEP, 'statements', 'there are none');
    return {
      org: this.#org.id,
      orgName: this.#org.name,
      rootHash: this.#rootHash,
      serverKey: this.#org.server,
      accounts: this.#accounts,
      roleNames: this.#roleNames,
      revocations: this.#revocations,
    };
  }

  #readOrg(signed: Signed, at: string): void {
    const { body } = signed;
    const pub = body.bytes('pub', 32);
    if (this.#org !== null && hex(this.#org.pub) !== hex(pub))
      throw new Fault(STEP, at, 'names another authority key than the first one');
    this.#require(signed, pub, at);
    this.#org ??= { id: body.text('org'), name: body.text('name'), pub, server: body.bytes('server', 32) };
    this.#org = { ...this.#org, name: body.text('name'), server: body.bytes('server', 32) };
    if (this.#rootHash === '') this.#rootHash = hex(objectHash(STATEMENT, signed.b));
  }

  #invite(signed: Signed, kind: Account['kind'], name: string | null): void {
    this.#invitations.push({
      hash: objectHash(STATEMENT, signed.b),
      pub: signed.body.bytes('pub', 32),
      account: signed.body.text('account'),
      kind,
      name,
    });
  }

  #readAccount(signed: Signed, at: string): void {
    const { body, x } = signed;
    const pub = body.bytes('pub', 32);
    const id = body.text('account');
    this.#require(signed, pub, at);
    const named = hex(body.bytes('invitation', 32));
    const invitation = this.#invitations.find(({ hash }) => hex(hash) === named);
    if (invitation === undefined) throw new Fault(STEP, at, 'its invitation is not in the file');
    if (invitation.account !== id) throw new Fault(STEP, at, 'its invitation is for another account');
    if (x === null || !isObjectSignedBy(invitation.pub, CLAIM, { b: signed.b, s: x }))
      throw new Fault(STEP, at, "is not signed by its invitation's key");
    const account = this.#accounts.get(id) ?? {
      kind: invitation.kind,
      name: invitation.name,
      keys: new Map(),
    };
    account.keys.set(body.whole('gen'), { pub, ts: body.whole('ts') });
    this.#accounts.set(id, account);
  }

  #rename(body: Shape): void {
    const account = this.#accounts.get(body.text('account'));
    if (account !== undefined) account.name = body.textOrNull('name') ?? account.name;
  }

  #revoke(signed: Signed, at: string): void {
    const { body } = signed;
    const account = body.text('account');
    const own = [...(this.#accounts.get(account)?.keys.values() ?? [])].at(-1)?.pub;
    this.#require(signed, body.text('by') === 'enroller' ? this.#enroller : own, at);
    this.#revocations.push({ account, device: body.textOrNull('device'), ts: body.whole('ts') });
  }

  #require(signed: Signed, key: Uint8Array | null | undefined, at: string): void {
    if (!key) throw new Fault(STEP, at, 'its signer is not in the file');
    if (signed.x !== null && signed.body.text('t') !== 'account')
      throw new Fault(STEP, at, 'has a second signature that nobody asked for');
    if (!isObjectSignedBy(key, STATEMENT, signed))
      throw new Fault(STEP, at, 'is not signed by who must have signed it');
  }
}

function accountKind(text: string, at: string): Account['kind'] {
  if (text === 'user' || text === 'agent' || text === 'patient') return text;
  throw new Fault(STEP, at, `no kind of account: ${text}`);
}

/** The head's signature, and each statement's place under its root. */
export function checkHead(
  bundle: Shape,
  log: KeyLog,
  statements: readonly {
    readonly index: number;
    readonly raw: Uint8Array;
    readonly path: readonly Uint8Array[];
  }[],
): { readonly size: number; readonly ts: number } {
  const head = openSigned(bundle.bytes('head'), { step: STEP, at: 'head' });
  if (!isObjectSignedBy(log.serverKey, 'sg/head/v1', head))
    throw new Fault(STEP, 'head', "is not signed by the organisation's server");
  if (head.body.text('org') !== log.org) throw new Fault(STEP, 'head', 'is of another organisation');
  const size = head.body.whole('size');
  const root = head.body.bytes('logRoot', 32);
  for (const [place, { index, raw, path }] of statements.entries()) {
    if (!isIncluded({ leaf: leafHash(raw), index, size }, path, root))
      throw new Fault(STEP, `statements[${place}]`, 'is not in the signed key log at its place');
  }
  return { size, ts: head.body.whole('ts') };
}
