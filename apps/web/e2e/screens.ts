import type { Page } from 'playwright-core';

export interface Screen {
  readonly name: string;
  readonly path: string;
  /** What a person does to get there. */
  readonly reach?: (page: Page) => Promise<void>;
}

const thread = (title: string) => async (page: Page) => {
  await page.getByRole('searchbox', { name: 'Search threads' }).fill(title);
  await page.getByRole('link', { name: title }).first().click();
  await page.getByRole('log').waitFor();
  await page.locator('[data-message]').first().waitFor();
};
const button =
  (...names: (string | RegExp)[]) =>
  async (page: Page) => {
    for (const name of names) await page.getByRole('button', { name }).first().click();
  };

/** Every screen and every panel of the app, with the data that is hardest for it. */
export const SCREENS: readonly Screen[] = [
  { name: 'inbox', path: '/inbox' },
  { name: 'inbox, nothing in it', path: '/inbox?state=empty' },
  { name: 'inbox, first sync', path: '/inbox?state=loading', reach: (page) => page.waitForTimeout(400) },
  { name: 'thread with everything', path: '/inbox', reach: thread('4 West, day shift') },
  { name: 'thread with 200 unread', path: '/inbox', reach: thread('Huddle 08:15') },
  { name: 'thread that waits for a key', path: '/inbox', reach: thread('Marcus Bell') },
  {
    name: 'thread, offline, with alarms',
    path: '/inbox?state=alarm',
    reach: thread('4 West, day shift'),
  },
  {
    name: 'who can read this',
    path: '/inbox',
    async reach(page) {
      await thread('4 West, day shift')(page);
      await button(/can read this/)(page);
    },
  },
  {
    name: 'adding people',
    path: '/inbox',
    async reach(page) {
      await thread('4 West, day shift')(page);
      await button(/can read this/, 'Add people or a role')(page);
    },
  },
  {
    name: 'message actions',
    path: '/inbox',
    async reach(page) {
      await thread('4 West, day shift')(page);
      await page.locator('[data-message]').last().hover();
      await page
        .locator('[data-message]')
        .last()
        .getByRole('button', { name: /^Actions for/ })
        .click();
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'receipts',
    path: '/inbox',
    async reach(page) {
      await thread('4 West, day shift')(page);
      await button(/(Opened|Acknowledged|Delivered).* of/)(page);
    },
  },
  {
    name: 'writing with a mention and a reply',
    path: '/inbox',
    async reach(page) {
      await thread('4 West, day shift')(page);
      await page.keyboard.press('r');
      await page.getByRole('textbox', { name: /^Message to/ }).pressSequentially('Hello @');
      await page.getByRole('listbox').waitFor();
    },
  },
  { name: 'new conversation', path: '/new' },
  { name: 'directory', path: '/directory' },
  {
    name: 'a person',
    path: '/directory',
    reach: (page) => page.getByRole('link', { name: /Jin Park/ }).click(),
  },
  {
    name: 'a role that nobody holds',
    path: '/directory',
    reach: (page) => page.getByRole('link', { name: /Night float/ }).click(),
  },
  { name: 'patients', path: '/patients' },
  { name: 'a patient', path: '/patients', reach: (page) => page.locator('main li a').nth(4).click() },
  { name: 'patients, sealed', path: '/patients?as=compliance' },
  { name: 'audit', path: '/audit?as=compliance', reach: (page) => page.getByRole('table').waitFor() },
  { name: 'security', path: '/security' },
  {
    name: 'recovery words',
    path: '/security',
    async reach(page) {
      await button('Make new recovery words')(page);
      await page.getByLabel('Sign-in name').fill('maria');
      await button('Continue')(page);
      await page.getByText('All twelve in one line').waitFor();
    },
  },
  {
    name: 'passphrase',
    path: '/security',
    async reach(page) {
      await button('Make a passphrase')(page);
      await page.getByLabel('Sign-in name').fill('maria');
      await button('Continue')(page);
      await page.getByRole('img', { name: /QR/ }).waitFor();
    },
  },
  { name: 'people', path: '/people?as=manager' },
  {
    name: 'roles',
    path: '/people?as=manager',
    reach: (page) => page.getByRole('tab', { name: 'Roles' }).click(),
  },
  { name: 'inviting', path: '/people?as=manager', reach: button('Invite somebody') },
  { name: 'settings', path: '/settings?as=compliance' },
  { name: 'palette', path: '/inbox', reach: (page) => page.keyboard.press('Control+k') },
  { name: 'shortcuts', path: '/inbox', reach: (page) => page.keyboard.press('?') },
  { name: 'sign-in', path: '/inbox?state=outside' },
  {
    name: 'sign-in by passphrase',
    path: '/inbox?state=outside',
    reach: (page) => page.getByText('Passphrase', { exact: true }).click(),
  },
  { name: 'demo link that fails', path: '/demo#' },
  { name: 'invitation', path: '/join#abc' },
  { name: 'invitation that was used', path: '/join#claimed' },
  { name: 'joining', path: '/join#again', reach: button('Accept and continue') },
  { name: 'set-up', path: '/setup#token' },
  { name: 'no such page', path: '/nowhere' },
];
