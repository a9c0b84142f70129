import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { type Bytes, encodeBase64Url, newId } from '@baton/kernel';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import { openFolderBlobStore } from '../blobs/folder-blob-store.ts';
import type { ServerConfig } from '../config.ts';
import { openDatabase } from '../store/database.ts';
import type { TestConversation } from '../testing/conversation.ts';
import type { TestAccount } from '../testing/organisation.ts';
import {
  type Answer,
  call,
  codeOf,
  expectOk,
  putFile,
  startTestServer,
  TestPractice,
  type TestServer,
} from '../testing/practice.ts';
import { startS3 } from '../fixtures/s3-server.ts';
import { COMPLETE_LIFE_MS, OPEN_LIFE_MS, sweepStaged, sweepUploads } from './sweep-uploads.ts';

// A file on its way (docs/protocol/server.md §11): in parts, from where it has come to, until a message lists it; whatever breaks.

const { rng, digest } = nodePorts;
const MIB = 1024 * 1024;
const script = fileURLToPath(new URL('../testing/serve.ts', import.meta.url));
type Blob = `b_${string}`;

let postgres: TemporaryPostgres;
let server: TestServer;
let practice: TestPractice;
let nurse: TestAccount;
let doctor: TestAccount;
let stranger: TestAccount;
let conversation: TestConversation;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  server = await startTestServer(await postgres.createDatabase('uploads'));
  practice = await TestPractice.create(server);
  nurse = await practice.join(['nurse']);
  doctor = await practice.join(['physician']);
  stranger = await practice.join(['nurse']);
  conversation = await practice.converse(nurse, [practice.admin, nurse, doctor]);
});
afterAll(async () => {
  await server.stop();
  await postgres.stop();
});

const newBlob = (): Blob => newId('blob', rng) as Blob;
const pathOf = (blob: string): string => `/v1/conversations/${conversation.conv}/blobs/${blob}`;

interface Part {
  readonly offset: number;
  readonly size: number;
  readonly hash?: Bytes;
  readonly raw: Bytes;
}

function put(blob: string, { offset, size, hash, raw }: Part, by = nurse, url = server.url): Promise<Answer> {
  const end = hash === undefined ? '' : `&hash=${encodeBase64Url(hash)}`;
  return call(url, 'PUT', `${pathOf(blob)}?offset=${offset}&size=${size}${end}`, { token: by.token, raw });
}

/** Sends what is missing, from wherever the server says it is. */
async function resume(blob: string, sealed: Bytes, url = server.url, partBytes = MIB): Promise<void> {
  for (;;) {
    const state = await expectOk<{ offset: number; complete: boolean }>(
      call(url, 'GET', pathOf(blob), { token: nurse.token }),
    );
    if (state.complete) return;
    const raw = sealed.subarray(state.offset, state.offset + partBytes);
    const isLast = state.offset + raw.length === sealed.length;
    const hash = isLast ? { hash: digest(sealed) } : {};
    await expectOk(put(blob, { offset: state.offset, size: sealed.length, raw, ...hash }, nurse, url));
  }
}

const get = (blob: string, by: TestAccount, range?: string, url = server.url): Promise<Answer> =>
  call(url, 'GET', `/v1/blobs/${blob}`, {
    token: by.token,
    ...(range === undefined ? {} : { headers: { range } }),
  });

