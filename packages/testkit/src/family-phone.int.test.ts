import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fragmentOf, invitePatient, TEST_PIN } from './patient-phone.ts';
import { openOn, PatientScene, sees, text } from './patient-scene.ts';
import { until } from './until.ts';

const OTHER_PIN = '902817';

let scene: PatientScene;

beforeAll(async () => {
  scene = await PatientScene.create();
}, 60_000);

afterAll(() => scene?.close());

/** A phone that opens one account, and then another. */
async function familyPhone() {
  const first = await scene.joined();
  await first.staff.send(text('about the first'));
  await sees(first.thread, 'about the first');
  await first.patient.session.close();
  const ref = scene.nextPatient();
  const { link, code } = await invitePatient(scene.maria.session, { ref });
  const { door } = await scene.phone(first.patient.dataDir);
  const preview = await door.preview(fragmentOf(link));
  expect((await door.tryCode(fragmentOf(link), code)).fits).toBe(true);
  const { session } = await door.claim({ kind: 'pin', pin: OTHER_PIN });
  scene.keep(session);
  return { first, second: { session, conv: scene.conversationOf(ref) }, door, preview };
}

describe('a phone that opens an account already', () => {
  it('says so before a second one is claimed on it, and opens both, each by its own PIN', async () => {
    const { first, second, door, preview } = await familyPhone();
    expect(preview).toMatchObject({ othersHere: true, replacesKeys: false });
    await (await openOn(second, second.conv)).send(text('about the second'));
    await sees(await scene.maria.session.conversations.open(second.conv), 'about the second');
    await second.session.lock();
    const before = await door.phone();
    expect(before).toMatchObject({ state: 'locked', triesLeft: 10, place: { of: 2 } });
    // The PIN of the one opens nothing of the other.
    await expect(door.unlock(TEST_PIN)).rejects.toMatchObject({ code: 'auth.failed', at: 'pin' });
    await door.switchAccount();
    const other = await door.phone();
    expect(other).toMatchObject({ state: 'locked', triesLeft: 10, place: { of: 2 } });
    expect(other).not.toEqual(before);
    const again = scene.keep(await door.unlock(TEST_PIN));
    expect(again.me).toBe(first.patient.session.me);
    await sees(await openOn({ session: again }, first.conv), 'about the first');
    await again.lock();
    await door.switchAccount();
    const back = scene.keep(await door.unlock(OTHER_PIN));
    expect(back.me).toBe(second.session.me);
  });

  it('goes on with the one where the other is removed', async () => {
    const { first, second, door } = await familyPhone();
    await second.session.forget();
    expect(await door.phone()).toMatchObject({ state: 'locked', place: { number: 1, of: 1 } });
    const left = scene.keep(await door.unlock(TEST_PIN));
    expect(left.me).toBe(first.patient.session.me);
    await left.forget();
    expect(await door.phone()).toEqual({ state: 'new' });
  });

  it('loses one account to ten wrong PINs and keeps the other', async () => {
    const { first, second, door } = await familyPhone();
    await second.session.lock();
    for (let tries = 10; tries > 0; tries--)
      await expect(door.unlock('555173')).rejects.toMatchObject({ code: 'auth.failed', at: 'pin' });
    expect(await door.phone()).toEqual({ state: 'locked', triesLeft: 10, place: { number: 1, of: 1 } });
    const left = scene.keep(await door.unlock(TEST_PIN));
    expect(left.me).toBe(first.patient.session.me);
  });
});

describe('a parent of two', () => {
  it('is found by name, comes in without a second account, and reads both on a new phone', async () => {
    const { care } = scene.maria.session;
    const [first, second] = [scene.nextPatient(), scene.nextPatient()];
    const consentTo = (ref: string) =>
      care.giveConsent({ ref, purpose: 'proxy', phone: null, how: 'paper', warning: null, note: '' });
    const parent = { relation: 'parent', name: 'Ana Núñez', until: null, confidential: false } as const;
    const consents = [await consentTo(first), await consentTo(second)] as const;
    const invitation = await invitePatient(scene.maria.session, {
      ...parent,
      ref: first,
      consent: consents[0],
    });
    // Nobody is chosen before they have joined: an open link is not an account yet.
    expect(care.findWriters('nunez')).toEqual([]);
    const ana = await scene.enter(invitation);
    const conv = scene.conversationOf(first);
    await (await openOn(ana, conv)).send(text('I am in'));
    await sees(await scene.maria.session.conversations.open(conv), 'I am in');
    const [found] = care.findWriters('nunez');
    expect(found).toMatchObject({ name: 'Ana Núñez', writesFor: [{ ref: first, relation: 'parent' }] });
    const account = found!.account;
    await care.addPerson({ ...parent, ref: second, account, consent: consents[1] });
    const both = [conv, scene.conversationOf(second)] as const;
    for (const place of both) await openOn(ana, place);
    expect(care.findWriters('nunez')[0]?.writesFor).toHaveLength(2);
    const again = await care.reinvite({
      ...parent,
      ref: first,
      account,
      consent: consents[0],
      send: 'hand',
      to: null,
      confirmed: 'called back',
    });
    const fresh = await scene.enter(again);
    for (const [index, place] of both.entries()) {
      const words = `on the new phone, ${index}`;
      await (await openOn(fresh, place)).send(text(words));
      await sees(await scene.maria.session.conversations.open(place), words);
    }
    for (const [index, ref] of [first, second].entries()) {
      await until(care.chart(ref), ({ people }) => people[0]?.state === 'joined');
      expect(care.chart(ref).read().reach?.people).toMatchObject([{ account, consent: consents[index] }]);
    }
    const [one, other] = [first, second].map((ref) => care.chart(ref).read().reach?.people[0]?.invitation);
    expect(one).not.toBeNull();
    expect(other).toBe(one);
  });
});
