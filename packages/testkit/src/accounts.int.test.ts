import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeDoor, type NodeDoor } from '@baton/client-node';
import { totp } from './authenticator.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPractice, type Device, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

let server: TestServer;
let practice: Practice;
let maria: Device;
let folder: string;
let folders = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-doors-'));
  server = await startTestServer();
  practice = await createPractice(server, {
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'Olga Compliance', jobs: ['compliance-officer'] },
    ],
  });
  [maria] = practice.people as [Device];
}, 60_000);

afterAll(async () => {
  await practice?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function newDoor(): Promise<NodeDoor> {
  folders += 1;
  return createNodeDoor({ serverUrl: server.url, dataDir: join(folder, `door-${folders}`), durable: false });
}

const fragmentOf = (link: string): string => link.slice(link.indexOf('#') + 1);

describe('an invitation', () => {
  it('is previewed, claimed with passphrase and recovery words, and signs in with each', async () => {
    const { link } = await practice.admin.session.people.invite({
      name: 'Nina Patel',
      jobs: ['medical-assistant'],
    });
    const door = await newDoor();
    expect(await door.previewInvitation(fragmentOf(link))).toMatchObject({
      orgName: 'Harbor Family Practice',
      name: 'Nina Patel',
      jobs: ['medical-assistant'],
      claimed: false,
      expired: false,
      replacesKeys: false,
    });
    const { passphrase, totpSecret } = door.generatePassphrase('nina');
    const words = door.generateRecoveryWords();
    expect(words).toHaveLength(12);
    const session = await door.claim(fragmentOf(link), [
      { kind: 'passphrase', login: 'Nina', prepared: { passphrase, totpSecret, code: totp(totpSecret) } },
      { kind: 'recovery', login: 'nina', words },
    ]);
    expect(session.me.read()).toMatchObject({
      name: 'Nina Patel',
      orgName: 'Harbor Family Practice',
      demo: true,
    });
    await session.close();

    await expect(
      (await newDoor()).claim(fragmentOf(link), [{ kind: 'device', label: 'x' }]),
    ).rejects.toMatchObject({
      code: 'conflict.claimed',
    });
    const byWords = await (await newDoor()).signIn({
      kind: 'recovery',
      login: 'NINA',
      words: words.join('  '),
    });
    expect(byWords.me.read().name).toBe('Nina Patel');
    await byWords.close();
    await expect(
      (await newDoor()).signIn({ kind: 'passphrase', login: 'nina', passphrase, totp: '000000' }),
    ).rejects.toMatchObject({ code: 'auth.failed' });
    const byPassphrase = await (await newDoor()).signIn({
      kind: 'passphrase',
      login: 'nina',
      passphrase: ` ${passphrase.toUpperCase()} `,
      totp: totp(totpSecret, 1),
    });
    await byPassphrase.security.refresh();
    expect(byPassphrase.security.devices.read()).toHaveLength(3);
    expect(
      byPassphrase.security.credentials
        .read()
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['passphrase', 'recovery']);
    await byPassphrase.close();
  });

  it('of another organisation is refused before anything is sent', async () => {
    const { link } = await practice.admin.session.people.invite({ name: 'Eve', jobs: ['nurse'] });
    const [invitation, secret, root] = fragmentOf(link).split('.') as [string, string, string];
    const other = `${root[0] === 'A' ? 'B' : 'A'}${root.slice(1)}`;
    await expect(
      (await newDoor()).previewInvitation(`${invitation}.${secret}.${other}`),
    ).rejects.toMatchObject({
      code: 'ledger.fork',
    });
  });
});

describe('a session', () => {
  it('resumes from its folder, keeps preferences in the vault and signs out with everything', async () => {
    const second = await practice.addDevice(maria.link);
    await second.session.setPreference('theme', 'dark');
    await second.session.close();
    const again = await practice.reopen(second);
    expect(again.session.preferences.read()).toEqual({ theme: 'dark' });
    await maria.session.parts.vault.refresh();
    expect(maria.session.preferences.read()).toEqual({ theme: 'dark' });
    await maria.session.setPreference('density', 'compact');
    await again.session.setPreference('theme', 'light');
    await maria.session.parts.vault.refresh();
    expect(maria.session.preferences.read()).toEqual({ theme: 'light', density: 'compact' });
    await again.session.signOut({ wipe: true });
    const door = await createNodeDoor({ serverUrl: server.url, dataDir: second.dataDir, durable: false });
    expect(await door.resume()).toBeNull();
  });

  it('ends at once when its device is revoked, and the account gets a new box key', async () => {
    const second = await practice.addDevice(maria.link);
    await until(second.session.connection, ({ state }) => state === 'online');
    const { device } = second.session.me.read();
    const before = maria.session.parts.vault.vault.puk.gen;
    await maria.session.security.revokeDevice(device);
    await until(second.session.connection, ({ state }) => state === 'ended');
    expect(maria.session.parts.vault.vault.puk.gen).toBe(before + 1);
  });
});

describe('ways to sign in', () => {
  it('are added and removed after a fresh proof of presence', async () => {
    const { session } = await practice.addDevice(maria.link);
    const { security } = session;
    const prepared = await security.preparePassphrase('maria');
    expect(prepared.otpauth).toContain(prepared.secretText);
    await security.stepUp({ kind: 'demo', fragment: fragmentOf(maria.link) });
    await expect(prepared.confirm('000000')).rejects.toMatchObject({ code: 'auth.failed' });
    await prepared.confirm(totp(prepared.secretText));
    const recovery = await security.prepareRecoveryWords('maria');
    await expect(recovery.confirm('not these words')).rejects.toMatchObject({ code: 'auth.failed' });
    await recovery.confirm(recovery.words.join(', '));
    const kinds = () =>
      security.credentials
        .read()
        .map(({ kind }) => kind)
        .sort();
    expect(kinds()).toEqual(['demo', 'passphrase', 'recovery']);
    const byWords = await (await newDoor()).signIn({
      kind: 'recovery',
      login: 'maria',
      words: recovery.words.join(' '),
    });
    expect(byWords.me.read().account).toBe(maria.account);
    await byWords.close();
    const passphrase = security.credentials.read().find(({ kind }) => kind === 'passphrase');
    await security.removeCredential(passphrase?.credential ?? '');
    expect(kinds()).toEqual(['demo', 'recovery']);
    await session.close();
  });
});

describe('people', () => {
  it('are changed and deactivated by whoever holds the enrolment key', async () => {
    const { session } = practice.admin;
    expect(session.people.canEnrol.read()).toBe(true);
    expect(maria.session.people.canEnrol.read()).toBe(false);
    await expect(maria.session.people.invite({ name: 'Nobody', jobs: ['nurse'] })).rejects.toMatchObject({
      code: 'policy.forbidden',
    });
    await session.people.change(maria.account, { name: 'Maria Lopez-Diaz', jobs: ['charge-nurse'] });
    await until(
      maria.session.me,
      ({ name, jobs }) => name === 'Maria Lopez-Diaz' && jobs[0] === 'charge-nurse',
    );
    const { link } = await session.people.invite({ name: 'Temp', jobs: ['transport'] });
    const temp = await (await newDoor()).claimAsPersona(fragmentOf(link), 'Temp');
    const { account } = temp.session.me.read();
    await until(maria.session.directory.people, (people) => people.some(({ id }) => id === account));
    expect(maria.session.directory.search('lopes').map(({ name }) => name)).toContain('Maria Lopez-Diaz');
    const thread = await maria.session.conversations.startGroup({
      title: 'Move',
      members: [account, practice.admin.account],
    });
    await session.people.deactivate(account);
    await until(temp.session.connection, ({ state }) => state === 'ended');
    await until(maria.session.directory.people, (people) =>
      people.some(({ id, active }) => id === account && !active),
    );
    await thread.send({ text: 'Temp has left', files: [], mentions: [], replyTo: null, as: null });
    await until(thread.timeline, ({ items }) =>
      items.some((item) => item.type === 'message' && item.state !== 'waiting'),
    );
    expect(thread.readers.read().people.map(({ person }) => person.id)).not.toContain(account);
    await temp.session.close();
  });

  it('who lost everything get new keys in the open', async () => {
    const { session } = practice.admin;
    const { link } = await session.people.reinvite(maria.account);
    const door = await newDoor();
    expect((await door.previewInvitation(fragmentOf(link))).replacesKeys).toBe(true);
    const renewed = await door.claimAsPersona(fragmentOf(link), 'Maria');
    await until(session.directory.people, (people) =>
      people.some(({ id, keysChanged }) => id === maria.account && keysChanged !== null),
    );
    await until(maria.session.connection, ({ state }) => state === 'ended');
    const thread = await session.conversations.startDirect(maria.account);
    await thread.send({ text: 'Welcome back', files: [], mentions: [], replyTo: null, as: null });
    await until(renewed.session.conversations.list, (rows) => rows[0]?.preview?.text === 'Welcome back');
    await renewed.session.close();
  });
});

describe('the audit trail', () => {
  it('is verified by the compliance officer and refused to others', async () => {
    const olga = practice.people[1] as Device;
    const page = await olga.session.audit.page({ before: null, limit: 20 });
    expect(page.verified).toBe(true);
    expect(page.rows).toHaveLength(20);
    const older = await olga.session.audit.page({ before: page.rows.at(-1)?.n ?? 0, limit: 200 });
    expect(older).toMatchObject({ verified: true });
    expect(older.rows.map(({ actorName }) => actorName)).toContain('Ada Manager');
    await expect(practice.admin.session.audit.page({ before: null, limit: 5 })).rejects.toMatchObject({
      code: 'policy.forbidden',
    });
  });
});
