import type { EventId } from '@baton/kernel';
import { fragmentOf, until } from '@baton/testkit';
import type { TextOrder } from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTextingScene, ROSA, type TextingScene } from '../fixtures/texting-scene.ts';

// T18: an e-mail lies open on its way. What staff know of a patient, and what somebody orders, is in none of it.

const CANARY = 'CANARY-Quillfeather';
const HOUR_MS = 3_600_000;
const ADDRESS = 'rosa@example.org';

let scene: TextingScene;

beforeAll(async () => {
  scene = await createTextingScene();
  const { care } = scene.nora.session;
  await scene.settings({ practice: 'Harbor Oncology' });
  await care.changeReach(ROSA, (reach) => ({ ...reach, name: CANARY, emails: [ADDRESS] }));
  const conversation = await scene.open(ROSA);
  await conversation.send({
    text: `${CANARY} has cancer`,
    files: [],
    mentions: [],
    replyTo: null,
    as: null,
  });
}, 90_000);

afterAll(() => scene?.close());

const settled = (id: EventId | null) =>
  until(
    scene.nora.session.care.chart(ROSA),
    ({ orders }) => orders.some((one) => one.id === id && one.state !== 'waiting'),
    { show: ({ orders }) => [orders, scene.run().lines] },
  ).then(({ orders }) => orders.find((one) => one.id === id) as TextOrder);

describe('T18 an e-mail', () => {
  it('of an invitation says that a link waits, and nothing of whom or why', async () => {
    const { link, order } = await scene.nora.session.care.invite({
      ref: ROSA,
      relation: 'self',
      name: CANARY,
      send: 'email',
      to: ADDRESS,
      until: null,
      consent: null,
      confidential: false,
    });
    expect(await settled(order)).toMatchObject({ state: 'sent' });
    expect(scene.mails).toHaveLength(1);
    const [mail] = scene.mails;
    expect(mail).toMatchObject({ to: ADDRESS, subject: 'A message from your care team' });
    expect(mail?.text).toContain(`${scene.server.url}/p#${fragmentOf(link)}`);
    for (const word of [CANARY, 'Rosa', 'Martinez', 'cancer', 'Oncology', 'Nora'])
      expect(JSON.stringify(mail)).not.toContain(word);
  });

  it('carries nothing else, whoever orders it', async () => {
    const before = scene.mails.length;
    const link = `https://elsewhere.example/p#i_${'A'.repeat(22)}.${'b'.repeat(22)}.${'c'.repeat(43)}`;
    const order = (purpose: TextOrder['purpose'], text: string) =>
      scene.nora.session.care.order({
        ref: ROSA,
        to: { email: ADDRESS },
        language: 'en',
        purpose,
        text,
        notAfter: Date.now() + 400 * HOUR_MS,
        urgentBy: null,
      });
    for (const [purpose, text] of [
      ['staff', `${CANARY}, your potassium is fine. ${link}`],
      ['invitation', `${CANARY}, your potassium is fine.`],
    ] as const)
      expect(await settled(await order(purpose, text))).toMatchObject({
        state: 'refused',
        code: 'mail.no-link',
      });
    expect(scene.mails).toHaveLength(before);
    // Beside a link, words do not go with it; and the link leads here.
    const sent = await settled(
      await order('invitation', `${CANARY}, your potassium is fine: ${link} ${CANARY}`),
    );
    expect(sent).toMatchObject({ state: 'sent' });
    expect(scene.mails).toHaveLength(before + 1);
    const all = JSON.stringify(scene.mails);
    for (const word of [CANARY, 'potassium', 'elsewhere']) expect(all).not.toContain(word);
    expect(scene.mails.at(-1)?.text).toContain(`${scene.server.url}/p#i_`);
  });
});
