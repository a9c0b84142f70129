import { createHash } from 'node:crypto';
import type { Conversation, LiveSession, NewInvitation, PhoneDoor, TimelineMessage } from '@baton/client';
import { nodePrimitives, nodeRng, nodeTimers } from '@baton/client-node';
import {
  evaluateLinkCode,
  invitationBoxKey,
  invitationSigningKey,
  parseLinkCode,
  parsePatientFragment,
  patientLinkSecret,
} from '@baton/crypto';
import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { type Bytes, encodeBase64Url, Secret } from '@baton/kernel';
import { findInvitation } from '@baton/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dumpDatabase } from './canaries/dump-database.ts';
import { createSteppedClock } from './chance/stepped-clock.ts';
import { becomeOperator, type Operator } from './malice/operator.ts';
import { createLyingTransport, type Lies } from './network/lying-transport.ts';
import {
  createPhone,
  type EnteredPatient,
  enterPatient,
  establishCare,
  fragmentOf,
  invitePatient,
  patientRecord,
  TEST_PIN,
} from './patient-phone.ts';
import { createPractice, type Device, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

// Patients' links against who carries them, who finds them, who has the database and who runs the server: threats T15, T19, T20 and T42
// (docs/protocol/patients.md §2).

const clock = createSteppedClock();
/** Links are looked after once a minute; here at once. */
const timers = {
  after: (delayMs: number, task: () => void) => nodeTimers.after(delayMs === 60_000 ? 300 : delayMs, task),
};
let postgres: TemporaryPostgres;
let server: TestServer;
let practice: Practice;
let operator: Operator;
let maria: Device;
const closing: (() => Promise<void> | void)[] = [];
let patients = 0;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  server = await startTestServer({ postgres, clock });
  operator = await becomeOperator(server, postgres.superuserUrl);
  practice = await createPractice(server, {
    people: [{ name: 'Maria Lopez', jobs: ['nurse'] }],
    platform: { clock, timers },
  });
  [maria] = practice.people as [Device];
  await establishCare(practice.admin.session, {
    holders: [maria.account],
    patients: Array.from({ length: 12 }, (_, index) => patientRecord(`Patient/${index}`)),
    others: [maria.session],
  });
}, 90_000);

afterAll(async () => {
  for (const close of closing) await close();
  await practice?.close();
  await operator?.close();
  await server?.stop();
  await postgres?.stop();
});

/** Many keys are made and many sockets opened on whatever machine this is. */
const SLOW = { withinMs: 30_000 };

/** A patient whom nobody has invited yet. */
function nextRef(): string {
  patients += 1;
  return `Patient/${patients - 1}`;
}

async function phoneOf(lies?: Lies): Promise<PhoneDoor> {
  const lying = createLyingTransport();
  Object.assign(lying.lies, lies);
  const phone = await createPhone(server.url, { clock, wrapTransport: lying.wrap });
  closing.push(() => phone.remove());
  return phone.door;
}

async function enter(invitation: NewInvitation): Promise<EnteredPatient> {
  const patient = await enterPatient(server.url, invitation, { clock });
  closing.push(() => patient.close());
  return patient;
}

const wrongCodes = (code: string) =>
  Array.from({ length: 6 }, (_, index) => String((Number(code) + index + 1) % 1_000_000).padStart(6, '0'));

const codeOf = (failure: unknown) => (failure as { code?: string }).code;
async function refusal(task: Promise<unknown>): Promise<string | undefined> {
  return task.then(
    () => 'nothing was refused',
    (failure: unknown) => codeOf(failure),
  );
}

function textsIn(thread: Conversation): string[] {
  const items = thread.timeline
    .read()
    .items.filter((item): item is TimelineMessage => item.type === 'message');
  return items.map(({ text }) => text);
}

async function say(session: LiveSession, id: Conversation['id'], text: string): Promise<void> {
  const thread = await session.conversations.open(id);
  await thread.send({ text, files: [], mentions: [], replyTo: null, as: null });
  await until(
    thread.timeline,
    ({ items }) => items.some((item) => item.type === 'message' && item.text === text && item.seq !== null),
    SLOW,
  );
}

const alarmOf = (session: LiveSession, code: string, about: string) =>
  until(
    session.alarms,
    (shown) => shown.some((alarm) => alarm.code === code && (alarm.about ?? '').includes(about)),
    SLOW,
  );

