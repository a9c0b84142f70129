import type { ConversationId } from '@baton/kernel';
import { Unreachable } from '@baton/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPhone, fragmentOf, invitePatient, TEST_PIN } from './patient-phone.ts';
import { openOn, otherAlarms, PatientScene, sees, text, wordsOf } from './patient-scene.ts';
import { until } from './until.ts';

let scene: PatientScene;

beforeAll(async () => {
  scene = await PatientScene.create();
}, 60_000);

afterAll(() => scene?.close());

describe('another browser', () => {
  it('opens by the twelve words, and by no others', async () => {
    const { conv, patient, thread, staff } = await scene.joined();
    await staff.send(text('on both'));
    await sees(thread, 'on both');
    const other = await scene.phone();
    const wrong = patient.words.split(' ').toReversed().join(' ');
    await expect(other.door.signIn({ kind: 'words', words: wrong })).rejects.toMatchObject({
      code: 'auth.failed',
    });
    const session = await other.door.signIn({ kind: 'words', words: patient.words.toUpperCase() });
    scene.keep(session);
    const there = await openOn({ session }, conv);
    await sees(there, 'on both');
    await there.send(text('from the other'));
    await sees(thread, 'from the other');
    await sees(staff, 'from the other');
    expect([...session.alarms.read(), ...patient.session.alarms.read()]).toEqual([]);
  });

  it('opens by words that were made later', async () => {
    const { conv, patient } = await scene.joined();
    const { words, confirm } = await patient.session.makeWords();
    await expect(confirm(patient.words)).rejects.toMatchObject({ code: 'auth.failed' });
    await confirm(words.join(' '));
    const other = await scene.phone();
    const session = await other.door.signIn({ kind: 'words', words: words.join(' ') });
    scene.keep(session);
    await openOn({ session }, conv);
  });
});

describe('a claim whose answer gets lost', () => {
  it('stands, is gone on with, and is no alarm to anybody', async () => {
    const ref = scene.nextPatient();
    const { link, code } = await invitePatient(scene.maria.session, { ref });
    let lost = 0;
    const losing = await createPhone(scene.server.url, {
      clock: scene.clock,
      wrapTransport: (transport) => ({
        connect: (token, events) => transport.connect(token, events),
        async request(request) {
          const answer = await transport.request(request);
          if (!request.path.endsWith('/claim') || lost > 0) return answer;
          lost += 1;
          throw new Unreachable('lost on the way');
        },
      }),
    });
    expect((await losing.door.tryCode(fragmentOf(link), code)).fits).toBe(true);
    const { session, words } = await losing.door.claim({ kind: 'pin', pin: TEST_PIN });
    scene.keep(session);
    expect([lost, words?.length]).toEqual([1, 12]);
    const thread = await openOn({ session }, scene.conversationOf(ref));
    await thread.send(text('in after all'));
    await sees(thread, 'in after all');
    await session.setPin('902817');
    await scene.lookAtLinks();
    const chart = scene.maria.session.care.chart(ref);
    await until(chart, ({ people }) => people[0]?.state === 'joined');
    expect(chart.read().people[0]).toMatchObject({ secondClaim: false });
    losing.remove();
  });
});

describe('a lost phone', () => {
  it('reads nothing from the moment that staff confirm it, and a new one reads all', async () => {
    const { ref, conv, patient, thread, staff } = await scene.joined();
    await staff.send(text('before the loss'));
    await sees(thread, 'before the loss');
    const invitation = await scene.maria.session.care.reinvite({
      ref,
      account: scene.accountOf(ref),
      relation: 'self',
      name: 'Rosa Martinez',
      send: 'hand',
      to: null,
      until: null,
      consent: null,
      confidential: false,
      confirmed: 'called back, date of birth and last visit',
    });
    await staff.send(text('after the loss'));
    await sees(staff, 'after the loss');
    const sidebar = scene.maria.session.care.chart(ref).read().reach?.sidebar as ConversationId;
    const notes = await scene.maria.session.conversations.open(sidebar);
    await until(notes.timeline, () => wordsOf(notes).some((words) => words.includes('date of birth')));
    const found = await scene.phone();
    expect(await found.door.preview(fragmentOf(invitation.link))).toMatchObject({ replacesKeys: true });
    const fresh = await scene.enter(invitation);
    const there = await openOn(fresh, conv);
    await sees(there, 'before the loss');
    await sees(there, 'after the loss');
    await there.send(text('I have a new phone'));
    await sees(staff, 'I have a new phone');
    expect(wordsOf(thread)).not.toContain('after the loss');
    const gen = staff.readers.read().generation;
    expect(await patient.session.parts.generations.find(conv, gen)).toBeNull();
    await patient.session.close();
    const { door } = await scene.phone(patient.dataDir);
    await expect(door.unlock(TEST_PIN)).rejects.toMatchObject({ name: 'ClientError' });
    expect(fresh.session.alarms.read()).toEqual([]);
    expect(otherAlarms(scene.maria.session)).toEqual([]);
    const chart = scene.maria.session.care.chart(ref).read();
    expect(chart.people).toMatchObject([{ state: 'joined' }]);
    expect(chart.people[0]?.keysChangedAt).not.toBeNull();
  });
});

