import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bytes, decodeBase64Url, encodeBase64Url } from '@baton/kernel';
import {
  applyStatement,
  certificateNeededBy,
  emptyKeyLog,
  keyLogRoot,
  type KeyLogState,
} from '@baton/ledger';
import type { EntryOp, ErrorBody, Job } from '@baton/wire';
import { nodePorts } from '../adapters/node-ports.ts';
import type { ServerConfig } from '../config.ts';
import { createSetupLink } from '../setup-link.ts';
import { type RunningServer, type ServerSurroundings, startServer } from '../start-server.ts';
import { migrate } from '../store/migrate.ts';
import { createLogger } from '../telemetry/logger.ts';
import { entryText, sealTo, TestConversation } from './conversation.ts';
import { type TestAccount, TestOrganisation } from './organisation.ts';

const PUBLIC_URL = 'http://localhost:8420';

/** A server on a migrated database, with a data folder of its own. */
export interface TestServer {
  readonly url: string;
  readonly config: ServerConfig;
  readonly running: RunningServer;
  stop(): Promise<void>;
}

export async function startTestServer(
  databaseUrl: string,
  options: Partial<ServerConfig> & { surroundings?: ServerSurroundings } = {},
): Promise<TestServer> {
  const { surroundings, ...overrides } = options;
  await migrate({ databaseUrl });
  const dataDir = overrides.dataDir ?? mkdtempSync(join(tmpdir(), 'baton-server-'));
  const config: ServerConfig = {
    databaseUrl,
    host: '127.0.0.1',
    port: 0,
    publicUrl: PUBLIC_URL,
    demo: false,
    demoSeedToken: null,
    dataDir,
    webDir: null,
    logLevel: 'silent',
    ...overrides,
  };
  const running = await startServer(config, {
    addressFactor: 1000,
    log: createLogger({ level: overrides.logLevel ?? 'silent' }),
    ...surroundings,
  });
  return {
    url: `http://127.0.0.1:${running.port}`,
    config,
    running,
    async stop() {
      await running.stop();
      if (overrides.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** One HTTP request; `token` goes as a bearer token. */
export async function call(
  url: string,
  method: string,
  path: string,
  options: { token?: string; body?: unknown; raw?: Bytes; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const headers: Record<string, string> = { ...options.headers };
  if (options.token !== undefined) headers['authorization'] = `Bearer ${options.token}`;
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.raw !== undefined) headers['content-type'] = 'application/octet-stream';
  const body =
    options.raw !== undefined
      ? Buffer.from(options.raw)
      : options.body === undefined
        ? null
        : JSON.stringify(options.body);
  const response = await fetch(url + path, { method, headers, body });
  const text = await response.arrayBuffer();
  const type = response.headers.get('content-type') ?? '';
  const bytes = Buffer.from(text);
  return {
    status: response.status,
    body: type.includes('json') && bytes.length > 0 ? (JSON.parse(bytes.toString()) as unknown) : bytes,
    headers: response.headers,
  };
}

/** Stores a sealed file in one part; answers where it lies. */
export function putFile(
  url: string,
  what: { conv: string; blob: string; sealed: Bytes; token: string | undefined },
): Promise<Answer> {
  const { conv, blob, sealed, token } = what;
  const hash = encodeBase64Url(nodePorts.digest(sealed));
  const path = `/v1/conversations/${conv}/blobs/${blob}?offset=0&size=${sealed.length}&hash=${hash}`;
  return call(url, 'PUT', path, { ...(token === undefined ? {} : { token }), raw: sealed });
}

export function codeOf(answer: Answer): string {
  return (answer.body as ErrorBody).code;
}

/** Throws with the server's code unless it answered 200. */
export async function expectOk<T = Record<string, unknown>>(answer: Promise<Answer>): Promise<T> {
  const { status, body } = await answer;
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body as T;
}

/** An organisation on a server, and its admin. */
export class TestPractice {
  readonly server: TestServer;
  readonly org: TestOrganisation;
  readonly admin: TestAccount;

  private constructor(server: TestServer, org: TestOrganisation, admin: TestAccount) {
    this.server = server;
    this.org = org;
    this.admin = admin;
  }

  static async create(
    server: TestServer,
    options: { clock?: () => number; jobs?: Job[] } = {},
  ): Promise<TestPractice> {
    const org = new TestOrganisation(options.clock ?? (() => nodePorts.clock.nowMs()));
    const link = await createSetupLink({ databaseUrl: server.config.databaseUrl, publicUrl: PUBLIC_URL });
    const token = link.split('#')[1] ?? '';
    const info = await expectOk<{ serverKey: string }>(
      call(server.url, 'POST', '/v1/setup/begin', { body: { token } }),
    );
    const invitation = org.invite(options.jobs ?? ['practice-manager', 'physician']);
    const { member, claim } = org.accept(invitation);
    const statements = [
      ...org.founding(decodeBase64Url(info.serverKey) ?? new Uint8Array()),
      invitation.statement,
    ];
    const session = await expectOk<{ token: string }>(
      call(server.url, 'POST', '/v1/setup', {
        body: { token, statements: statements.map(encodeBase64Url), ...claim },
      }),
    );
    member.token = session.token;
    return new TestPractice(server, org, member);
  }

  /** The same practice, asked through another server on its database. */
  on(server: TestServer): TestPractice {
    return new TestPractice(server, this.org, this.admin);
  }

  get(path: string, who: TestAccount = this.admin): Promise<Answer> {
    return call(this.server.url, 'GET', path, { token: who.token });
  }

  post(path: string, body: unknown, who: TestAccount = this.admin): Promise<Answer> {
    return call(this.server.url, 'POST', path, { token: who.token, body });
  }

  /** The admin, just signed in: whatever the clock says, with a proof of presence. */
  async freshAdmin(): Promise<TestAccount> {
    const { login, proof } = this.admin;
    const body = { login, proof: encodeBase64Url(proof), totp: null, bearer: true };
    const session = await expectOk<{ token: string }>(
      call(this.server.url, 'POST', '/v1/auth/recovery', { body }),
    );
    return { ...this.admin, token: session.token };
  }

  async append(statements: readonly Bytes[], who: TestAccount = this.admin): Promise<void> {
    await expectOk(this.post('/v1/keylog', { statements: statements.map(encodeBase64Url) }, who));
  }

  /** Invites and claims in one go. */
  async join(
    jobs: Job[],
    options: { kind?: 'user' | 'agent' | 'patient' } & Parameters<TestOrganisation['accept']>[1] = {},
    inviter?: TestAccount,
  ): Promise<TestAccount> {
    const { kind, ...accept } = options;
    const invitation = this.org.invite(jobs, kind === undefined ? {} : { kind });
    await this.append([invitation.statement], inviter ?? (await this.freshAdmin()));
    const { member, claim } = this.org.accept(invitation, accept);
    const session = await expectOk<{ token: string }>(
      call(this.server.url, 'POST', `/v1/invitations/${invitation.invitation}/claim`, { body: claim }),
    );
    member.token = session.token;
    return member;
  }

  /** The key log as a client would replicate it. */
  async keyLog(who: TestAccount = this.admin): Promise<KeyLogState> {
    const page = await expectOk<{ statements: string[] }>(this.get('/v1/keylog', who));
    let state = emptyKeyLog(nodePorts.digest);
    for (const text of page.statements) {
      const statement = decodeBase64Url(text) ?? new Uint8Array();
      const dk = certificateNeededBy(nodePorts.digest, statement);
      const found =
        dk === null
          ? null
          : await expectOk<{ certificate: string }>(this.get(`/v1/certificates/${encodeBase64Url(dk)}`, who));
      const certificate = found === null ? null : decodeBase64Url(found.certificate);
      const next = await applyStatement(state, statement, {
        verify: nodePorts.verify,
        ...(certificate === null ? {} : { certificate }),
      });
      if (!next.ok) throw new Error(`${next.error.code} ${next.error.at}`);
      state = next.value;
    }
    return state;
  }

  async follow(conversation: TestConversation, who: TestAccount = this.admin): Promise<void> {
    const state = await this.keyLog(who);
    conversation.keylog = { size: state.tree.size, root: keyLogRoot(state) ?? new Uint8Array(32) };
  }

  /** A conversation of persons, committed by its first entry. */
  async converse(
    author: TestAccount,
    members: readonly TestAccount[],
    kind: 'direct' | 'group' = 'group',
  ): Promise<TestConversation> {
    const conversation = new TestConversation(this.org);
    await this.follow(conversation, author);
    const op: EntryOp = {
      op: 'create',
      kind,
      members: members.map(({ account }) => ({ m: account, hist: true })),
      role: null,
      parent: null,
    };
    const entry = conversation.entry(author, op, { recipients: sealTo(members), newGeneration: true });
    await expectOk(this.post('/v1/conversations', { conv: conversation.conv, ...entryText(entry) }, author));
    conversation.accepted(entry, true);
    return conversation;
  }

  send(conversation: TestConversation, author: TestAccount, b?: Bytes): Promise<Answer> {
    const bytes = b ?? conversation.envelope(author);
    return this.post(
      `/v1/conversations/${conversation.conv}/items`,
      { k: 'envelope', b: encodeBase64Url(bytes) },
      author,
    );
  }
}
