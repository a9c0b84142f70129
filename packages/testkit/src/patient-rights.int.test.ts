import type { ConversationId } from '@baton/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invitePatient } from './patient-phone.ts';
import { messagesOf, openOn, otherAlarms, PatientScene, sees, text, wordsOf } from './patient-scene.ts';
import { until } from './until.ts';

let scene: PatientScene;

beforeAll(async () => {
  scene = await PatientScene.create();
  const { care } = scene.maria.session;
  const settings = care.settings.read();
  if (!settings) throw new Error('texting is not set up');
  await care.saveSettings({ ...settings, confidentialFromAge: 12 });
}, 60_000);

afterAll(() => scene?.close());

const consentTo = (ref: string) =>
  scene.maria.session.care.giveConsent({
    ref,
    purpose: 'proxy',
    phone: null,
    how: 'paper',
    warning: null,
    note: '',
  });
const chartOf = (ref: string) => scene.maria.session.care.chart(ref);
const personOf = (ref: string, relation: string) =>
  chartOf(ref)
    .read()
    .people.find((person) => person.relation === relation && person.state !== 'ended');
const ownOf = (ref: string) => chartOf(ref).read().reach?.confidential as ConversationId;
const open = (conv: ConversationId) => scene.maria.session.conversations.open(conv);

/** A parent who has joined. */
async function parentOf(ref: string) {
  const consent = await consentTo(ref);
  const wish = { ref, relation: 'parent', name: 'Ana Martinez', consent } as const;
  const ana = await scene.enter(await invitePatient(scene.maria.session, wish));
  const conv = scene.conversationOf(ref);
  const thread = await openOn(ana, conv);
  await until(chartOf(ref), () => personOf(ref, 'parent')?.state === 'joined');
  return { ana, consent, conv, thread, account: personOf(ref, 'parent')!.account };
}

describe('an adolescent’s own conversation', () => {
  it('is entered by the adolescent, and read by no one who speaks for them', async () => {
    const ref = scene.nextPatient();
    const { ana, conv } = await parentOf(ref);
    const tia = await scene.enter(await invitePatient(scene.maria.session, { ref, confidential: true }));
    const own = ownOf(ref);
    expect(own).not.toBe(conv);
    const mine = await openOn(tia, own);
    await mine.send(text('Nobody at home is to know'));
    const staff = await open(own);
    await sees(staff, 'Nobody at home is to know');
    await staff.send(text('It stays between us'));
    await sees(mine, 'It stays between us');
    // What the parent's phone has, and what its keys could open.
    await (await open(conv)).send(text('for both of you'));
    await sees(await openOn(ana, conv), 'for both of you');
    expect(ana.session.conversations.read().map(({ id }) => id)).toEqual([conv]);
    for (let gen = 1; gen <= staff.readers.read().generation; gen++)
      expect(await ana.session.parts.generations.find(own, gen)).toBeNull();
    expect(tia.session.conversations.read().map(({ id }) => id)).toEqual([own]);
    expect(personOf(ref, 'self')?.conversations).toEqual([own]);
    expect(personOf(ref, 'parent')?.conversations).toEqual([conv]);
    // One who has joined comes into the other conversation without a link.
    const { account, name } = personOf(ref, 'self')!;
    const shared = { ref, relation: 'self', name, until: null, consent: null, confidential: false } as const;
    await scene.maria.session.care.addPerson({ ...shared, account });
    const there = await openOn(tia, conv);
    await sees(there, 'for both of you');
    await until(chartOf(ref), () => personOf(ref, 'self')?.conversations.length === 2);
    expect(otherAlarms(scene.maria.session)).toEqual([]);
  });

  it('takes in nobody else by any of the ways in, under no name', async () => {
    const ref = scene.nextPatient();
    const { ana, account, consent } = await parentOf(ref);
    const own = await scene.maria.session.care.start(ref, { confidential: true });
    const { care } = scene.maria.session;
    const refused = { code: 'policy.forbidden', at: 'invite.confidential' };
    const wish = { ref, name: 'Ana Martinez', until: null, confidential: true, account } as const;
    const link = { send: 'hand', to: null, confirmed: 'seen' } as const;
    await expect(care.addPerson({ ...wish, relation: 'parent', consent })).rejects.toMatchObject(refused);
    await expect(care.addPerson({ ...wish, relation: 'self', consent: null })).rejects.toMatchObject(refused);
    await expect(care.reinvite({ ...wish, ...link, relation: 'self', consent: null })).rejects.toMatchObject(
      refused,
    );
    await expect(care.invite({ ...wish, ...link, relation: 'parent', consent })).rejects.toMatchObject(
      refused,
    );
    expect(scene.maria.session.parts.book.get(own)?.members).not.toContain(account);
    await (await open(own)).send(text('nobody of the family reads this'));
    expect(ana.session.conversations.read().map(({ id }) => id)).not.toContain(own);
  });

  it('is opened by the same link as the shared one where that was not used yet', async () => {
    const ref = scene.nextPatient();
    const first = await invitePatient(scene.maria.session, { ref });
    const second = await invitePatient(scene.maria.session, { ref, confidential: true });
    expect(second.link).not.toBe(first.link);
    const tia = await scene.enter(second);
    for (const [conv, words] of [
      [scene.conversationOf(ref), 'in the shared one'],
      [ownOf(ref), 'in my own'],
    ] as const) {
      await (await openOn(tia, conv)).send(text(words));
      await sees(await open(conv), words);
    }
    expect(wordsOf(await open(ownOf(ref)))).not.toContain('in the shared one');
    expect(messagesOf(await open(scene.conversationOf(ref))).map(({ text: words }) => words)).not.toContain(
      'in my own',
    );
  });
});