const invitationOf = (made: NewInvitation) =>
  parsePatientFragment(fragmentOf(made.link)) as NonNullable<ReturnType<typeof parsePatientFragment>>;

describe('T19: who carries a link', () => {
  it('opens nothing with it: no name, no message, no number of anybody, and five codes are all', async () => {
    const ref = nextRef();
    const conv = await maria.session.care.start(ref);
    await say(maria.session, conv, 'Your results are in');
    const made = await invitePatient(maria.session, { ref });
    const carrier = await phoneOf();
    const shown = await carrier.preview(fragmentOf(made.link));
    expect(shown).toEqual({
      orgName: 'Harbor Family Practice',
      claimed: false,
      expired: false,
      replacesKeys: false,
      triesLeft: 5,
    });
    const [first, ...rest] = wrongCodes(made.code);
    const tried = [await carrier.tryCode(fragmentOf(made.link), first as string)];
    for (const code of rest.slice(0, 4)) tried.push(await carrier.tryCode(fragmentOf(made.link), code));
    expect(tried.map(({ fits, triesLeft }) => [fits, triesLeft])).toEqual([
      [false, 4],
      [false, 3],
      [false, 2],
      [false, 1],
      [false, 0],
    ]);
    // The sixth wrong one, and the right one after five: neither is answered.
    const [sixth] = wrongCodes(made.code).slice(5);
    expect(await refusal(carrier.tryCode(fragmentOf(made.link), sixth as string))).toBe('auth.locked');
    expect(await refusal(carrier.tryCode(fragmentOf(made.link), made.code))).toBe('auth.locked');
    expect(await refusal(carrier.claim({ kind: 'pin', pin: TEST_PIN }))).toBe('request.invalid');
    await alarmOf(maria.session, 'auth.locked', invitationOf(made).invitation);
  });

  it('cannot be replayed: a link that was used opens nothing, its later use is an alarm', async () => {
    const ref = nextRef();
    const made = await invitePatient(maria.session, { ref });
    await enter(made);
    const thief = await phoneOf();
    expect((await thief.preview(fragmentOf(made.link))).claimed).toBe(true);
    expect(await refusal(thief.tryCode(fragmentOf(made.link), made.code))).toBe('conflict.claimed');
    await alarmOf(maria.session, 'conflict.claimed', invitationOf(made).invitation);
  });

  it('is taken in its one form only', async () => {
    const made = await invitePatient(maria.session, { ref: nextRef() });
    const fragment = fragmentOf(made.link);
    const [invitation, s, root] = fragment.split('.') as [string, string, string];
    const phone = await phoneOf();
    for (const altered of [`${invitation}.${s}`, `${invitation}..${root}`, `${fragment}.x`, ''])
      expect(await refusal(phone.preview(altered))).toBe('request.invalid');
    // With another secret there is no try, however right the code is: whose id was read somewhere is not used up.
    const guessed = `${invitation}.${encodeBase64Url(new Uint8Array(16))}.${root}`;
    expect(await refusal(phone.tryCode(guessed, made.code))).toBe('auth.failed');
    expect((await phone.preview(fragment)).triesLeft).toBe(5);
  });
});

describe('two devices at once', () => {
  it('claim: exactly one wins, the other is told, staff are told, and what follows opens for one (T19)', async () => {
    const ref = nextRef();
    const conv = await maria.session.care.start(ref);
    const made = await invitePatient(maria.session, { ref });
    const phones = await Promise.all([phoneOf(), phoneOf()]);
    for (const phone of phones)
      expect((await phone.tryCode(fragmentOf(made.link), made.code)).fits).toBe(true);
    const outcomes = await Promise.allSettled(
      phones.map((phone) => phone.claim({ kind: 'pin', pin: TEST_PIN })),
    );
    const won = outcomes.filter((one) => one.status === 'fulfilled');
    const lost = outcomes.filter((one) => one.status === 'rejected');
    expect([won.length, lost.length]).toEqual([1, 1]);
    expect(codeOf(lost[0]?.reason)).toBe('conflict.claimed');
    const { session } = won[0]!.value;
    closing.push(() => session.close());
    await alarmOf(maria.session, 'conflict.claimed', invitationOf(made).invitation);
    await until(session.conversations, (rows) => rows.length === 1, SLOW);
    // The claim stands in the conversation, and the link's own key, which the loser has as well, opens no box of what is written from then on.
    const { logs } = maria.session.parts;
    await expect
      .poll(
        async () => {
          await logs.refresh(conv);
          const { state } = await logs.require(conv);
          return [
            state.members.get(session.me)?.invitation,
            state.outsiderHoldsKey,
            state.boxed.get(session.me),
          ];
        },
        { timeout: SLOW.withinMs },
      )
      .toEqual([null, false, 1]);
    await say(maria.session, conv, 'For one pair of eyes');
    const thread = await session.open(conv);
    await until(thread.timeline, () => textsIn(thread).includes('For one pair of eyes'), SLOW);
  });
});

