import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LiveSession } from '@baton/client';
import { createNodeDoor } from '@baton/client-node';
import { createProduct, type Product, totp, until } from '@baton/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

// The product as a newcomer starts it, with everything real: embedded PostgreSQL, server, station, demo practice. The order of starting and
// stopping with programs that misbehave: up.int.test.ts.

const STATION_APP = join(import.meta.dirname, '..', '..', 'station');
/** A quiet machine takes a tenth of it. */
const SEEDED_WITHIN_MS = 100_000;
/** Promised are 5 s; a machine that is busy with other tests gets more. */
const SECOND_START_MS = 15_000;
const LIMIT_MS = 240_000;

let product: Product;
const sessions: LiveSession[] = [];

async function dispose(): Promise<void> {
  await closeSessions();
  await product?.dispose();
}

async function closeSessions(): Promise<void> {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
}

const at = (path: string): string => `http://127.0.0.1:${product.port}${path}`;
const linkOf = (job: string): string => product.links().find((link) => link.job === job)?.url ?? '';
const fragmentOf = (link: string): string => link.slice(link.indexOf('#') + 1);

let devices = 0;
async function signIn(link: string): Promise<LiveSession> {
  devices += 1;
  const door = await createNodeDoor({
    serverUrl: at(''),
    publicUrl: product.url,
    dataDir: join(product.folder, `device-${devices}`),
    durable: false,
  });
  const session = await door.signIn({ kind: 'demo', fragment: fragmentOf(link) });
  sessions.push(session);
  return session;
}

async function expectWholePractice(session: LiveSession): Promise<void> {
  const patience = { withinMs: 20_000 };
  await until(session.conversations.ready, (ready) => ready, patience);
  await until(session.patients.state, ({ count }) => count === 20, patience);
  await until(
    session.conversations.list,
    (rows) => rows.length >= 3 && rows.every(({ preview }) => preview !== null),
    patience,
  );
  expect(session.directory.people.read().filter(({ kind }) => kind === 'person')).toHaveLength(20);
  expect(session.me.read()).toMatchObject({ orgName: 'Harbor Family Practice', demo: true });
  expect(session.alarms.read()).toEqual([]);
}

/** Nobody gets in by a link, whether it exists or not. */
async function expectNoDemo(link: string): Promise<void> {
  const info: unknown = await fetch(at('/v1/server')).then((answer) => answer.json());
  expect(info).toMatchObject({ demo: false });
  const answer = await fetch(at('/v1/auth/demo'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: product.url },
    body: JSON.stringify({ account: fragmentOf(link).split('.')[0], proof: 'A'.repeat(43), bearer: true }),
  });
  expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'request.not_found' }]);
  await expect(signIn(link)).rejects.toMatchObject({ code: 'request.not_found' });
}

describe('the demo practice', () => {
  beforeEach(async () => {
    product = await createProduct();
  });
  afterEach(dispose);

  it('is complete when it is called ready, and opens by its links', { timeout: LIMIT_MS }, async () => {
    const first = product.up();
    const waited = await untilReadyz();
    // At this very moment, not a little later.
    expect(existsSync(join(product.dataDir, 'demo', 'links.json'))).toBe(true);
    await expectWholePractice(await signIn(linkOf('physician')));
    expect(waited).toEqual(new Set(['503 demo']));

    const readyMs = await first.ready(SEEDED_WITHIN_MS);
    expect(statSync(join(product.dataDir, 'demo', 'links.json')).mode & 0o777).toBe(0o600);
    const links = product.links();
    const personas = ['medical assistant', 'nurse', 'physician', 'practice manager'];
    expect(links.map(({ job }) => job).sort()).toEqual(personas);
    for (const { url } of links) {
      expect(first.output()).toContain(url);
      expect(url).toMatch(new RegExp(`^${product.url}/demo#a_[\\w-]{22}\\.[\\w-]{43}$`));
    }
    for (const job of ['nurse', 'medical assistant']) await expectWholePractice(await signIn(linkOf(job)));
    await closeSessions();
    expect(await first.stop()).toBe(0);
    await expect.poll(() => product.processes()).toEqual([]);

    const second = product.up();
    const againMs = await second.ready(SECOND_START_MS);
    console.log(
      `ready after ${Math.round(readyMs)} ms with seeding, ${Math.round(againMs)} ms the second time`,
    );
    expect(second.output()).not.toContain('demo practice made');
    expect(product.links()).toEqual(links);
    await expectWholePractice(await signIn(linkOf('practice manager')));
    await closeSessions();
    await second.stop();

    // The same folder without the demo: what opened it before opens nothing.
    const without = product.up({ BATON_DEMO: '0' });
    await without.ready(SECOND_START_MS);
    for (const { url } of links) await expectNoDemo(url);
    expect(without.output()).not.toContain('/demo#');
  });

  it('is completed by the next start when everything dies in the middle of its making', {
    timeout: LIMIT_MS,
  }, async () => {
    const waitMs = randomInt(2500);
    console.log(`killed ${waitMs} ms after the staff was there`);
    const first = product.up();
    await first.said('members of staff', SEEDED_WITHIN_MS);
    await delay(waitMs);
    await product.killEverything();
    const wasMade = first.output().includes('demo practice made');
    const second = product.up();
    await second.ready(SEEDED_WITHIN_MS);
    expect(second.output().includes('demo practice made')).toBe(!wasMade);
    expect(existsSync(join(product.dataDir, 'station', 'seeding'))).toBe(false);
    await expectWholePractice(await signIn(linkOf('nurse')));
  });

  it('is not there by default where others could reach it', { timeout: LIMIT_MS }, async () => {
    const run = product.up({ BATON_HOST: '0.0.0.0' });
    await run.ready(SEEDED_WITHIN_MS);
    const info: unknown = await fetch(at('/v1/server')).then((answer) => answer.json());
    expect(info).toMatchObject({ demo: false, setUp: false });
    await expectNoDemo(`${product.url}/demo#a_${'A'.repeat(22)}.${'A'.repeat(43)}`);
    expect(readdirSync(join(product.dataDir, 'demo'))).toEqual([]);
    expect(run.output()).toContain('admin init');
  });

  /** What /readyz answered before it was ready. */
  async function untilReadyz(): Promise<Set<string>> {
    const seen = new Set<string>();
    for (;;) {
      const answer = await fetch(at('/readyz')).catch(() => null);
      if (answer?.status === 200) return seen;
      if (answer) seen.add(`${answer.status} ${((await answer.json()) as { at: string }).at}`);
      await delay(25);
    }
  }
});