describe('somebody who speaks for patients', () => {
  const consentTo = (ref: string) =>
    scene.maria.session.care.giveConsent({
      ref,
      purpose: 'proxy',
      phone: null,
      how: 'paper',
      warning: null,
      note: '',
    });

  it('needs a consent on record', async () => {
    const wish = { ref: scene.nextPatient(), relation: 'parent', name: 'Ana Martinez' } as const;
    const refused = { code: 'policy.forbidden', at: 'invite.consent' };
    await expect(invitePatient(scene.maria.session, wish)).rejects.toMatchObject(refused);
    const consent = await consentTo(wish.ref);
    await scene.maria.session.care.revokeConsent(wish.ref, consent, 'phone');
    await expect(invitePatient(scene.maria.session, { ...wish, consent })).rejects.toMatchObject(refused);
  });

  it('has one account for two children, and loses one of them alone', async () => {
    const [first, second] = [scene.nextPatient(), scene.nextPatient()];
    const parent = { relation: 'parent', name: 'Ana Martinez' } as const;
    const invitation = await invitePatient(scene.maria.session, {
      ref: first,
      ...parent,
      consent: await consentTo(first),
    });
    const ana = await scene.enter(invitation);
    const conv = scene.conversationOf(first);
    const thread = await openOn(ana, conv);
    await thread.send(text('about the first'));
    const staff = await scene.maria.session.conversations.open(conv);
    await sees(staff, 'about the first');
    const account = scene.accountOf(first);
    await scene.maria.session.care.addPerson({
      ref: second,
      account,
      ...parent,
      until: null,
      consent: await consentTo(second),
      confidential: false,
    });
    const other = scene.conversationOf(second);
    const there = await openOn(ana, other);
    await there.send(text('about the second'));
    await sees(await scene.maria.session.conversations.open(other), 'about the second');
    await until(scene.maria.session.care.chart(second), ({ people }) => people[0]?.state === 'joined');
    expect(ana.session.conversations.read()).toHaveLength(2);

    await scene.maria.session.care.endPerson(first, account);
    await staff.send(text('not for Ana'));
    await sees(staff, 'not for Ana');
    await until(ana.session.conversations, (rows) => rows.length === 1);
    expect(wordsOf(thread)).not.toContain('not for Ana');
    const gen = staff.readers.read().generation;
    expect(await ana.session.parts.generations.find(conv, gen)).toBeNull();
    await until(scene.maria.session.care.chart(first), ({ people }) => people[0]?.state === 'ended');
    await there.send(text('still here'));
    await sees(await scene.maria.session.conversations.open(other), 'still here');
    expect(ana.session.alarms.read()).toEqual([]);
  });
});

describe('what a patient may not', () => {
  it('is to write a practice card, change members or name the conversation', async () => {
    const { conv, patient, thread, staff } = await scene.joined();
    const card = thread.card.read();
    await expect(thread.rename('Mine')).rejects.toMatchObject({ code: 'policy.forbidden' });
    await expect(thread.leave()).rejects.toMatchObject({ code: 'policy.forbidden' });
    if (!card) throw new Error('no card');
    await expect(thread.post(card)).rejects.toMatchObject({ code: 'policy.forbidden' });
    // Past the thread, as another program with the same keys would.
    const raw = await patient.session.parts.conversations.open(conv);
    await raw.post({ ...card, phone: '+1 555 0666' });
    await until(patient.session.connection, () =>
      patient.session.parts.outbox.of(conv).some(({ failure }) => failure !== null),
    );
    const failures = patient.session.parts.outbox.of(conv).map(({ failure }) => failure?.code);
    expect(failures).toEqual(['policy.forbidden']);
    await expect(raw.addMembers([scene.finn.account], { history: true })).rejects.toMatchObject({
      name: 'ClientError',
    });
    await thread.send(text('still fine'));
    await sees(staff, 'still fine');
    expect(staff.card.read()?.phone).toBe(card.phone);
  });
});
