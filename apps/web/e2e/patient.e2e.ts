import type { Conversation, TimelineMessage } from '@baton/client';
import { until } from '@baton/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  arrive,
  BEN,
  brokenRules,
  choosePin,
  LENA,
  OMAR,
  type PatientPractice,
  type Phone,
  PIN,
  ROSA,
  startPatientPractice,
  thread,
} from './patient-practice.ts';
import { madePdf } from './made-pdf.ts';
import { photoWithPlace } from './photo-with-place.ts';

const ARRIVES = { timeout: 30_000 } as const;

let practice: PatientPractice;
let rosa: Phone;
let rosaWords = '';
let rosaLink = '';
let desk: Conversation;

beforeAll(async () => {
  practice = await startPatientPractice();
}, 120_000);
afterAll(() => practice?.close());

function messages(): TimelineMessage[] {
  return desk.timeline.read().items.filter((item) => item.type === 'message');
}

async function heard(holds: (message: TimelineMessage) => boolean): Promise<TimelineMessage> {
  await until(desk.timeline, () => messages().some(holds));
  return messages().find(holds) as TimelineMessage;
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Your message').fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('log').getByText(text).waitFor();
}

describe('a patient with a PIN', () => {
  it('comes in by link and code, and is told who the practice is', async () => {
    const invitation = await practice.invite(ROSA, 'Rosa Martinez');
    rosaLink = invitation.link;
    rosa = await practice.newPhone();
    const { page } = rosa;
    await page.goto(invitation.link);
    await page.getByRole('heading', { name: 'Harbor Family Practice invites you to write' }).waitFor();
    expect(new URL(page.url()).hash).toBe('');
    expect(await brokenRules(page)).toEqual([]);
    await arrive(page, invitation);
    expect(await brokenRules(page)).toEqual([]);
    rosaWords = await choosePin(page);
    expect(rosaWords.split(' ')).toHaveLength(12);
    await page.getByRole('heading', { name: 'Messages with Harbor Family Practice' }).waitFor(ARRIVES);
    expect(await page.locator('header').innerText()).toMatch(/Open now, until|Closed now. Opens/);
    expect(await brokenRules(page)).toEqual([]);
    const { conversation } = practice.maria.session.care.threads.read()[0] ?? {};
    desk = await practice.maria.session.conversations.open(conversation as Conversation['id']);
  });

  it('writes with a photo, which staff see without the place where it was taken', async () => {
    const { page } = rosa;
    const buffer = await photoWithPlace(page);
    expect(buffer.includes('GPS-CANARY')).toBe(true);
    await page
      .locator('input[type=file][accept]')
      .setInputFiles({ name: 'rash.jpg', mimeType: 'image/jpeg', buffer });
    await page.getByRole('list', { name: 'Files to send' }).getByText('rash.jpg').waitFor();
    await say(page, 'My arm looks red. Is this normal?');
    const message = await heard(({ text }) => text.startsWith('My arm looks red'));
    const [photo] = message.attachments;
    expect(photo).toMatchObject({ mime: 'image/jpeg', width: 64, height: 48 });
    const bytes = Buffer.from(await desk.readAttachment(photo as NonNullable<typeof photo>));
    expect(bytes.subarray(0, 2).toString('hex')).toBe('ffd8');
    expect(bytes.includes('GPS-CANARY')).toBe(false);
    expect(message.contract).toBe('reply');
    // Somebody owes the answer.
    await heard(({ text, batons }) => text.startsWith('My arm looks red') && batons.length > 0);
  });

  it('sees that it was sent, and who answers; when staff were at it is not told', async () => {
    const { page } = rosa;
    desk.markOpened(messages().at(-1)?.seq ?? 0);
    await page.getByRole('log').getByText('Sent to your care team').first().waitFor(ARRIVES);
    await desk.send({
      text: 'A little red is normal. Call (555) 010-0100 if it gets warm.',
      files: [],
      mentions: [],
      replyTo: null,
      as: null,
    });
    await page.getByRole('log').getByText('A little red is normal.').waitFor(ARRIVES);
    expect(await page.getByRole('log').innerText()).toContain('Maria Lopez');
    expect(await page.getByText('Read by your care team').count()).toBe(0);
    expect(await page.getByRole('link', { name: '(555) 010-0100' }).getAttribute('href')).toBe(
      'tel:5550100100',
    );
  });

  it('opens a photo large, and a document in a frame that has nothing of the page', async () => {
    const { page } = rosa;
    await page.getByRole('button', { name: 'Show photo rash.jpg large' }).click();
    await page.getByRole('dialog').getByRole('img', { name: 'Photo rash.jpg' }).waitFor();
    expect(await brokenRules(page)).toEqual([]);
    await page.goBack();
    await desk.send({
      text: 'How to care for it',
      files: [
        {
          name: 'care.pdf',
          mime: 'application/pdf',
          bytes: new Uint8Array(madePdf('Keep it dry')),
          width: null,
          height: null,
        },
      ],
      mentions: [],
      replyTo: null,
      as: null,
    });
    await page.getByRole('button', { name: /^care\.pdf/ }).click(ARRIVES);
    const sheet = page.getByRole('dialog', { name: 'care.pdf' });
    await sheet.locator('iframe').waitFor(ARRIVES);
    await sheet.locator('iframe').contentFrame().getByText('Keep it dry').waitFor(ARRIVES);
    expect(await sheet.locator('iframe').getAttribute('sandbox')).toBe('allow-scripts');
    await page.goBack();
    await sheet.waitFor({ state: 'detached' });
  });

  it('is shown the emergency notice, and the message is urgent', async () => {
    const { page } = rosa;
    await say(page, 'I have chest pain and I can not breathe');
    await page.getByRole('alertdialog').getByRole('link', { name: 'Call 911' }).waitFor();
    expect(await brokenRules(page)).toEqual([]);
    await page.getByRole('button', { name: 'Go back to my messages' }).click();
    const message = await heard(({ text }) => text.startsWith('I have chest pain'));
    expect(message.contract).toBe('stat');
    expect(message.flags.length).toBeGreaterThan(0);
  });

  it('reads who can read it', async () => {
    const { page } = rosa;
    await page.getByRole('button', { name: 'Who can read this' }).click();
    const sheet = page.getByRole('dialog', { name: 'Who can read this' });
    await sheet.getByText('You', { exact: true }).waitFor();
    expect(await sheet.innerText()).toContain('Maria Lopez');
    expect(await brokenRules(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('writes while offline, and it goes out later, once', async () => {
    const { page, context } = rosa;
    await context.setOffline(true);
    await page.getByText('You are offline.').waitFor(ARRIVES);
    await say(page, 'I forgot to say: it itches');
    await page.getByText('Waits until you are online').waitFor();
    await context.setOffline(false);
    await heard(({ text }) => text.includes('it itches'));
    await page.getByText('Waits until you are online').waitFor({ state: 'detached', ...ARRIVES });
    expect(messages().filter(({ text }) => text.includes('it itches'))).toHaveLength(1);
  });

  it('locks the phone, and opens it with the PIN alone', async () => {
    const { page } = rosa;
    await page.getByRole('button', { name: 'Settings' }).click();
    expect(await brokenRules(page)).toEqual([]);
    await page.getByRole('button', { name: 'Lock now' }).click();
    await page.getByLabel('Your PIN').fill('000001');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByText('You have 9 tries left').waitFor(ARRIVES);
    expect(await brokenRules(page)).toEqual([]);
    await page.getByLabel('Your PIN').fill(PIN);
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('log').getByText('A little red is normal.').waitFor(ARRIVES);
  });

  it('opens another browser with the twelve words, which is offered a PIN of its own', async () => {
    const other = await practice.newPhone();
    await other.page.goto(`${practice.server.url}/p`);
    await other.page.getByRole('button', { name: 'Use my 12 words' }).click();
    await other.page.getByLabel('Your 12 words').fill(rosaWords);
    await other.page.getByRole('button', { name: 'Open' }).click();
    const offer = other.page.getByRole('dialog', { name: 'Pick a PIN' });
    await offer.waitFor(ARRIVES);
    expect(await brokenRules(other.page)).toEqual([]);
    await other.page.keyboard.press('Escape');
    await other.page.getByRole('log').getByText('My arm looks red').waitFor(ARRIVES);
    await other.context.close();
  });
});

describe('a link', () => {
  it('that was used opens nothing for who finds it', async () => {
    const thief = await practice.newPhone();
    await thief.page.goto(rosaLink);
    await thief.page.getByRole('heading', { name: 'This link was used' }).waitFor();
    expect(await thief.page.locator('main').innerText()).toContain('call your practice right away');
    expect(await thief.page.getByLabel('Your 6-digit code').count()).toBe(0);
    await thief.context.close();
  });

  it('with a wrong code six times is locked, and staff are told', async () => {
    const invitation = await practice.invite(BEN, 'Ben Adler');
    const { page, context } = await practice.newPhone();
    await page.goto(invitation.link);
    const wrong = invitation.code === '111111' ? '222222' : '111111';
    const tryIt = async (): Promise<void> => {
      await page.getByLabel('Your 6-digit code').fill(wrong);
      await page.getByRole('button', { name: 'Continue' }).click();
    };
    for (const left of ['4 tries', '3 tries', '2 tries', '1 try']) {
      await tryIt();
      await page.getByRole('alert').getByText(`You have ${left} left.`).waitFor();
    }
    await tryIt();
    await page.getByRole('heading', { name: 'This link is locked' }).waitFor();
    expect(await brokenRules(page)).toEqual([]);
    // The sixth, with the right code and a page that was loaded anew.
    await page.goto('about:blank');
    await page.goto(invitation.link);
    await page.getByRole('heading', { name: 'This link is locked' }).waitFor();
    expect(await page.getByLabel('Your 6-digit code').count()).toBe(0);
    const chart = practice.maria.session.care.chart(BEN);
    // Staff's devices ask once a minute.
    await until(chart, ({ people }) => people.some(({ triesLeft }) => triesLeft === 0), { withinMs: 90_000 });
    await context.close();
  });

  it('that was cut short says what to do', async () => {
    const { page, context } = await practice.newPhone();
    await page.goto(rosaLink.slice(0, -9));
    await page.getByRole('heading', { name: 'This link does not work' }).waitFor();
    expect(await page.locator('main').innerText()).toContain('call your practice');
    await context.close();
  });
});

it('a patient with a passkey has neither PIN nor words, and opens by touch', async () => {
  const invitation = await practice.invite(OMAR, 'Omar Haddad');
  const { page, context } = await practice.newPhone({ passkeys: true });
  await arrive(page, invitation);
  await page.getByRole('button', { name: 'Fingerprint, face or screen lock' }).click();
  await thread(page);
  await say(page, 'Hello from Omar');
  await page.reload();
  const touch = page.getByRole('button', { name: 'Use fingerprint, face or screen lock' });
  await Promise.race([touch.waitFor(ARRIVES), thread(page)]);
  if (await touch.isVisible()) await touch.click();
  await page.getByRole('log').getByText('Hello from Omar').waitFor(ARRIVES);
  expect(await page.getByLabel('Your PIN').count()).toBe(0);
  await context.close();
});

it('a patient reads everything in Spanish', async () => {
  const invitation = await practice.invite(LENA, 'Lena Ortiz');
  const { page, context } = await practice.newPhone();
  await page.goto(invitation.link);
  await page.getByRole('button', { name: 'Español' }).click();
  await page.getByLabel('Su código de 6 números').fill(invitation.code);
  await page.getByRole('button', { name: 'Seguir' }).click();
  await page.getByRole('button', { name: 'Un PIN' }).click();
  await page.getByLabel('PIN nuevo').fill(PIN);
  await page.getByLabel('Escríbalo otra vez').fill(PIN);
  await page.getByRole('button', { name: 'Seguir' }).click();
  await page.getByRole('button', { name: 'Ya guardé mis palabras' }).click();
  await page.getByLabel('Su mensaje').waitFor(ARRIVES);
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('es');
  expect(await brokenRules(page)).toEqual([]);
  await page.getByLabel('Su mensaje').fill('me duele mucho el pecho y no puedo respirar');
  await page.getByRole('button', { name: 'Enviar' }).click();
  await page.getByRole('alertdialog').getByRole('link', { name: 'Llamar al 911' }).waitFor();
  await context.close();
});

it('the browser never complained: no violation of the policy, no error, no warning', () => {
  expect(practice.complaints).toEqual([]);
});
