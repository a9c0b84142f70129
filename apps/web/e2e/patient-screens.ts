import type { Page } from 'playwright-core';

export interface PatientScreen {
  readonly name: string;
  readonly path: string;
  readonly reach?: (page: Page) => Promise<void>;
}

const CODE = '481592';

export async function enterCode(page: Page, code = CODE): Promise<void> {
  await page.getByLabel('Your 6-digit code').fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function choosePin(page: Page): Promise<void> {
  await enterCode(page);
  await page.getByRole('button', { name: 'A PIN' }).click();
  await page.getByRole('heading', { name: 'Pick a PIN' }).waitFor();
}

async function reachWords(page: Page): Promise<void> {
  await choosePin(page);
  await page.getByLabel('New PIN').fill('730164');
  await page.getByLabel('Type it once more').fill('730164');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Keep these 12 words' }).waitFor();
}

const press =
  (...names: readonly (string | RegExp)[]) =>
  async (page: Page): Promise<void> => {
    for (const name of names) await page.getByRole('button', { name }).first().click();
  };

async function write(page: Page, text: string): Promise<void> {
  await page.getByLabel('Your message').fill(text);
}

async function openVisits(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Visits and check-ins' }).click();
  await page.getByRole('heading', { name: 'Your visits' }).waitFor();
}

/** Every screen of the patient's page, with the data that is hardest for it. */
export const PATIENT_SCREENS: readonly PatientScreen[] = [
  { name: 'arrival', path: '/#link' },
  { name: 'arrival with a new phone', path: '/#again' },
  {
    name: 'arrival after a wrong code',
    path: '/#link',
    async reach(page) {
      await enterCode(page, '111111');
      await page.getByText('That code does not match').waitFor();
    },
  },
  { name: 'a link that is too old', path: '/#expired' },
  { name: 'a link that was used', path: '/#used' },
  { name: 'a link whose tries are gone', path: '/#locked' },
  { name: 'a link that is broken', path: '/#nothing' },
  { name: 'arrival without a network', path: '/#offline' },
  { name: 'choosing how to open', path: '/#link', reach: (page) => enterCode(page) },
  {
    name: 'choosing how to open, without passkeys',
    path: '/?passkeys=none#link',
    reach: (page) => enterCode(page),
  },
  {
    name: 'a PIN that is too easy',
    path: '/#link',
    async reach(page) {
      await choosePin(page);
      await page.getByLabel('New PIN').fill('123456');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByText('too easy to guess').waitFor();
    },
  },
  { name: 'the twelve words', path: '/#link', reach: reachWords },
  {
    name: 'checking the twelve words',
    path: '/#link',
    async reach(page) {
      await reachWords(page);
      await page.getByRole('button', { name: 'Check that I wrote them down right' }).click();
      await page.getByLabel('Type your 12 words').fill('a b c d e f g h i j k l');
      await page.getByText('Look at word 1').waitFor();
    },
  },
  { name: 'locked by a PIN', path: '/?phone=pin' },
  {
    name: 'a wrong PIN',
    path: '/?phone=pin',
    async reach(page) {
      await page.getByLabel('Your PIN').fill('000001');
      await page.getByRole('button', { name: 'Open' }).click();
      await page.getByText('You have 9 tries left').waitFor();
    },
  },
  { name: 'locked by a passkey', path: '/?phone=passkey' },
  { name: 'signing in', path: '/?phone=new' },
  {
    name: 'signing in with wrong words',
    path: '/?phone=new&passkeys=none',
    async reach(page) {
      await page.getByLabel('Your 12 words').fill('wrong b c d e f g h i j k l');
      await page.getByRole('button', { name: 'Open' }).click();
      await page.getByText('Those words do not match').waitFor();
    },
  },
  { name: 'the thread with everything', path: '/' },
  {
    name: 'the thread from its beginning',
    path: '/',
    reach: (page) => page.getByRole('log').evaluate((log) => log.scrollTo(0, 0)),
  },
  { name: 'questions of programmes', path: '/?thread=programmes' },
  {
    name: 'questions of programmes, from their beginning',
    path: '/?thread=programmes',
    reach: (page) => page.getByRole('log').evaluate((log) => log.scrollTo(0, 0)),
  },
  {
    name: 'a number that is none, and a second one',
    path: '/?thread=programmes',
    async reach(page) {
      await page.getByRole('button', { name: 'Add a second number' }).click();
      await page.getByLabel('Number', { exact: true }).fill('high');
      await page.getByRole('group').getByRole('button', { name: 'Send' }).click();
      await page.getByRole('alert').getByText('Type a number').waitFor();
    },
  },
  {
    name: 'writing an answer',
    path: '/?thread=programmes',
    async reach(page) {
      await write(page, 'A bit better');
      await page.getByText('Your answer to:').waitFor();
    },
  },
  {
    name: 'an answer that can be changed',
    path: '/?thread=programmes',
    async reach(page) {
      await page.getByRole('button', { name: 'Worse' }).click();
      await page.getByRole('button', { name: 'Change the answer' }).waitFor();
    },
  },
  { name: 'visits and check-ins', path: '/?thread=programmes', reach: openVisits },
  {
    name: 'visits that are over',
    path: '/?thread=programmes',
    async reach(page) {
      await openVisits(page);
      await page.getByText('Past visits').click();
      await page.getByText('Blood test').waitFor();
    },
  },
  {
    name: 'visits and check-ins of nobody',
    path: '/?thread=long',
    reach: openVisits,
  },
  { name: 'the thread over months', path: '/?thread=long' },
  { name: 'the thread without a message', path: '/?thread=empty' },
  { name: 'the thread, first sync', path: '/?thread=loading' },
  { name: 'the thread, offline', path: '/?net=offline' },
  { name: 'the thread, with an alarm', path: '/?net=alarm' },
  { name: 'the thread, nothing can go out', path: '/?thread=blocked' },
  { name: 'the thread, closed', path: '/?thread=closed' },
  { name: 'writing about a topic', path: '/', reach: (page) => write(page, 'Can I take it with food?') },
  {
    name: 'a red flag',
    path: '/',
    async reach(page) {
      await write(page, 'I have chest pain and I can not breathe');
      await page.getByRole('button', { name: 'Send' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'what can be done with a message',
    path: '/',
    async reach(page) {
      await page.getByRole('log').evaluate((log) => log.scrollTo(0, 99_999));
      await page.getByRole('button', { name: 'More for this message' }).last().click();
      await page.getByRole('button', { name: 'Take back' }).click();
      await page.getByText('may have read it').waitFor();
    },
  },
  { name: 'who can read this', path: '/', reach: press('Who can read this') },
  { name: 'settings', path: '/', reach: press('Settings') },
  { name: 'settings, a new PIN', path: '/', reach: press('Settings', 'Change the PIN') },
  {
    name: 'settings, new words',
    path: '/',
    async reach(page) {
      await press('Settings', 'Make 12 new words')(page);
      await page.getByRole('dialog', { name: 'Keep these' }).getByRole('button', { name: 'Make 12' }).click();
      await page.getByRole('button', { name: 'I have kept my words' }).waitFor();
    },
  },
  {
    name: 'settings, leaving this phone',
    path: '/',
    reach: press('Settings', 'Remove from this phone'),
  },
  { name: 'several chats', path: '/?chats=several' },
  { name: 'one of several chats', path: '/?chats=several', reach: press(/About Mateo/) },
  { name: 'no chat yet', path: '/?chats=none' },
];