/** Every file under the folder of sealed files. */
function filesOf(config: ServerConfig): string[] {
  const folder = join(config.dataDir, 'blobs');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

const list = (blob: Blob) =>
  practice.send(conversation, nurse, conversation.envelope(nurse, { blobs: [blob] }));

async function sweep(config: ServerConfig, laterMs: number): Promise<void> {
  const db = await openDatabase({ databaseUrl: config.databaseUrl, onError: () => {} });
  const blobs = await openFolderBlobStore(join(config.dataDir, 'blobs'));
  const atMs = nodePorts.clock.nowMs() + laterMs;
  await sweepUploads({ db, blobs }, practice.org.org, atMs);
  await sweepStaged({ db, blobs }, atMs - OPEN_LIFE_MS);
  await db.close();
}

describe('an upload', () => {
  it('takes parts in order, tells how far it is, and is whole when the hash of all fits', async () => {
    const blob = newBlob();
    const sealed = rng.bytes(2 * MIB + 100);
    const size = sealed.length;
    const first = await expectOk(put(blob, { offset: 0, size, raw: sealed.subarray(0, MIB) }));
    expect(first).toEqual({ offset: MIB, complete: false });
    const head = await call(server.url, 'HEAD', pathOf(blob), { token: nurse.token });
    expect([head.headers.get('upload-offset'), head.headers.get('upload-length')]).toEqual([
      `${MIB}`,
      `${size}`,
    ]);
    // The answer was lost: the same part again; one from elsewhere.
    expect(await expectOk(put(blob, { offset: 0, size, raw: sealed.subarray(0, MIB) }))).toEqual(first);
    for (const offset of [MIB + 1, MIB - 1, 2 * MIB - 300_000]) {
      const raw = sealed.subarray(offset, offset + 300_000);
      expect(codeOf(await put(blob, { offset, size, raw })), `${offset}`).toBe('conflict.version');
    }
    expect((await get(blob, nurse)).status).toBe(404);
    await resume(blob, sealed);
    expect(Buffer.from(sealed).equals((await get(blob, nurse)).body as Buffer)).toBe(true);
    const again = { offset: MIB, size, raw: sealed.subarray(MIB), hash: digest(sealed) };
    expect(await expectOk(put(blob, again))).toEqual({ offset: size, complete: true });
    const other = await put(blob, { ...again, hash: rng.bytes(32) });
    expect(codeOf(other)).toBe('conflict.exists');
    expect(filesOf(server.config).filter((name) => name.includes(blob))).toHaveLength(1);
  });

  it('of any length in parts of any length comes out as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 * MIB }),
        fc.array(fc.integer({ min: 256 * 1024, max: 4 * MIB }), { minLength: 1, maxLength: 4 }),
        async (length, cuts) => {
          const blob = newBlob();
          const sealed = rng.bytes(length);
          let turn = 0;
          for (let offset = 0; offset < length; ) {
            const raw = sealed.subarray(offset, offset + (cuts[turn++ % cuts.length] ?? MIB));
            const isLast = offset + raw.length === length;
            const hash = isLast ? { hash: digest(sealed) } : {};
            await expectOk(put(blob, { offset, size: length, raw, ...hash }));
            offset += raw.length;
          }
          expect(Buffer.from(sealed).equals((await get(blob, nurse)).body as Buffer)).toBe(true);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('is refused and forgotten when what came is not what was announced', async () => {
    const blob = newBlob();
    const raw = rng.bytes(1000);
    const refused = await put(blob, { offset: 0, size: 1000, raw, hash: rng.bytes(32) });
    expect([codeOf(refused), (refused.body as { at: string }).at]).toEqual(['request.invalid', 'hash']);
    expect((await get(blob, nurse)).status).toBe(404);
    expect(filesOf(server.config).filter((name) => name.includes(blob))).toEqual([]);
    await expectOk(put(blob, { offset: 0, size: 1000, raw, hash: digest(raw) }));
  });

  it('has limits: of a file, of a part, of what is under way', async () => {
    const tooLong = await put(newBlob(), { offset: 0, size: 102 * MIB, raw: rng.bytes(MIB) });
    expect(codeOf(tooLong)).toBe('wire.too_large');
    const crumb = await put(newBlob(), { offset: 0, size: MIB, raw: rng.bytes(1000) });
    expect(codeOf(crumb)).toBe('request.invalid');
    const beyond = await put(newBlob(), { offset: 0, size: 500, raw: rng.bytes(1000) });
    expect(codeOf(beyond)).toBe('request.invalid');
    const hoarder = await practice.join(['nurse']);
    const own = await practice.converse(hoarder, [hoarder, practice.admin]);
    const begin = (): Promise<Answer> =>
      call(server.url, 'PUT', `/v1/conversations/${own.conv}/blobs/${newBlob()}?offset=0&size=${100 * MIB}`, {
        token: hoarder.token,
        raw: new Uint8Array(256 * 1024),
      });
    let begun = 0;
    while ((await begin()).status === 200) begun += 1;
    expect(begun).toBe(30);
    expect(codeOf(await begin())).toBe('limit.rate');
  });

  it("is its author's alone until a message lists it, and then the members'", async () => {
    const blob = newBlob();
    const sealed = rng.bytes(300);
    const file = { conv: conversation.conv, blob, sealed };
    await expectOk(putFile(server.url, { ...file, token: nurse.token }));
    expect((await get(blob, doctor)).status).toBe(404);
    expect(codeOf(await putFile(server.url, { ...file, token: doctor.token }))).toBe('conflict.exists');
    const asked = await call(server.url, 'GET', pathOf(blob), { token: doctor.token });
    const absent = await call(server.url, 'GET', pathOf(newBlob()), { token: doctor.token });
    expect(asked.body).toEqual(absent.body);
    await expectOk(call(server.url, 'DELETE', pathOf(blob), { token: doctor.token }));
    expect((await get(blob, nurse)).status).toBe(200);
    expect((await call(server.url, 'GET', pathOf(blob), { token: stranger.token })).status).toBe(404);
    await expectOk(list(blob));
    expect((await get(blob, doctor)).status).toBe(200);
    expect((await get(blob, stranger)).status).toBe(404);
    // Committed: it cannot be given up any more, before and after it has moved.
    await expectOk(call(server.url, 'DELETE', pathOf(blob), { token: nurse.token }));
    await sweep(server.config, 0);
    expect((await get(blob, doctor)).status).toBe(200);
    expect(await expectOk(putFile(server.url, { ...file, token: nurse.token }))).toMatchObject({
      complete: true,
    });
    expect(codeOf(await list(newBlob()))).toBe('request.invalid');
  });

  it('can be given up', async () => {
    const blob = newBlob();
    await expectOk(put(blob, { offset: 0, size: 2 * MIB, raw: rng.bytes(MIB) }));
    await expectOk(call(server.url, 'DELETE', pathOf(blob), { token: nurse.token }));
    const state = await expectOk(call(server.url, 'GET', pathOf(blob), { token: nurse.token }));
    expect(state).toEqual({ offset: 0, complete: false });
    expect(filesOf(server.config).filter((name) => name.includes(blob))).toEqual([]);
  });

  it('cannot be listed before it is whole', async () => {
    const blob = newBlob();
    await expectOk(put(blob, { offset: 0, size: 2 * MIB, raw: rng.bytes(MIB) }));
    expect(codeOf(await list(blob))).toBe('request.invalid');
  });
});

it('hands out ranges, so that a long file streams and goes on where it broke off', async () => {
  const blob = newBlob();
  const sealed = rng.bytes(MIB);
  const file = { conv: conversation.conv, blob, sealed, token: nurse.token };
  await expectOk(putFile(server.url, file));
  const whole = Buffer.from(sealed);
  for (const [range, start, end] of [
    ['bytes=0-0', 0, 1],
    ['bytes=10-99', 10, 100],
    ['bytes=1048000-', 1_048_000, MIB],
    ['bytes=-5', MIB - 5, MIB],
    ['bytes=1000000-99999999', 1_000_000, MIB],
  ] as const) {
    const got = await get(blob, nurse, range);
    expect([got.status, got.headers.get('content-range')], range).toEqual([
      206,
      `bytes ${start}-${end - 1}/${MIB}`,
    ]);
    expect(whole.subarray(start, end).equals(got.body as Buffer), range).toBe(true);
  }
  expect((await get(blob, nurse, `bytes=${MIB}-`)).status).toBe(400);
  for (const range of ['bytes=5-1', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=-'])
    expect((await get(blob, nurse, range)).status, range).toBe(200);
});

describe('what no message lists', () => {
  it('goes after a day while it is open, after a week when it is whole, and not before', async () => {
    const open = newBlob();
    const whole = newBlob();
    const listed = newBlob();
    await expectOk(put(open, { offset: 0, size: 2 * MIB, raw: rng.bytes(MIB) }));
    for (const blob of [whole, listed]) {
      const file = { conv: conversation.conv, blob, sealed: rng.bytes(400), token: nurse.token };
      await expectOk(putFile(server.url, file));
    }
    await expectOk(list(listed));
    const left = (): string[] =>
      [open, whole, listed].filter((blob) => filesOf(server.config).some((name) => name.includes(blob)));
    await sweep(server.config, OPEN_LIFE_MS - 60_000);
    expect(left()).toEqual([open, whole, listed]);
    await sweep(server.config, OPEN_LIFE_MS + 60_000);
    expect(left()).toEqual([whole, listed]);
    await sweep(server.config, COMPLETE_LIFE_MS + 60_000);
    expect(left()).toEqual([listed]);
    expect((await get(listed, doctor)).status).toBe(200);
    expect(codeOf(await list(whole))).toBe('request.invalid');
  });
});

async function spawnServer(config: ServerConfig): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(script, [JSON.stringify(config)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [message] = (await once(child, 'message')) as [{ port: number }];
  return { child, url: `http://127.0.0.1:${message.port}` };
}

it('survives a server killed at any moment: goes on, serves no half file, leaves nothing behind', async () => {
  const sealed = rng.bytes(6 * MIB + 12_345);
  const blobs: Blob[] = [];
  for (let round = 0; round < 6; round++) {
    const { child, url } = await spawnServer(server.config);
    const blob = newBlob();
    blobs.push(blob);
    const uploading = resume(blob, sealed, url, 512 * 1024).catch(() => {});
    await new Promise<void>((resolve) => nodePorts.timers.after(20 + 37 * round, () => resolve()));
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    await uploading;
    const half = await get(blob, nurse);
    if (half.status === 200) expect(Buffer.from(sealed).equals(half.body as Buffer)).toBe(true);
    else expect(half.status).toBe(404);
  }
  // Every second one is taken up again and listed, the others never.
  const kept = blobs.filter((_, index) => index % 2 === 0);
  for (const blob of kept) {
    await resume(blob, sealed);
    await expectOk(list(blob));
  }
  await sweep(server.config, 2 * COMPLETE_LIFE_MS);
  await sweep(server.config, 2 * COMPLETE_LIFE_MS);
  for (const blob of kept) {
    const got = await get(blob, doctor);
    expect(Buffer.from(sealed).equals(got.body as Buffer)).toBe(true);
  }
  const left = filesOf(server.config);
  expect(left.filter((name) => name.startsWith('staging'))).toEqual([]);
  const expected = kept.map((blob) => join(practice.org.org, blob.slice(2, 4), blob));
  expect(left.filter((name) => blobs.some((blob) => name.includes(blob)))).toEqual(expected.sort());
});

it('works the same where sealed files lie in S3', async () => {
  const s3 = await startS3();
  const other = await startTestServer(server.config.databaseUrl, {
    dataDir: server.config.dataDir,
    s3: s3.settings,
  });
  const blob = newBlob();
  const sealed = rng.bytes(5 * MIB + 7);
  await expectOk(call(other.url, 'GET', '/readyz'));
  await expectOk(
    put(blob, { offset: 0, size: sealed.length, raw: sealed.subarray(0, MIB) }, nurse, other.url),
  );
  await resume(blob, sealed, other.url, 2 * MIB);
  await expectOk(list(blob));
  expect(Buffer.from(sealed).equals((await get(blob, doctor, undefined, other.url)).body as Buffer)).toBe(
    true,
  );
  const range = await get(blob, doctor, 'bytes=1048570-1048600', other.url);
  expect(Buffer.from(sealed.subarray(1_048_570, 1_048_601)).equals(range.body as Buffer)).toBe(true);
  expect(filesOf(server.config).filter((name) => name.includes(blob))).toEqual([]);
  await other.stop();
  await s3.stop();
});