describe('station import fhir', () => {
  let bundles: string;
  let station = '';

  beforeAll(async () => {
    product = await createProduct();
    await product.up().ready(SEEDED_WITHIN_MS);
    bundles = join(product.folder, 'bundles');
    cpSync(join(STATION_APP, 'demo', 'fhir-r4'), bundles, { recursive: true });
  }, LIMIT_MS);
  afterAll(dispose);

  /** As a person calls it; `answers` come in through a pipe. */
  async function runImport(source: string, answers = ''): Promise<{ code: number; said: string }> {
    const child = spawn(process.execPath, [join(STATION_APP, 'src', 'main.ts'), 'import', 'fhir', source], {
      cwd: '/',
      env: {
        PATH: dirname(process.execPath),
        BATON_STATION_SERVER_URL: at(''),
        BATON_STATION_PUBLIC_URL: product.url,
        BATON_STATION_DATA_DIR: station,
      },
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stdin.end(answers);
    const [code] = (await once(child, 'exit')) as [number];
    return { code, said };
  }

  /** A bundle of one patient who is not in the demo. */
  function writePatient(file: string, phone: string): void {
    const patient = {
      resourceType: 'Patient',
      id: 'import-1',
      name: [{ use: 'official', family: 'Nightingale', given: ['Flora'] }],
      birthDate: '1950-05-12',
      telecom: [{ system: 'phone', value: phone, use: 'home' }],
    };
    const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: patient }] };
    writeFileSync(file, JSON.stringify(bundle));
  }

  it('takes each patient once, and changes only what changed', { timeout: LIMIT_MS }, async () => {
    station = join(product.folder, 'station-by-link');
    const nurse = await signIn(linkOf('nurse'));
    const known = await runImport(bundles, `${linkOf('physician')}\n`);
    expect(known).toMatchObject({
      code: 0,
      said: expect.stringContaining('0 added, 0 changed, 20 unchanged') as string,
    });

    const extra = join(product.folder, 'extra');
    mkdirSync(extra);
    writePatient(join(extra, 'flora.json'), '555-010-1111');
    // The device that the first import left behind goes on without being asked.
    expect((await runImport(extra)).said).toContain('1 added, 0 changed, 0 unchanged');
    expect((await runImport(extra)).said).toContain('0 added, 0 changed, 1 unchanged');
    await until(nurse.patients.state, ({ count }) => count === 21);
    writePatient(join(extra, 'flora.json'), '555-010-2222');
    expect((await runImport(extra)).said).toContain('0 added, 1 changed, 0 unchanged');
    await until(nurse.patients.rows, (rows) => rows.some(({ phone }) => phone === '555-010-2222'));
  });

  it('changes nothing when one of the bundles is malformed', { timeout: LIMIT_MS }, async () => {
    station = join(product.folder, 'station-by-link');
    const nurse = await signIn(linkOf('nurse'));
    const { count } = await until(nurse.patients.state, (state) => state.ready && state.count >= 20);
    const mixed = join(product.folder, 'mixed');
    mkdirSync(mixed);
    for (const [name, text] of [
      ['torn.json', readFileSync(join(bundles, readdirSync(bundles)[0] as string), 'utf8').slice(0, 5000)],
      ['other.json', '{"resourceType":"Patient"}'],
      [
        'wrong.json',
        '{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","birthDate":"yesterday"}}]}',
      ],
    ] as const) {
      writePatient(join(mixed, 'a-good.json'), `555-010-${name.length}`);
      writeFileSync(join(mixed, name), text);
      const { code, said } = await runImport(mixed, `${linkOf('physician')}\n`);
      expect(code).toBe(65);
      expect(said).toContain(name);
      expect(said).toContain('Nothing was changed.');
      expect(said).not.toContain('yesterday');
    }
    const missing = await runImport(join(product.folder, 'nowhere'));
    expect(missing.code).toBe(66);
    const later = await signIn(linkOf('physician'));
    await until(later.patients.state, (state) => state.ready && state.count >= 20);
    expect(later.patients.state.read().count).toBe(count);
  });

  it('takes login, passphrase and code from a pipe, all at once', { timeout: LIMIT_MS }, async () => {
    station = join(product.folder, 'station-by-words');
    const link = linkOf('medical assistant');
    const assistant = await signIn(link);
    await assistant.security.stepUp({ kind: 'demo', fragment: fragmentOf(link) });
    const prepared = await assistant.security.preparePassphrase('racquel');
    await prepared.confirm(totp(prepared.secretText));
    const nobody = await runImport(bundles, 'racquel\n');
    expect(nobody).toMatchObject({ code: 77, said: expect.stringContaining('Nobody signed in') as string });
    const answers = `Racquel\n${prepared.passphrase}\n${totp(prepared.secretText, 1)}\n`;
    expect(await runImport(bundles, answers)).toMatchObject({
      code: 0,
      said: expect.stringContaining('20 unchanged') as string,
    });
  });
});
