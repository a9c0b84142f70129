import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fragmentOf, invitePatient, TEST_PIN } from './patient-phone.ts';
import {
  acknowledgeAll,
  messagesOf,
  openOn,
  otherAlarms,
  PatientScene,
  sees,
  text,
  typeWrongCodes,
  wordsOf,
} from './patient-scene.ts';
import { until } from './until.ts';

let scene: PatientScene;

beforeAll(async () => {
  scene = await PatientScene.create();
}, 60_000);

afterAll(() => scene?.close());

describe('a patient with a link and a code', () => {
  it('reads what was written before, answers, and is answered', async () => {
    const ref = scene.nextPatient();
    const conv = await scene.maria.session.care.start(ref);
    const staff = await scene.maria.session.conversations.open(conv);
    await staff.send(text('Welcome, Rosa'));
    await sees(staff, 'Welcome, Rosa');
    const invitation = await invitePatient(scene.maria.session, { ref });
    const looking = await scene.phone();
    expect(await looking.door.phone()).toEqual({ state: 'new' });
    expect(await looking.door.preview(fragmentOf(invitation.link))).toEqual({
      orgName: 'Harbor Family Practice',
      claimed: false,
      expired: false,
      replacesKeys: false,
      triesLeft: 5,
      othersHere: false,
    });
    const rosa = await scene.enter(invitation);
    expect(rosa.words.split(' ')).toHaveLength(12);
    const thread = await openOn(rosa, conv);
    expect(thread.summary.read().title).toBe('Harbor Family Practice');
    await sees(thread, 'Welcome, Rosa');
    await thread.send(text('Thank you'));
    const seen = await sees(staff, 'Thank you');
    expect(seen).toMatchObject({ contract: 'reply', author: { kind: 'patient' } });
    await staff.send(text('How are you?'));
    await sees(thread, 'How are you?');
    // The link's key opens nothing that was written since the claim.
    const { state } = (await scene.maria.session.parts.logs.require(conv)) as {
      state: { outsiderHoldsKey: boolean };
    };
    expect(state.outsiderHoldsKey).toBe(false);
    expect(rosa.session.alarms.read()).toEqual([]);
    expect(otherAlarms(scene.maria.session)).toEqual([]);
  });

  it('sends a file in the very moment of joining, whatever of the claim is still under way', async () => {
    // Five of them: without waiting for its place in the conversation about every fourth file was refused for good.
    for (let round = 0; round < 5; round++) {
      const { thread, staff } = await scene.joined();
      const bytes = new Uint8Array(3000).fill(round);
      const file = { name: 'note.txt', mime: 'text/plain', bytes, width: null, height: null };
      await thread.send(text(`file ${round}`, { files: [file] }));
      const seen = await sees(staff, `file ${round}`);
      expect(seen.attachments).toHaveLength(1);
    }
  });

  it('asks whom the practice card names, and more urgently where it is', async () => {
    const { ref, thread, staff } = await scene.joined();
    const card = thread.card.read();
    await thread.send(text('May I have a refill?'));
    const asked = await sees(staff, 'May I have a refill?');
    await until(staff.timeline, () => messagesOf(staff).some(({ batons }) => batons.length === 1));
    expect(asked).toMatchObject({ contract: 'reply', ask: { withinMs: card?.withinMs } });
    // Boxes for the roles that the card names: the one that the ladder ends at reads it although it is no member.
    expect(asked.ladderReaders.map(({ id }) => id).sort()).toEqual([...new Set(card?.boxTo)].sort());
    await thread.send(text('My chest hurts', { urgent: true }));
    expect(await sees(staff, 'My chest hurts')).toMatchObject({
      contract: 'stat',
      ask: { withinMs: card?.urgentWithinMs },
    });
    const flags = [{ rule: 'chest-pain', version: '1' }];
    await thread.send(text('It hurts more', { marks: { flags } }));
    expect(await sees(staff, 'It hurts more')).toMatchObject({ contract: 'stat', flags });
    const threads = await until(
      scene.maria.session.care.threads,
      (all) => all.find((one) => one.ref === ref)?.owed.all === 3,
    );
    expect(threads.find((one) => one.ref === ref)).toMatchObject({ urgent: true });
  });

  it('sends what was written offline when the connection is back, under the keys of then', async () => {
    const { conv, patient, thread, staff } = await scene.joined();
    await thread.send(text('first'));
    await sees(staff, 'first');
    await scene.server.halt();
    await until(patient.session.connection, ({ state }) => state === 'offline');
    await thread.send(text('written offline'));
    expect(messagesOf(thread).at(-1)).toMatchObject({ state: 'waiting', text: 'written offline' });
    await scene.server.restart();
    await until(scene.maria.session.connection, ({ state }) => state === 'online', { withinMs: 30_000 });
    const before = staff.readers.read().generation;
    await scene.maria.session.parts.writer.append(conv, () => ({ op: 'rotate', reason: 'policy' }));
    await sees(thread, 'written offline');
    await sees(staff, 'written offline');
    expect(staff.readers.read().generation).toBeGreaterThan(before);
    expect(patient.session.alarms.read()).toEqual([]);
  }, 60_000);
});