describe('the consent of one who speaks for a patient', () => {
  it('takes its person out of the conversation when it is revoked, and nobody else', async () => {
    const ref = scene.nextPatient();
    const first = await parentOf(ref);
    const consent = await consentTo(ref);
    const wish = { ref, relation: 'family', name: 'Bo Martinez', consent } as const;
    const bo = await scene.enter(await invitePatient(scene.maria.session, wish));
    const his = await openOn(bo, first.conv);
    await until(chartOf(ref), () => personOf(ref, 'family')?.state === 'joined');
    const staff = await open(first.conv);
    await staff.send(text('for all of you'));
    await sees(his, 'for all of you');
    await scene.maria.session.care.revokeConsent(ref, first.consent, 'phone');
    const { members } = scene.maria.session.parts.book.get(first.conv)!;
    expect(members).not.toContain(first.account);
    expect(members).toContain(personOf(ref, 'family')?.account);
    expect(chartOf(ref).read().people).toMatchObject([
      { name: 'Ana Martinez', state: 'ended' },
      { name: 'Bo Martinez', state: 'joined' },
    ]);
    await staff.send(text('no longer for Ana'));
    await sees(his, 'no longer for Ana');
    expect(wordsOf(first.thread)).not.toContain('no longer for Ana');
    const gen = staff.readers.read().generation;
    expect(await first.ana.session.parts.generations.find(first.conv, gen)).toBeNull();
  });

  it('lets in the person that it is of, and no second one', async () => {
    const ref = scene.nextPatient();
    const { consent, account } = await parentOf(ref);
    const refused = { code: 'policy.forbidden', at: 'invite.consent' };
    const other = { ref, relation: 'family', name: 'Bo Martinez', consent } as const;
    await expect(invitePatient(scene.maria.session, other)).rejects.toMatchObject(refused);
    const until3 = scene.clock.nowMs() + 3 * 86_400_000;
    await scene.maria.session.care.reinvite({
      ...other,
      relation: 'parent',
      name: 'Ana Martinez',
      account,
      send: 'hand',
      to: null,
      until: until3,
      confidential: false,
      confirmed: 'seen',
    });
    expect(personOf(ref, 'parent')).toMatchObject({ account, until: until3 });
  });
});

describe('a mention', () => {
  it('has no place in what the patient reads, and has one in the notes beside it', async () => {
    const { ref, staff, thread } = await scene.joined();
    const mentions = [scene.finn.account];
    await expect(staff.send(text('@Finn Desk please call them', { mentions }))).rejects.toMatchObject({
      code: 'policy.forbidden',
      at: 'message.mentions',
    });
    const notes = await open(chartOf(ref).read().reach?.sidebar as ConversationId);
    await notes.send(text('@Finn Desk please call them', { mentions }));
    expect(await sees(notes, '@Finn Desk please call them')).toMatchObject({
      mentions: [{ id: scene.finn.account }],
    });
    await staff.send(text('We call you'));
    await sees(thread, 'We call you');
    expect(wordsOf(thread)).not.toContain('@Finn Desk please call them');
  });
});
