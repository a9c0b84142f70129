import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveSession } from '@baton/client';
import { createNodeDoor, type NodePlatformOptions } from '@baton/client-node';
import { type AccountId, Secret } from '@baton/kernel';
import type { Job } from '@baton/wire';
import type { TestServer } from './test-server.ts';

export interface Persona {
  readonly name: string;
  readonly jobs: readonly Job[];
}

/** One device of a test account. */
export interface Device {
  readonly session: LiveSession;
  readonly account: AccountId;
  readonly dataDir: string;
  /** Demo link: another device of the same account signs in with it. */
  readonly link: string;
}

export interface PracticeOptions {
  readonly admin?: Persona;
  readonly people: readonly Persona[];
  readonly platform?: Partial<NodePlatformOptions>;
  /** For one person alone, over `platform`. */
  readonly platformOf?: (persona: Persona) => Partial<NodePlatformOptions>;
  /** Where clients reach the server; a proxy in front of it, for example. */
  readonly urlOf?: (persona: Persona) => string;
}

export interface Practice {
  readonly admin: Device;
  /** In the order of `people`. */
  readonly people: readonly Device[];
  /** A second device of an account. */
  addDevice(link: string, url?: string, own?: Partial<NodePlatformOptions>): Promise<Device>;
  /** Opens a device's folder again after its session was closed. */
  reopen(device: Device, url?: string, own?: Partial<NodePlatformOptions>): Promise<Device>;
  close(): Promise<void>;
}

const MANAGER: Persona = { name: 'Ada Manager', jobs: ['practice-manager'] };

/** An organisation with its people signed in, each on a device of its own, over real sockets. */
export async function createPractice(
  server: Pick<TestServer, 'url' | 'setupToken'>,
  options: PracticeOptions,
): Promise<Practice> {
  const root = mkdtempSync(join(tmpdir(), 'baton-clients-'));
  const open: LiveSession[] = [];
  let folders = 0;
  const folder = (): string => {
    folders += 1;
    return join(root, `device-${folders}`);
  };
  const urlOf = options.urlOf ?? (() => server.url);
  const doorAt = (dataDir: string, serverUrl: string, own: Partial<NodePlatformOptions> = {}) =>
    createNodeDoor({
      serverUrl,
      publicUrl: server.url,
      dataDir,
      durable: false,
      deviceLabel: 'Test',
      ...options.platform,
      ...own,
    });

  const adminPersona = options.admin ?? MANAGER;
  const adminDir = folder();
  const adminDoor = await doorAt(adminDir, urlOf(adminPersona), options.platformOf?.(adminPersona));
  const secret = Secret.of(crypto.getRandomValues(new Uint8Array(32)));
  const { session: adminSession } = await adminDoor.setUp({
    token: await server.setupToken(),
    orgName: 'Harbor Family Practice',
    adminName: adminPersona.name,
    jobs: adminPersona.jobs,
    credentials: [{ kind: 'demo', label: adminPersona.name, secret }],
  });
  open.push(adminSession);
  const adminAccount = adminSession.me.read().account;
  const fragment = Buffer.from(secret.reveal()).toString('base64url');
  const admin: Device = {
    session: adminSession,
    account: adminAccount,
    dataDir: adminDir,
    link: `${server.url}/demo#${adminAccount}.${fragment}`,
  };

  const people: Device[] = [];
  for (const persona of options.people) {
    const { link } = await adminSession.people.invite(persona);
    const dataDir = folder();
    const door = await doorAt(dataDir, urlOf(persona), options.platformOf?.(persona));
    const claimed = await door.claimAsPersona(link.slice(link.indexOf('#') + 1), persona.name);
    open.push(claimed.session);
    const { account } = claimed.session.me.read();
    people.push({ session: claimed.session, account, dataDir, link: claimed.link });
  }
  return {
    admin,
    people,
    async addDevice(link, url = server.url, own = {}) {
      const dataDir = folder();
      const door = await doorAt(dataDir, url, own);
      const session = await door.signIn({ kind: 'demo', fragment: link.slice(link.indexOf('#') + 1) });
      open.push(session);
      return { session, account: session.me.read().account, dataDir, link };
    },
    async reopen(device, url = server.url, own = {}) {
      const session = await (await doorAt(device.dataDir, url, own)).resume();
      if (!session) throw new Error('nothing to resume in this folder');
      open.push(session);
      return { ...device, session };
    },
    async close() {
      await Promise.all(open.map((session) => session.close()));
      rmSync(root, { recursive: true, force: true });
    },
  };
}