describe('T20: a lost phone', () => {
  it('reads nothing that is written after staff took it out, and the new one has all of it', async () => {
    const ref = nextRef();
    const conv = await maria.session.care.start(ref);
    const made = await invitePatient(maria.session, { ref });
    const old = await enter(made);
    await until(old.session.conversations, (rows) => rows.length === 1, SLOW);
    await say(maria.session, conv, 'Before the phone was lost');
    const oldThread = await old.session.open(conv);
    await until(oldThread.timeline, () => textsIn(oldThread).includes('Before the phone was lost'), SLOW);
    const again = await maria.session.care.reinvite({
      ref,
      relation: 'self',
      name: 'Rosa Martinez',
      send: 'hand',
      to: null,
      until: null,
      consent: null,
      confidential: false,
      account: old.session.me,
      confirmed: 'Called back on the number in the record',
    });
    await say(maria.session, conv, 'After the phone was lost');
    const renewed = await enter(again);
    await until(renewed.session.conversations, (rows) => rows.length === 1, SLOW);
    const thread = await renewed.session.open(conv);
    await until(thread.timeline, () => textsIn(thread).includes('After the phone was lost'), SLOW);
    expect(textsIn(thread)).toContain('Before the phone was lost');
    expect(textsIn(oldThread)).not.toContain('After the phone was lost');
    const sender = oldThread.send({
      text: 'From the finder',
      files: [],
      mentions: [],
      replyTo: null,
      as: null,
    });
    await sender.catch(() => undefined);
    await say(maria.session, conv, 'Still between us');
    const staff = await maria.session.conversations.open(conv);
    expect(textsIn(staff)).not.toContain('From the finder');
    expect(textsIn(oldThread)).not.toContain('Still between us');
  });
});

