import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Conversation, OutgoingMessage, TimelineMessage } from '@baton/client';
import { createNodeDoor } from '@baton/client-node';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@baton/embedded-postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totp } from './authenticator.ts';
import { ASKED, askAround, type HookTaker, type KeptSealed, startHookTaker } from './canaries/ask-around.ts';
import { PATIENT, patientRecord } from './canaries/canary-patient.ts';
import { CARED, type CaredFor, careForPatients } from './canaries/care-for-patients.ts';
import { dumpDatabase } from './canaries/dump-database.ts';
import { type CanaryFind, findCanaries } from './canaries/find-canaries.ts';
import { startWireTap, type WireTap } from './network/wire-tap.ts';
import { createPractice, type Device, type Practice } from './practice.ts';
import { findFreePort, type ServerProcess, startServerProcess } from './process/server-process.ts';
import { until } from './until.ts';

// Invariant 1 (threats T13): no plaintext of a patient on the server. Clients say and do everything there is, with words that occur nowhere
// else; then every place where the server or its database could have written them down is searched. What is said to be visible
// (SECURITY.md, data map) is looked for in the same places, so that an empty answer means something.

const SAID = {
  direct: 'Wobblethorpe is vomiting since four',
  group: 'Bed 9 asks for Brindlewax tonight',
  edited: 'Potassium was sevenpointfourteen',
  corrected: 'Potassium was fourpointseventeen',
  withdrawn: 'Wrong chart, sorry: Mrs Umbrellington',
  reason: 'meant for Dr Snickersby',
  quoted: 'Answering about Grumblethwaite',
  toRole: 'Please call back Mr Fenwickshaw',
  draft: 'unfinished thought about Larkspurridge',
  title: 'Thistledown family meeting',
  renamed: 'Thistledown, second meeting',
  fileName: 'left-knee-Hollowbrook.png',
  caption: 'the scar on Mrs Hollowbrook',
  reaction: 'got-it',
  preference: 'preferenceOfPuddlemere',
} as const;
const FILE_LINE = 'Pathology report of Ermintrude Vanderquack, page 3. ';

const needles: string[] = [
  ...Object.values(PATIENT),
  ...Object.values(SAID),
  ...Object.values(ASKED),
  ...Object.values(CARED),
  FILE_LINE.trim(),
];
/** Bytes that have no text form: the keys in the personas' links. */
const secrets: Buffer[] = [];
/** What the server is told, so that it must be found. */
const VISIBLE = {
  staff: ['Marigold Applegarth', 'Jasper Whitlock', 'Oswin Thornbury'],
  role: 'Northwing care team',
  device: 'Device of the canary test',
};

let folder: string;
let postgres: EmbeddedPostgres;
let server: ServerProcess;
let tap: WireTap;
let practice: Practice;
let hooks: HookTaker;
let pushHost: string;
let keptSealed: KeptSealed;
let cared: CaredFor;
let database: pg.Client;
const notices: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-canary-'));
  postgres = await startEmbeddedPostgres({ dataDir: folder, log: () => {} });
  await logEveryStatement();
  database = new pg.Client(postgres.superuserUrl);
  await database.connect();
  hooks = await startHookTaker();
  pushHost = `127.0.0.1:${await findFreePort()}`;
  server = await startServerProcess({
    databaseUrl: postgres.url,
    dataDir: join(folder, 'server'),
    logLevel: 'debug',
    outside: { noticeChannels: ['file'], pushHosts: [pushHost], loopbackWebhooks: true },
  });
  database.on('notification', ({ payload }) => notices.push(payload ?? ''));
  await database.query('LISTEN baton');
  tap = await startWireTap(server.url);
  practice = await createPractice(server, {
    people: [
      { name: VISIBLE.staff[0] as string, jobs: ['nurse'] },
      { name: VISIBLE.staff[1] as string, jobs: ['physician'] },
      { name: VISIBLE.staff[2] as string, jobs: ['physician'] },
    ],
    platform: { deviceLabel: VISIBLE.device },
    urlOf: () => tap.url,
  });
  for (const { link } of [practice.admin, ...practice.people]) {
    const secret = link.slice(link.indexOf('.', link.indexOf('#')) + 1);
    needles.push(secret);
    secrets.push(Buffer.from(secret, 'base64url'));
  }
  await liveThroughADay();
});

