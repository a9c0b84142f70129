import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Conversation, MadeRecord } from '@baton/client';
import { createPractice, type Practice, startTestServer, type TestServer, until } from '@baton/testkit';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyBundle } from '../../verify-evidence/bundle.ts';
import { Fault } from '../../verify-evidence/fault.ts';
import { WORDS } from './fixtures/record-words.ts';

// A real server and real clients make a record; the verifier, which shares no code with them, reads it.

let server: TestServer;
let practice: Practice;
let thread: Conversation;
let record: MadeRecord;
const folder = mkdtempSync(join(tmpdir(), 'baton-evidence-'));

const say = (text: string, more: object = {}) =>
  thread.send({ text, files: [], mentions: [], replyTo: null, as: null, ...more });

beforeAll(async () => {
  server = await startTestServer();
  practice = await createPractice(server, {
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'James Okafor', jobs: ['physician'] },
    ],
  });
  const [maria, james] = practice.people;
  if (!maria || !james) throw new Error('nobody there');
  const role = await practice.admin.session.people.defineRole({
    name: 'Nurse triage',
    unit: null,
    use: 'team',
    holders: [maria.account],
  });
  await until(james.session.directory.roles, (roles) =>
    roles.some(({ id, holders }) => id === role && holders.length === 2),
  );
  thread = await james.session.conversations.startWithRole(role);
  await say('Please look at the wound of room 3. Ñandú, ½ dose, 😀');
  await say('Photograph below.', {
    files: [
      {
        name: '../wound 3.txt',
        mime: 'text/plain',
        bytes: new Uint8Array(3000).fill(7),
        width: null,
        height: null,
      },
    ],
  });
  // A file is uploaded before its message goes out: the answer comes after both.
  await until(
    thread.timeline,
    ({ items }) => items.filter((item) => item.type === 'message' && item.seq !== null).length === 2,
  );
  const seen = await maria.session.conversations.open(thread.id).catch(async () => {
    await until(maria.session.conversations.list, (rows) => rows.some(({ id }) => id === thread.id));
    return maria.session.conversations.open(thread.id);
  });
  await seen.send({ text: 'Seen, dressing changed.', files: [], mentions: [], replyTo: null, as: role });
  await until(thread.timeline, ({ items }) =>
    items.some((item) => item.type === 'message' && item.text.startsWith('Seen')),
  );
  record = await james.session.records.make({
    conversation: thread.id,
    messages: null,
    reason: 'Wound follow-up',
    nameOf: () => null,
    words: WORDS,
  });
}, 120_000);
afterAll(async () => {
  await practice?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function failure(zip: Uint8Array): string {
  try {
    verifyBundle(zip);
    return 'holds';
  } catch (error) {
    if (error instanceof Fault) return `${error.step} ${error.at}`;
    throw error;
  }
}

function rezip(change: (files: Record<string, Uint8Array>) => void): Uint8Array {
  const files = { ...unzipSync(record.zip) };
  change(files);
  return zipSync(files, { level: 0 });
}

describe('a record of messages', () => {
  it('holds for a verifier that knows only the written protocol', () => {
    const verdict = verifyBundle(record.zip);
    expect(verdict.orgName).toBe('Harbor Family Practice');
    expect(verdict.left).toBe(0);
    expect(verdict.messages.map(({ text }) => text)).toEqual([
      'Please look at the wound of room 3. Ñandú, ½ dose, 😀',
      'Photograph below.',
      'Seen, dressing changed.',
    ]);
    expect(verdict.messages.every(({ hasReceipt }) => hasReceipt)).toBe(true);
    const authors = verdict.messages.map(({ author }) => verdict.people.get(author));
    expect(authors).toEqual([
      { name: 'James Okafor', isProven: true },
      { name: 'James Okafor', isProven: true },
      { name: 'Maria Lopez', isProven: true },
    ]);
  });

  it('says so on the command line, offline', () => {
    const file = join(folder, record.fileName);
    writeFileSync(file, record.zip);
    const run = spawnSync(process.execPath, ['tools/verify-evidence/verify.ts', file, '--texts'], {
      encoding: 'utf8',
    });
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('Everything in this file holds: 3 messages, 4 files.');
    expect(run.stdout).toContain('Seen, dressing changed.');
    const other = spawnSync(
      process.execPath,
      ['tools/verify-evidence/verify.ts', file, '--org', '00'.repeat(32)],
      { encoding: 'utf8' },
    );
    expect(other.status).toBe(1);
    expect(other.stdout).toContain('Check 3 failed at statements[0]');
  });

  it('takes chosen messages, and says how many are left out between them', async () => {
    const james = practice.people[1];
    const items = thread.timeline.read().items.flatMap((item) => (item.type === 'message' ? [item.id] : []));
    const made = await james?.session.records.make({
      conversation: thread.id,
      messages: [items[0], items[2]].flatMap((id) => id ?? []),
      reason: '',
      nameOf: () => null,
      words: WORDS,
    });
    const verdict = verifyBundle(made?.zip ?? new Uint8Array());
    expect(verdict.messages.map(({ text }) => text)).toEqual([
      'Please look at the wound of room 3. Ñandú, ½ dose, 😀',
      'Seen, dressing changed.',
    ]);
    expect(verdict.left).toBe(1);
    expect([...(made?.zip ?? [])].length).toBeLessThan(record.zip.length);
  });
});

describe('an altered record', () => {
  it('is noticed where it was altered', () => {
    expect(failure(rezip((files) => delete files['record.pdf']))).toBe('1 record.pdf');
    expect(failure(rezip((files) => void (files['more.txt'] = new Uint8Array(3))))).toBe('1 more.txt');
    const attachment =
      Object.keys(unzipSync(record.zip)).find((path) => path.startsWith('attachments/')) ?? '';
    expect(attachment).toBe('attachments/01-wound-3.txt');
    expect(failure(rezip((files) => (files[attachment] as Uint8Array).fill(8, 5, 6)))).toBe(
      `1 ${attachment}`,
    );
    expect(failure(record.zip.slice(0, -40))).toBe('1 the ZIP');
    expect(failure(zipSync(unzipSync(record.zip), { level: 6 }))).toBe('1 the ZIP');
  });

  it('is refused whichever byte of the evidence is another', () => {
    const evidence = unzipSync(record.zip)['evidence.cbor'] as Uint8Array;
    // An odd step visits every part of the file; a prime keeps off its structure.
    const step = Math.max(1, Math.floor(evidence.length / 700)) | 1;
    let tried = 0;
    for (let at = 0; at < evidence.length; at += step) {
      const bit = 1 << (tried % 8);
      const verdict = failure(
        rezip((files) => {
          const copy = evidence.slice();
          copy[at] = (copy[at] as number) ^ bit;
          files['evidence.cbor'] = copy;
        }),
      );
      if (verdict === 'holds')
        throw new Error(`byte ${at} of ${evidence.length} altered, and nobody noticed`);
      tried += 1;
    }
    expect(tried).toBeGreaterThan(600);
  });
});