describe('a server that lies about links', () => {
  it('with another key for the code: the right code fits nothing, and no claim is made', async () => {
    const made = await invitePatient(maria.session, { ref: nextRef() });
    const other = Secret.of(nodeRng.bytes(32).map((byte, index) => (index === 31 ? byte & 0x0f : byte)));
    const { evaluateBlindedCode } = await import('@baton/crypto');
    let blinded: Bytes | null = null;
    const lying = createLyingTransport();
    lying.lies.body = (path, body) => {
      if (!path.includes('/patient-links/') || !Object.hasOwn(body as object, 'evaluated')) return body;
      return {
        ...(body as object),
        evaluated: encodeBase64Url(evaluateBlindedCode(other, blinded as Bytes)),
      };
    };
    const phone = await createPhone(server.url, {
      clock,
      wrapTransport: (transport) =>
        lying.wrap({
          ...transport,
          connect: (...args) => transport.connect(...args),
          request(request) {
            if (request.method === 'POST' && request.path.includes('/patient-links/')) {
              const sent = JSON.parse(Buffer.from(request.body as Uint8Array).toString()) as {
                blinded: string;
              };
              blinded = new Uint8Array(Buffer.from(sent.blinded, 'base64url'));
            }
            return transport.request(request);
          },
        }),
    });
    closing.push(() => phone.remove());
    const { fits } = await phone.door.tryCode(fragmentOf(made.link), made.code);
    expect(fits).toBe(false);
    expect(blinded).not.toBeNull();
    expect(await refusal(phone.door.claim({ kind: 'pin', pin: TEST_PIN }))).toBe('request.invalid');
  });

  it('with bytes that are no element: named as its lie', async () => {
    const made = await invitePatient(maria.session, { ref: nextRef() });
    const phone = await phoneOf({
      body: (_, body) =>
        Object.hasOwn(body as object, 'evaluated')
          ? { ...(body as object), evaluated: encodeBase64Url(new Uint8Array(32)) }
          : body,
    });
    expect(await refusal(phone.tryCode(fragmentOf(made.link), made.code))).toBe('ledger.bad_proof');
  });

  it("with a practice of its own, another patient's invitation or another author: refused before a code is asked", async () => {
    const [mine, other] = [
      await invitePatient(maria.session, { ref: nextRef() }),
      await invitePatient(maria.session, { ref: nextRef() }),
    ];
    const honest = await phoneOf();
    await honest.preview(fragmentOf(other.link));
    let others: { statements: string[]; certificate: string } | null = null;
    const spy = await phoneOf({
      body: (path, body) => {
        if (path.includes(invitationOf(other).invitation)) others = body as typeof others;
        return body;
      },
    });
    await spy.preview(fragmentOf(other.link));
    const told = (change: (body: { statements: string[]; certificate: string }) => object) =>
      phoneOf({
        body: (path, body) =>
          path.includes('/patient-links/') ? { ...(body as object), ...change(body as never) } : body,
      });
    const swapped = await told(() => ({ statements: others?.statements, certificate: others?.certificate }));
    expect(await refusal(swapped.preview(fragmentOf(mine.link)))).toBe('ledger.wrong_purpose');
    const unclaimed = await told(({ statements }) => ({
      statements: statements.with(3, statements[0] as string),
    }));
    expect(await refusal(unclaimed.preview(fragmentOf(mine.link)))).toBe('ledger.bad_chain');
    // Another root than the one that the link pins: a practice that the server has made up.
    const [invitation, s] = fragmentOf(mine.link).split('.');
    const elsewhere = `${invitation}.${s}.${encodeBase64Url(createHash('sha256').update('x').digest())}`;
    expect(await refusal(honest.preview(elsewhere))).toBe('ledger.unknown_signer');
  });
});

describe('T42: a dump of the database', () => {
  it('holds nothing from which a code or a PIN could be tested, before the claim and after', async () => {
    const primitives = await nodePrimitives();
    const ref = nextRef();
    const made = await invitePatient(maria.session, { ref });
    const { invitation, s } = invitationOf(made);
    const superuser = postgres.superuserUrl.replace(/(@[^/]*)\/[^?]*/, `$1/${databaseOf(server)}`);
    const before = Buffer.concat((await dumpDatabase(superuser)).map(({ bytes }) => bytes));

    // What the thief of the server's own keys has as well: the link key. Taken here from the dump and the key in the data folder.
    const [row] = await operator.query<{ link_key: Buffer; tries_left: number; org: string }>(
      'SELECT link_key, tries_left, org FROM patient_links WHERE invitation = $1',
      [invitation],
    );
    const linkKey = Secret.of(
      await openAtRest(server, row!.link_key, `patient-link:${row!.org}:${invitation}`),
    );
    const pub = findInvitation(maria.session.parts.keyLog.state, invitation)?.statement.pub as Bytes;
    const keysFor = async (code: string, secretOfLink: Secret<Bytes>) => {
      const typed = parseLinkCode(code) as Secret<string>;
      const output = evaluateLinkCode(nodeRng, { invitation, code: typed, linkKey });
      const secret = await patientLinkSecret(primitives, { invitation, s: secretOfLink, output });
      const sign = await invitationSigningKey(primitives, secret);
      const box = await invitationBoxKey(primitives, secret);
      return { output, secret, sign: sign.publicKey, box: box.publicKey };
    };
    const right = await keysFor(made.code, s);
    expect(right.sign).toEqual(pub);
    // What is in the dump is found in it.
    expect(before.includes(Buffer.from(pub))).toBe(true);
    // Without the 128 bits of the link every code gives keys that look alike: none of them is in the dump, the right one's as little.
    const unknown = Secret.of(new Uint8Array(16));
    for (const code of [made.code, ...wrongCodes(made.code)]) {
      const guess = await keysFor(code, unknown);
      expect(guess.sign).not.toEqual(pub);
      for (const bytes of [guess.output.reveal(), guess.secret.reveal(), guess.sign, guess.box])
        expect(before.includes(Buffer.from(bytes)), 'a guess is in the dump').toBe(false);
    }
    // Nothing that the code alone decides is there, neither plain nor by a hash of it that somebody might have thought of.
    const guessable = (secretText: string): Buffer[] => [
      Buffer.from(secretText),
      ...['sha1', 'sha256', 'sha512', 'md5'].flatMap((name) =>
        [
          secretText,
          `${invitation}${secretText}`,
          `${secretText}${invitation}`,
          `${invitation}\0${secretText}`,
        ].map((text) => createHash(name).update(text).digest()),
      ),
    ];
    for (const bytes of [
      ...guessable(made.code).slice(1),
      right.output.reveal(),
      right.secret.reveal(),
      s.reveal(),
    ])
      expect(before.includes(Buffer.from(bytes)), 'a verifier is in the dump').toBe(false);

    const patient = await enter(made);
    const after = Buffer.concat((await dumpDatabase(superuser)).map(({ bytes }) => bytes));
    for (const bytes of [...guessable(made.code).slice(1), ...guessable(TEST_PIN).slice(1), s.reveal()])
      expect(after.includes(Buffer.from(bytes)), 'a verifier is in the dump').toBe(false);
    // The PIN made nothing that the server has: one way in by words of 128 bits, one by the device's key.
    const credentials = await operator.query<Record<string, unknown>>(
      'SELECT kind, login_key IS NULL AS login, proof_hash IS NULL AS proof, wrap IS NULL AS wrap FROM credentials WHERE account = $1 ORDER BY kind',
      [patient.session.me],
    );
    expect(credentials).toEqual([
      { kind: 'device', login: true, proof: true, wrap: true },
      { kind: 'recovery', login: false, proof: false, wrap: false },
    ]);
    const [claimed] = await operator.query<{ link_key: Buffer | null }>(
      'SELECT link_key FROM patient_links WHERE invitation = $1',
      [invitation],
    );
    expect(claimed).toEqual({ link_key: null });
  });
});