describe('a link', () => {
  it('lets in a patient although nobody of the practice was online for a week', async () => {
    const ref = scene.nextPatient();
    const conv = await scene.maria.session.care.start(ref);
    const staff = await scene.maria.session.conversations.open(conv);
    await staff.send(text('Your first message'));
    await sees(staff, 'Your first message');
    const invitation = await invitePatient(scene.maria.session, { ref });
    await scene.afterDays(7, async () => {
      const late = await scene.enter(invitation);
      const thread = await openOn(late, conv);
      await sees(thread, 'Your first message');
      await thread.send(text('I am in'));
      await sees(thread, 'I am in');
      expect(late.session.alarms.read()).toEqual([]);
    });
    const again = await scene.maria.session.conversations.open(conv);
    await sees(again, 'I am in');
    expect(otherAlarms(scene.maria.session)).toEqual([]);
  }, 60_000);

  it('is over after its time, and its place in the conversation with it', async () => {
    const ref = scene.nextPatient();
    const invitation = await invitePatient(scene.maria.session, { ref });
    const conv = scene.conversationOf(ref);
    await scene.afterDays(9);
    const late = await scene.phone();
    expect(await late.door.preview(fragmentOf(invitation.link))).toMatchObject({ expired: true });
    await expect(late.door.tryCode(fragmentOf(invitation.link), invitation.code)).rejects.toMatchObject({
      code: 'ledger.expired',
    });
    const staff = await scene.maria.session.conversations.open(conv);
    expect(staff.summary.read().members.map(({ kind }) => kind)).toContain('patient');
    await scene.lookAtLinks();
    await until(staff.summary, ({ members }) => members.every(({ kind }) => kind !== 'patient'), {
      withinMs: 20_000,
    });
  });

  it('opens nothing without the code: five tries, then none, and staff are told (T15)', async () => {
    const ref = scene.nextPatient();
    const { link, code } = await invitePatient(scene.maria.session, { ref });
    const thief = await scene.phone();
    await expect(thief.door.claim({ kind: 'pin', pin: TEST_PIN })).rejects.toMatchObject({
      code: 'request.invalid',
    });
    await expect(thief.door.tryCode(fragmentOf(link), '12345')).rejects.toMatchObject({ at: 'code' });
    expect(await typeWrongCodes(thief, { link, code }, 5)).toEqual([4, 3, 2, 1, 0]);
    await expect(thief.door.tryCode(fragmentOf(link), code)).rejects.toMatchObject({ code: 'auth.locked' });
    expect(await thief.door.preview(fragmentOf(link))).toMatchObject({ triesLeft: 0 });
    await scene.lookAtLinks();
    const alarms = await until(scene.maria.session.alarms, (all) =>
      all.some((one) => one.code === 'auth.locked'),
    );
    expect(alarms.find((one) => one.code === 'auth.locked')).toMatchObject({ severity: 'danger' });
    const chart = await until(
      scene.maria.session.care.chart(ref),
      ({ people }) => people[0]?.state === 'locked',
    );
    expect(chart.people[0]).toMatchObject({ triesLeft: 0, secondClaim: false });
    // A new link in place of it.
    const fresh = await invitePatient(scene.maria.session, { ref });
    await scene.enter(fresh);
    await until(scene.maria.session.care.chart(ref), ({ people }) => people[0]?.state === 'joined');
    acknowledgeAll(scene.maria.session);
  });

  it('lets in one of two who try it at the same time, and tells staff of the other (T19)', async () => {
    const ref = scene.nextPatient();
    const { link, code } = await invitePatient(scene.maria.session, { ref });
    const [one, two] = [await scene.phone(), await scene.phone()];
    for (const { door } of [one, two]) expect((await door.tryCode(fragmentOf(link), code)).fits).toBe(true);
    const outcomes = await Promise.allSettled(
      [one, two].map(({ door }) => door.claim({ kind: 'pin', pin: TEST_PIN })),
    );
    const won = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? [outcome.value.session] : [],
    );
    for (const session of won) scene.keep(session);
    expect(won).toHaveLength(1);
    const lost = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(lost).toMatchObject({ reason: { code: 'conflict.claimed' } });
    await scene.lookAtLinks();
    const alarms = await until(scene.maria.session.alarms, (all) => all.length > 0);
    expect(alarms[0]).toMatchObject({ code: 'conflict.claimed', severity: 'danger' });
    await until(scene.maria.session.care.chart(ref), ({ people }) => people[0]?.secondClaim === true);
    acknowledgeAll(scene.maria.session);
  });
});