afterAll(async () => {
  await cared?.close();
  await practice?.close();
  await tap?.close();
  await server?.stop();
  await hooks?.close();
  await database?.end();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** With its values: what the database is told, it writes down. Sessions that begin later do so. */
async function logEveryStatement(): Promise<void> {
  const client = new pg.Client(postgres.superuserUrl);
  await client.connect();
  await client.query("ALTER DATABASE baton SET log_statement = 'all'");
  await client.query("ALTER DATABASE baton SET log_error_verbosity = 'default'");
  await client.end();
}

function text(words: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { text: words, files: [], mentions: [], replyTo: null, as: null, ...more };
}

function messagesOf(thread: Conversation): TimelineMessage[] {
  return thread.timeline.read().items.filter((item): item is TimelineMessage => item.type === 'message');
}

async function openSeeing(device: Device, id: Conversation['id'], words: string): Promise<Conversation> {
  await until(device.session.conversations.list, (rows) => rows.some((row) => row.id === id));
  const thread = await device.session.conversations.open(id);
  await until(thread.timeline, () => messagesOf(thread).some((message) => message.text === words));
  return thread;
}

/** All that people do, through the real client. */
async function liveThroughADay(): Promise<void> {
  const [nurse, doctor] = practice.people as [Device, Device];
  await talkDirectly(nurse, doctor);
  await talkInAGroup(nurse, doctor);
  await keepPatients(nurse, doctor);
  cared = await careForPatients({
    admin: practice.admin,
    nurse,
    doctor,
    serverUrl: tap.url,
    publicUrl: server.url,
    folder: join(folder, 'texting'),
  });
  needles.push(...cared.needles);
  secrets.push(...cared.secrets);
  await joinWithWords();
  keptSealed = await askAround({
    practice,
    nurse,
    doctor,
    colleague: practice.people[2] as Device,
    serverUrl: server.url,
    hooks,
    pushHost,
    noticesFile: noticesFile(),
  });
  await nurse.session.setPreference('note', SAID.preference);
  // A new device takes all of it over.
  const second = await practice.addDevice(doctor.link, tap.url);
  await until(second.session.conversations.ready, (ready) => ready);
  await until(second.session.patients.state, ({ count }) => count === 1);
  for (const device of [practice.admin, nurse, doctor, second])
    expect(device.session.alarms.read()).toEqual([]);
}

async function talkDirectly(nurse: Device, doctor: Device): Promise<void> {
  const thread = await nurse.session.conversations.startDirect(doctor.account);
  await thread.send(text(SAID.direct));
  const theirs = await openSeeing(doctor, thread.id, SAID.direct);
  theirs.markOpened(messagesOf(theirs)[0]?.seq ?? 0);
  await theirs.saveDraft(SAID.draft);
  const bytes = new Uint8Array(Buffer.from(FILE_LINE.repeat(5000)));
  const file = { name: SAID.fileName, mime: 'image/png', bytes, width: 3, height: 4 };
  await thread.send(text(SAID.caption, { files: [file] }));
  await until(theirs.timeline, () => messagesOf(theirs).length === 2);
  const attachment = messagesOf(theirs)[1]?.attachments[0];
  expect(attachment?.name).toBe(SAID.fileName);
  expect(Buffer.from(await theirs.readAttachment(attachment!)).equals(Buffer.from(bytes))).toBe(true);
}

async function talkInAGroup(nurse: Device, doctor: Device): Promise<void> {
  const thread = await nurse.session.conversations.startGroup({
    title: SAID.title,
    members: [doctor.account, practice.admin.account],
  });
  const first = await thread.send(text(SAID.group));
  const slip = await thread.send(text(SAID.edited));
  const mistake = await thread.send(text(SAID.withdrawn));
  const theirs = await openSeeing(doctor, thread.id, SAID.withdrawn);
  await theirs.react(first, SAID.reaction, true);
  await theirs.send(text(SAID.quoted, { replyTo: first, mentions: [nurse.account] }));
  await thread.edit(slip, SAID.corrected);
  await thread.withdraw(mistake, SAID.reason);
  await thread.rename(SAID.renamed);
  await until(theirs.summary, ({ title }) => title === SAID.renamed);
  await until(theirs.timeline, () =>
    messagesOf(theirs).some(({ withdrawn }) => withdrawn?.reason === SAID.reason),
  );
  await until(thread.timeline, () => messagesOf(thread).some(({ quote }) => quote?.text === SAID.group));
  await until(thread.timeline, () => messagesOf(thread).some(({ reactions }) => reactions.length > 0));
  await thread.removeMember(practice.admin.account);
  await thread.send(text(`${SAID.group} again`));
  await openSeeing(doctor, thread.id, `${SAID.group} again`);
}

async function keepPatients(nurse: Device, doctor: Device): Promise<void> {
  const { session } = practice.admin;
  const role = await session.people.defineRole({
    name: VISIBLE.role,
    unit: null,
    use: 'team',
    holders: [nurse.account, doctor.account, practice.admin.account],
  });
  await session.patients.establish([role]);
  await session.patients.put(patientRecord());
  await until(nurse.session.patients.state, ({ count }) => count === 1);
  expect(nurse.session.patients.search(PATIENT.family)[0]?.phone).toBe(PATIENT.phone);
  const thread = await nurse.session.conversations.startWithRole(role);
  await thread.send(text(SAID.toRole, { as: role }));
  await openSeeing(doctor, thread.id, SAID.toRole);
}

/** Somebody who signs in with what must never reach the server: passphrase, authenticator secret, recovery words. */
async function joinWithWords(): Promise<void> {
  const doorAt = (name: string) =>
    createNodeDoor({
      serverUrl: tap.url,
      publicUrl: server.url,
      dataDir: join(folder, name),
      durable: false,
    });
  const { link } = await practice.admin.session.people.invite({ name: 'Nina Patel', jobs: ['nurse'] });
  const fragment = link.slice(link.indexOf('#') + 1);
  const door = await doorAt('client-1');
  const { passphrase, totpSecret } = door.generatePassphrase('nina');
  const words = door.generateRecoveryWords();
  needles.push(passphrase, words.join(' '), fragment.split('.')[1] as string);
  const session = await door.claim(fragment, [
    { kind: 'passphrase', login: 'nina', prepared: { passphrase, totpSecret, code: totp(totpSecret) } },
    { kind: 'recovery', login: 'nina', words },
  ]);
  await session.close();
  const again = await (await doorAt('client-2')).signIn({
    kind: 'passphrase',
    login: 'nina',
    passphrase,
    totp: totp(totpSecret, 1),
  });
  await again.close();
}

async function fetchAll(): Promise<{ name: string; bytes: Buffer }[]> {
  const paths = '/metrics /openapi.json /healthz /readyz / /docs /v1/server /v1/nothing-here'.split(' ');
  return Promise.all(
    paths.map(async (path) => {
      const answer = await fetch(server.url + path);
      const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
      return { name: `GET ${path}`, bytes: Buffer.from(`${headers}\n\n${await answer.text()}`) };
    }),
  );
}

const noticesFile = (): string => join(folder, 'server', 'notices.jsonl');
const cluster = (): string => join(folder, 'postgres', 'data');
const serverOutput = () => ({ name: 'output of the server', bytes: server.output() });
const webhookBodies = () => ({ name: 'webhooks', bytes: Buffer.concat(hooks.received) });
const noticeText = () => ({ name: 'notices', bytes: Buffer.from(notices.join('\n')) });

/** Where a find was, in one line. */
function show(finds: readonly CanaryFind[]): string[] {
  return finds.map(
    ({ needle, encoding, haystack, offset }) => `${needle}: ${encoding} in ${haystack} at ${offset}`,
  );
}

async function search(haystacks: Parameters<typeof findCanaries>[0]['haystacks']): Promise<string[]> {
  return show(await findCanaries({ haystacks, needles }));
}

describe('after a day of work', () => {
  it('the tables hold none of it, and all that is said to be visible', async () => {
    const tables = await dumpDatabase(postgres.superuserUrl);
    expect(await search(tables)).toEqual([]);
    for (const { name, bytes } of tables)
      for (const secret of secrets) expect(Buffer.from(bytes).includes(secret), name).toBe(false);
    const visible = [...VISIBLE.staff, VISIBLE.role, VISIBLE.device];
    const found = await findCanaries({ haystacks: tables, needles: visible, limit: 10_000 });
    expect(new Set(found.map(({ needle }) => needle))).toEqual(new Set(visible));
  });

  it('the files of the database hold none of it, its log of changes and its log of statements included', async () => {
    await database.query('CHECKPOINT');
    const [name] = VISIBLE.staff as [string];
    // One look for everything: these are by far the most bytes.
    const everything = [...needles, ...Object.values(keptSealed), name];
    const haystacks = [join(folder, 'postgres')];
    const all = await findCanaries({ haystacks, needles: everything, limit: 100_000 });
    expect(show(all.filter(({ needle }) => needle !== name))).toEqual([]);
    const found = all.filter(({ needle }) => needle === name);
    const where = found.map(({ haystack }) => relative(join(folder, 'postgres'), haystack).split('/'));
    expect(new Set(where.map(([first, second]) => (first === 'log' ? first : second)))).toEqual(
      new Set(['base', 'pg_wal', 'log']),
    );
  }, 120_000);

  it('the files of the server hold none of it', async () => {
    const blobs = join(folder, 'server', 'blobs');
    const names = readdirSync(blobs, { recursive: true, encoding: 'utf8' });
    const sizes = names.map((name) => statSync(join(blobs, name)).size);
    expect(Math.max(...sizes)).toBeGreaterThan(FILE_LINE.length * 5000);
    expect(await search([join(folder, 'server')])).toEqual([]);
  });

  it('nothing of it was said: logs, notices, answers, metrics', async () => {
    expect(server.output().length).toBeGreaterThan(2000);
    expect(notices.length).toBeGreaterThan(10);
    expect(tap.fromServer().length).toBeGreaterThan(50_000);
    const wire = [
      { name: 'bytes from the server', bytes: tap.fromServer() },
      { name: 'bytes from clients', bytes: tap.fromClients() },
    ];
    expect(await search([serverOutput(), noticeText(), ...wire, ...(await fetchAll())])).toEqual([]);
  });

  it('the outside world is told none of it: notices to telephones, webhooks', async () => {
    const told = readFileSync(noticesFile(), 'utf8');
    expect(told).toContain(keptSealed.phone);
    expect(told).toContain(VISIBLE.staff[0]);
    expect(hooks.received.length).toBeGreaterThan(0);
    expect(await search([noticesFile(), webhookBodies()])).toEqual([]);
  });

  it('addresses and tokens of the outside world are kept sealed', async () => {
    const kept = Object.values(keptSealed);
    const tables = await dumpDatabase(postgres.superuserUrl);
    const haystacks = [...tables, serverOutput(), noticeText()];
    expect(show(await findCanaries({ haystacks, needles: kept }))).toEqual([]);
    // They did reach the server.
    const wire = [
      { name: 'bytes from clients', bytes: tap.fromClients() },
      { name: 'bytes from the server', bytes: tap.fromServer() },
    ];
    const found = await findCanaries({ haystacks: wire, needles: kept, limit: 10_000 });
    expect(new Set(found.map(({ needle }) => needle))).toEqual(new Set(kept));
  }, 120_000);

  it('the devices keep it sealed', async () => {
    const devices = [practice.admin, ...practice.people].map(({ dataDir }) => dataDir);
    devices.push(...cared.folders, join(folder, 'client-1'), join(folder, 'client-2'));
    expect(await search(devices)).toEqual([]);
  });
});

describe('the search', () => {
  const planted = (place: string): string => `Plantedin${place}Nettlebarrow`;
  /** Names of the haystacks in which it is found, each place at least once. */
  const findPlanted = async (
    places: readonly string[],
    haystacks: Parameters<typeof findCanaries>[0]['haystacks'],
  ) => {
    const finds = await findCanaries({ haystacks, needles: places.map(planted), limit: 10_000 });
    expect(new Set(finds.map(({ needle }) => needle))).toEqual(new Set(places.map(planted)));
    return new Set(finds.map(({ haystack }) => haystack));
  };

  it('finds what is planted in a row: as text, as base64 in bytes, and compressed', async () => {
    await database.query('CREATE TABLE baton.planted (words text, bytes bytea, squeezed bytea)');
    await database.query('INSERT INTO baton.planted VALUES ($1, $2, $3)', [
      planted('Row'),
      Buffer.from(Buffer.from(planted('Bytes')).toString('base64')),
      gzipSync(planted('Gzip')),
    ]);
    const tables = await dumpDatabase(postgres.superuserUrl);
    expect(await findPlanted(['Row', 'Bytes', 'Gzip'], tables)).toEqual(new Set(['table baton.planted']));
  });

  it('finds it in the files of the database: table, log of changes, log of statements', async () => {
    await database.query('CHECKPOINT');
    const { rows } = await database.query<{ path: string; wal: string }>(
      "SELECT pg_relation_filepath('baton.planted') AS path, pg_walfile_name(pg_current_wal_lsn()) AS wal",
    );
    const { path, wal } = rows[0] as { path: string; wal: string };
    const files = [join(cluster(), path), join(cluster(), 'pg_wal', wal)];
    expect(await findPlanted(['Row', 'Bytes', 'Gzip'], files)).toEqual(new Set(files));
    await findPlanted(['Row'], [join(folder, 'postgres', 'log')]);
  }, 120_000);

  it('finds it in a blob, in the log, in a notice and on the wire', async () => {
    const blobs = join(folder, 'server', 'blobs', 'planted');
    mkdirSync(blobs, { recursive: true });
    writeFileSync(join(blobs, 'one'), gzipSync(Buffer.from(planted('Blob'), 'utf16le')));
    await findPlanted(['Blob'], [join(folder, 'server')]);
    const { name, bytes } = serverOutput();
    await findPlanted(['Log'], [{ name, bytes: Buffer.concat([bytes, Buffer.from(planted('Log'))]) }]);
    const before = notices.length;
    await database.query("SELECT pg_notify('baton', $1)", [JSON.stringify({ note: planted('Notice') })]);
    await expect.poll(() => notices.length).toBeGreaterThan(before);
    await findPlanted(['Notice'], [noticeText()]);
    await fetch(`${tap.url}/healthz`, { headers: { 'x-planted': planted('Header') } });
    await findPlanted(['Header'], [{ name: 'bytes from clients', bytes: tap.fromClients() }]);
    expect(server.isRunning()).toBe(true);
  });

  it('finds it in a notice to a telephone and in a webhook', async () => {
    appendFileSync(noticesFile(), `${JSON.stringify({ text: planted('Telephone') })}\n`);
    await findPlanted(['Telephone'], [noticesFile()]);
    await fetch(hooks.url, { method: 'POST', body: JSON.stringify({ reference: planted('Webhook') }) });
    await findPlanted(['Webhook'], [webhookBodies()]);
    expect(server.isRunning()).toBe(true);
  });
});