describe('T15: another device', () => {
  it('gets in by no code that somebody relays: the account knows its own ways in only', async () => {
    const made = await invitePatient(maria.session, { ref: nextRef() });
    const patient = await enter(made);
    const attacker = await phoneOf();
    expect(await attacker.phone()).toEqual({ state: 'new' });
    // Everything that could be talked out of the patient by a message: link and code, a number on the screen, the PIN of the phone.
    expect(await refusal(attacker.tryCode(fragmentOf(made.link), made.code))).toBe('conflict.claimed');
    expect(await refusal(attacker.unlock(TEST_PIN))).toBe('auth.failed');
    const words = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
    expect(await refusal(attacker.signIn({ kind: 'words', words }))).toBe('auth.failed');
    // What does open the account elsewhere are the words, which the page never asks anybody to pass on.
    const own = await phoneOf();
    const session = await own.signIn({ kind: 'words', words: patient.words });
    closing.push(() => session.close());
    expect(session.me).toBe(patient.session.me);
  });
});

// Last: the step ends everybody's sessions too.
describe('T19: a link whose days are over', () => {
  it('opens nothing, with the right code too', async () => {
    const ref = nextRef();
    const made = await invitePatient(maria.session, { ref });
    const late = await phoneOf();
    clock.step(made.notAfter - clock.nowMs() - 5_000);
    expect((await late.preview(fragmentOf(made.link))).expired).toBe(false);
    const { fits } = await late.tryCode(fragmentOf(made.link), made.code);
    expect(fits).toBe(true);
    clock.step(10_000);
    expect((await late.preview(fragmentOf(made.link))).expired).toBe(true);
    expect(await refusal(late.tryCode(fragmentOf(made.link), made.code))).toBe('ledger.expired');
    expect(await refusal(late.claim({ kind: 'pin', pin: TEST_PIN }))).toBe('ledger.expired');
  });
});

function databaseOf({ databaseUrl }: TestServer): string {
  return /@[^/]*\/([^?]*)/.exec(databaseUrl)?.[1] ?? '';
}

/** What the server's own key opens, for somebody who has the data folder too. */
async function openAtRest({ dataDir }: TestServer, sealed: Buffer, context: string): Promise<Bytes> {
  const { createDecipheriv } = await import('node:crypto');
  const { readFileSync } = await import('node:fs');
  const { join } = await import('node:path');
  const key = readFileSync(join(dataDir, 'server-keys', 'at-rest'));
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(-16));
  return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]));
}