describe('a phone', () => {
  it('opens with its PIN after a restart, and only so', async () => {
    const { conv, patient, thread, staff } = await scene.joined();
    await staff.send(text('for your eyes'));
    await sees(thread, 'for your eyes');
    await patient.session.close();
    const { door } = await scene.phone(patient.dataDir);
    expect(await door.phone()).toMatchObject({ state: 'locked', triesLeft: 10 });
    expect(await door.resume()).toBeNull();
    await expect(door.unlock('902817')).rejects.toMatchObject({ code: 'auth.failed', at: 'pin' });
    expect(await door.phone()).toMatchObject({ state: 'locked', triesLeft: 9 });
    const session = await door.unlock(TEST_PIN);
    scene.keep(session);
    expect(await door.phone()).toEqual({ state: 'open' });
    const again = await openOn({ session }, conv);
    await sees(again, 'for your eyes');
    await session.setLanguage('es');
    await session.lock();
    expect(session.connection.read().state).toBe('ended');
    expect(await door.phone()).toMatchObject({ state: 'locked', triesLeft: 10 });
    const third = await door.unlock(TEST_PIN);
    scene.keep(third);
    expect(third.language.read()).toBe('es');
    // Reloaded in the same tab within a quarter of an hour.
    await third.close();
    const reloaded = await door.resume();
    expect(reloaded?.me).toBe(third.me);
    await reloaded?.close();
    scene.clock.step(16 * 60_000);
    expect(await door.resume()).toBeNull();
  });

  it('signs in by its own key when the server’s session is over', async () => {
    const { conv, patient, thread, staff } = await scene.joined();
    await patient.session.close();
    await staff.send(text('before'));
    await sees(staff, 'before');
    await scene.afterDays(2);
    const again = await scene.maria.session.conversations.open(conv);
    await again.send(text('two days later'));
    const { door } = await scene.phone(patient.dataDir);
    const session = await door.unlock(TEST_PIN);
    scene.keep(session);
    await sees(await openOn({ session }, conv), 'two days later');
    expect(wordsOf(thread)).not.toContain('two days later');
    expect(session.alarms.read()).toEqual([]);
  });

  it('opens without a connection', async () => {
    const { conv, patient, thread, staff } = await scene.joined();
    await staff.send(text('here already'));
    await sees(thread, 'here already');
    await patient.session.close();
    await scene.server.halt();
    const { door } = await scene.phone(patient.dataDir);
    const session = await door.unlock(TEST_PIN);
    scene.keep(session);
    const again = await session.open(conv);
    expect(wordsOf(again)).toContain('here already');
    await again.send(text('later, then'));
    await scene.server.restart();
    session.reconnect();
    await until(scene.maria.session.connection, ({ state }) => state === 'online', { withinMs: 30_000 });
    await sees(staff, 'later, then');
  }, 60_000);

  it('forgets everything after ten wrong PINs; the words still open the account (T42)', async () => {
    const { conv, patient, thread } = await scene.joined();
    await thread.send(text('mine'));
    await sees(thread, 'mine');
    await patient.session.close();
    const { door } = await scene.phone(patient.dataDir);
    for (let tried = 1; tried <= 10; tried++)
      await expect(door.unlock('902817')).rejects.toMatchObject({ code: 'auth.failed' });
    expect(await door.phone()).toEqual({ state: 'new' });
    await expect(door.unlock(TEST_PIN)).rejects.toMatchObject({ code: 'auth.failed' });
    const session = await door.signIn({ kind: 'words', words: patient.words });
    scene.keep(session);
    await sees(await openOn({ session }, conv), 'mine');
    expect(session.hasPin.read()).toBe(false);
    await session.setPin('258036');
    expect(session.hasPin.read()).toBe(true);
    await session.close();
    const after = await scene.phone(patient.dataDir);
    await expect(after.door.unlock(TEST_PIN)).rejects.toMatchObject({ at: 'pin' });
    const reopened = await after.door.unlock('258036');
    scene.keep(reopened);
  });

  it('keeps nothing once it is told to forget', async () => {
    const { patient } = await scene.joined();
    await patient.session.forget();
    const { door } = await scene.phone(patient.dataDir);
    expect(await door.phone()).toEqual({ state: 'new' });
  });
});
