import { createHash } from 'node:crypto';
import type { LiveSession } from '@baton/client';
import { nodeRng } from '@baton/client-node';
import { evaluateBlindedCode } from '@baton/crypto';
import { type Bytes, encodeBase64Url, Secret } from '@baton/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type LinkStage,
  linkOf,
  refusal,
  setLinkStage,
  SLOW,
  tell,
  textsIn,
  wrongCodes,
} from './malice/link-stage.ts';
import { createLyingTransport } from './network/lying-transport.ts';
import { createPhone, fragmentOf, invitePatient, TEST_PIN } from './patient-phone.ts';
import { until } from './until.ts';

// Patients' links against who carries them, who finds them later and who runs the server: threats T19 and T20
// (docs/protocol/patients.md §2).

let stage: LinkStage;

beforeAll(async () => {
  stage = await setLinkStage();
}, 90_000);

afterAll(() => stage?.close());

const alarmOf = (session: LiveSession, code: string, about: string) =>
  until(
    session.alarms,
    (shown) => shown.some((alarm) => alarm.code === code && (alarm.about ?? '').includes(about)),
    SLOW,
  );

describe('T19: who carries a link', () => {
  it('opens nothing with it: no name, no message, no number of anybody, and five codes are all', async () => {
    const ref = stage.nextRef();
    const conv = await stage.maria.session.care.start(ref);
    await tell(stage.maria.session, conv, 'Your results are in');
    const made = await invitePatient(stage.maria.session, { ref });
    const carrier = await stage.phone();
    const shown = await carrier.preview(fragmentOf(made.link));
    expect(shown).toEqual({
      orgName: 'Harbor Family Practice',
      claimed: false,
      expired: false,
      replacesKeys: false,
      othersHere: false,
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
    await alarmOf(stage.maria.session, 'auth.locked', linkOf(made).invitation);
  });

  it('cannot be replayed: a link that was used opens nothing, its later use is an alarm', async () => {
    const ref = stage.nextRef();
    const made = await invitePatient(stage.maria.session, { ref });
    await stage.enter(made);
    const thief = await stage.phone();
    expect((await thief.preview(fragmentOf(made.link))).claimed).toBe(true);
    expect(await refusal(thief.tryCode(fragmentOf(made.link), made.code))).toBe('conflict.claimed');
    await alarmOf(stage.maria.session, 'conflict.claimed', linkOf(made).invitation);
  });

  it('is taken in its one form only', async () => {
    const made = await invitePatient(stage.maria.session, { ref: stage.nextRef() });
    const fragment = fragmentOf(made.link);
    const [invitation, s, root] = fragment.split('.') as [string, string, string];
    const phone = await stage.phone();
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
    const ref = stage.nextRef();
    const conv = await stage.maria.session.care.start(ref);
    const made = await invitePatient(stage.maria.session, { ref });
    const phones = await Promise.all([stage.phone(), stage.phone()]);
    for (const phone of phones)
      expect((await phone.tryCode(fragmentOf(made.link), made.code)).fits).toBe(true);
    const outcomes = await Promise.allSettled(
      phones.map((phone) => phone.claim({ kind: 'pin', pin: TEST_PIN })),
    );
    const won = outcomes.filter((one) => one.status === 'fulfilled');
    const lost = outcomes.filter((one) => one.status === 'rejected');
    expect([won.length, lost.length]).toEqual([1, 1]);
    expect((lost[0]?.reason as { code?: string } | undefined)?.code).toBe('conflict.claimed');
    const { session } = won[0]!.value;
    stage.atEnd(() => session.close());
    await alarmOf(stage.maria.session, 'conflict.claimed', linkOf(made).invitation);
    await until(session.conversations, (rows) => rows.length === 1, SLOW);
    // The claim stands in the conversation, and the link's own key, which the loser has as well, opens no box of what is written from then on.
    const { logs } = stage.maria.session.parts;
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
    await tell(stage.maria.session, conv, 'For one pair of eyes');
    const thread = await session.open(conv);
    await until(thread.timeline, () => textsIn(thread).includes('For one pair of eyes'), SLOW);
  });
});

describe('T20: a lost phone', () => {
  it('reads nothing that is written after staff took it out, and the new one has all of it', async () => {
    const ref = stage.nextRef();
    const conv = await stage.maria.session.care.start(ref);
    const made = await invitePatient(stage.maria.session, { ref });
    const old = await stage.enter(made);
    await until(old.session.conversations, (rows) => rows.length === 1, SLOW);
    await tell(stage.maria.session, conv, 'Before the phone was lost');
    const oldThread = await old.session.open(conv);
    await until(oldThread.timeline, () => textsIn(oldThread).includes('Before the phone was lost'), SLOW);
    const again = await stage.maria.session.care.reinvite({
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
    await tell(stage.maria.session, conv, 'After the phone was lost');
    const renewed = await stage.enter(again);
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
    await tell(stage.maria.session, conv, 'Still between us');
    const staff = await stage.maria.session.conversations.open(conv);
    expect(textsIn(staff)).not.toContain('From the finder');
    expect(textsIn(oldThread)).not.toContain('Still between us');
  });
});

describe('a server that lies about links', () => {
  it('with another key for the code: the right code fits nothing, and no claim is made', async () => {
    const made = await invitePatient(stage.maria.session, { ref: stage.nextRef() });
    const other = Secret.of(nodeRng.bytes(32).map((byte, index) => (index === 31 ? byte & 0x0f : byte)));
    let blinded: Bytes | null = null;
    const lying = createLyingTransport();
    lying.lies.body = (path, body) => {
      if (!path.includes('/patient-links/') || !Object.hasOwn(body as object, 'evaluated')) return body;
      return {
        ...(body as object),
        evaluated: encodeBase64Url(evaluateBlindedCode(other, blinded as Bytes)),
      };
    };
    const phone = await createPhone(stage.server.url, {
      clock: stage.clock,
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
    stage.atEnd(() => phone.remove());
    const { fits } = await phone.door.tryCode(fragmentOf(made.link), made.code);
    expect(fits).toBe(false);
    expect(blinded).not.toBeNull();
    expect(await refusal(phone.door.claim({ kind: 'pin', pin: TEST_PIN }))).toBe('request.invalid');
  });

  it('with bytes that are no element: named as its lie', async () => {
    const made = await invitePatient(stage.maria.session, { ref: stage.nextRef() });
    const phone = await stage.phone({
      body: (_, body) =>
        Object.hasOwn(body as object, 'evaluated')
          ? { ...(body as object), evaluated: encodeBase64Url(new Uint8Array(32)) }
          : body,
    });
    expect(await refusal(phone.tryCode(fragmentOf(made.link), made.code))).toBe('ledger.bad_proof');
  });

  it("with a practice of its own, another patient's invitation or another author: refused before a code is asked", async () => {
    const [mine, other] = [
      await invitePatient(stage.maria.session, { ref: stage.nextRef() }),
      await invitePatient(stage.maria.session, { ref: stage.nextRef() }),
    ];
    const honest = await stage.phone();
    await honest.preview(fragmentOf(other.link));
    let others: { statements: string[]; certificate: string } | null = null;
    const spy = await stage.phone({
      body: (path, body) => {
        if (path.includes(linkOf(other).invitation)) others = body as typeof others;
        return body;
      },
    });
    await spy.preview(fragmentOf(other.link));
    const told = (change: (body: { statements: string[]; certificate: string }) => object) =>
      stage.phone({
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

// Last: the step ends everybody's sessions too.
describe('T19: a link whose days are over', () => {
  it('opens nothing, with the right code too', async () => {
    const ref = stage.nextRef();
    const made = await invitePatient(stage.maria.session, { ref });
    const late = await stage.phone();
    stage.clock.step(made.notAfter - stage.clock.nowMs() - 5_000);
    expect((await late.preview(fragmentOf(made.link))).expired).toBe(false);
    const { fits } = await late.tryCode(fragmentOf(made.link), made.code);
    expect(fits).toBe(true);
    stage.clock.step(10_000);
    expect((await late.preview(fragmentOf(made.link))).expired).toBe(true);
    expect(await refusal(late.tryCode(fragmentOf(made.link), made.code))).toBe('ledger.expired');
    expect(await refusal(late.claim({ kind: 'pin', pin: TEST_PIN }))).toBe('ledger.expired');
  });
});
