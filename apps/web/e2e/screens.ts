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

const asking = thread('4 West and cardiology');
const withContract = (contract: string) => async (page: Page) => {
  await asking(page);
  await page.getByRole('radio', { name: contract }).check({ force: true });
};
const template = (name: string) => async (page: Page) => {
  await asking(page);
  await page.keyboard.press('Alt+t');
  await page.getByRole('menuitem', { name }).click();
  await page.getByRole('group', { name }).waitFor();
};

const link = (name: string | RegExp) => (page: Page) => page.getByRole('link', { name }).first().click();
const agent = (name: RegExp) => async (page: Page) => {
  await link(name)(page);
  await page.getByRole('table').waitFor();
};

const outside = async (page: Page) => {
  await page
    .getByRole('link', { name: /TRIAGE-20418/ })
    .first()
    .click();
  await page.getByText('Nobody reads an answer there.').waitFor();
};

const PROTOCOL = '/programmes/protocols/capecitabine-monotherapy~2?as=physician';
const enrolled = (place: number) => async (page: Page) => {
  await page.getByRole('rowheader').getByRole('link').nth(place).click();
  await page.getByRole('heading', { name: 'Day by day' }).waitFor();
};

/** Every screen and every panel of the app, with the data that is hardest for it. */
export const SCREENS: readonly Screen[] = [
  { name: 'my batons', path: '/' },
  { name: 'my batons, far too many', path: '/?batons=many' },
  { name: 'my batons, nothing urgent', path: '/?batons=calm' },
  { name: 'my batons, none', path: '/?state=empty' },
  { name: 'my batons, offline', path: '/?state=offline' },
  {
    name: 'a baton that reached me by its ladder',
    path: '/',
    reach: (page) =>
      page
        .getByRole('link', { name: /Aiko Tanaka/ })
        .first()
        .click(),
  },
  {
    name: 'a baton of an outside system',
    path: '/',
    reach: outside,
  },
  {
    name: 'handing one baton over',
    path: '/',
    async reach(page) {
      await page.keyboard.press('h');
      await page.getByRole('form', { name: 'Hand over' }).waitFor();
    },
  },
  {
    name: 'closing with an undo',
    path: '/',
    async reach(page) {
      await page.keyboard.press('e');
      await page.getByRole('menuitem', { name: 'Handled elsewhere' }).click();
      await page.getByRole('button', { name: 'Undo' }).hover();
    },
  },
  { name: 'hand-over of a shift', path: '/hand-over' },
  {
    name: 'hand-over of a shift, done',
    path: '/hand-over?batons=calm',
    async reach(page) {
      await page.getByRole('combobox', { name: /Colleague/ }).fill('sam');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^Hand over \d/ }).click();
      await page.getByText(/^Handed over to Sam/).waitFor();
    },
  },
  { name: 'hand-over, nothing to give', path: '/hand-over?state=empty' },
  { name: 'thread with every contract', path: '/inbox', reach: asking },
  { name: 'asking for a reply', path: '/inbox', reach: withContract('Reply') },
  { name: 'asking for a call', path: '/inbox', reach: withContract('Call me') },
  { name: 'writing a stat', path: '/inbox', reach: withContract('STAT') },
  { name: 'only FYI, nobody named', path: '/inbox?duty=none', reach: asking },
  { name: 'writing SBAR', path: '/inbox', reach: template('SBAR') },
  { name: 'writing a critical result', path: '/inbox', reach: template('Critical result') },
  { name: 'writing a change of the care plan', path: '/inbox', reach: template('Change of the care plan') },
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
  { name: 'on call', path: '/on-call?as=manager' },
  { name: 'on call, thirty roles', path: '/on-call?duty=many' },
  { name: 'on call, nothing set up', path: '/on-call?as=manager&duty=none' },
  { name: 'off duty', path: '/on-call', reach: button('Go off duty…') },
  {
    name: 'giving a role',
    path: '/on-call',
    async reach(page) {
      await button('Actions for Cardiology on call')(page);
      await page.getByRole('menuitem', { name: 'Give to…' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'a role with warnings', path: '/on-call', reach: link('Cardiology on call') },
  {
    name: 'a schedule with gaps',
    path: '/on-call?as=manager',
    async reach(page) {
      await link('Night float')(page);
      await button('Edit')(page);
    },
  },
  { name: 'ladders', path: '/on-call/ladders' },
  { name: 'a ladder to read', path: '/on-call/ladders', reach: link(/STEMI/) },
  {
    name: 'a ladder that cannot be saved',
    path: '/on-call/ladders?as=manager',
    async reach(page) {
      await link('STAT')(page);
      await page.getByRole('spinbutton', { name: 'Time of step 4' }).fill('1');
      await page.getByText('must come later').waitFor();
    },
  },
  { name: 'a unit', path: '/on-call/units?as=manager', reach: button('Edit Cardiology') },
  { name: 'a queue', path: '/on-call/queues?as=manager', reach: button(/^Edit Refill/) },
  { name: 'rules to read', path: '/on-call/policy' },
  { name: 'rules', path: '/on-call/policy?as=manager' },
  { name: 'assistants', path: '/agents?as=manager' },
  { name: 'the duty assistant', path: '/agents?as=manager', reach: agent(/Duty assistant/) },
  { name: 'an assistant', path: '/agents?as=manager', reach: agent(/Reminder assistant/) },
  {
    name: 'changing what an assistant may do',
    path: '/agents?as=manager',
    async reach(page) {
      await agent(/Reminder assistant/)(page);
      await button('Change what it may do…')(page);
      await page.getByLabel('Hosts it may reach').fill('fax.example');
      await page.getByText('It may now reach fax.example.').waitFor();
    },
  },
  {
    name: 'new code for an assistant',
    path: '/agents?as=manager',
    async reach(page) {
      await agent(/Duty assistant/)(page);
      await button('Sign new code…')(page);
      await page.getByLabel('Code digest').fill('not a digest');
      await page.getByText('That is no code digest.').waitFor();
    },
  },
  { name: 'no assistants', path: '/agents?as=manager&state=empty' },
  {
    name: 'inviting an assistant',
    path: '/agents?as=manager',
    async reach(page) {
      await button('Invite an assistant')(page);
      await page.getByLabel('Program on the station').fill('reminders');
      await page.getByRole('group', { name: 'Where it may be let in' }).waitFor();
    },
  },
  {
    name: 'integrations',
    path: '/integrations?as=manager',
    reach: (page) => page.getByText('Bed management').waitFor(),
  },
  {
    name: 'integrations, offline',
    path: '/integrations?as=manager&state=offline',
    reach: (page) => page.getByRole('button', { name: 'Try again' }).waitFor(),
  },
  {
    name: 'a system that was connected',
    path: '/integrations?as=manager',
    async reach(page) {
      await button('Connect a system')(page);
      await page.getByLabel('Name of the system').fill('Laboratory');
      await page.getByLabel(/^Address that is told/).fill('https://lab.example/hook');
      await page.getByRole('button', { name: 'Connect', exact: true }).click();
      await page.getByText('Signing secret of the deliveries').waitFor();
    },
  },
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
  { name: 'visits of a day', path: '/appointments' },
  { name: 'a visit', path: '/appointments', reach: button(/Came or not/) },
  {
    name: 'booking a visit',
    path: '/appointments',
    reach: async (page) => {
      await button('Book a visit')(page);
      await page.getByLabel('What for').fill('Follow-up');
      await page.getByRole('radio', { name: 'Another time' }).waitFor();
    },
  },
  { name: 'no appointments yet', path: '/appointments?state=empty' },
  { name: 'free times', path: '/appointments/slots' },
  { name: 'adding free times', path: '/appointments/slots', reach: button('Add free times') },
  { name: 'the waitlist', path: '/appointments/waitlist' },
  { name: 'recalls', path: '/appointments/recalls', reach: button('Show who') },
  { name: 'a new recall', path: '/appointments/recalls', reach: button('New recall') },
  { name: 'reminders', path: '/appointments/reminders', reach: button(/3 days before/) },
  { name: 'the no-show score', path: '/appointments/score' },
  { name: 'sources of visits', path: '/appointments/feeds' },
  {
    name: 'a schedule file, read dry',
    path: '/appointments/import',
    reach: async (page) => {
      const file = { name: 'schedule.csv', mimeType: 'text/csv', buffer: Buffer.from('Date,Time\n1,2') };
      await page.locator('input[type="file"]').setInputFiles(file);
      await page.getByRole('table').waitFor();
    },
  },
  { name: 'check-ins: the cohort, worst first', path: '/programmes' },
  { name: 'check-ins: not set up', path: '/programmes?state=empty' },
  { name: 'check-ins: a patient', path: '/programmes', reach: enrolled(0) },
  {
    name: 'check-ins: a plan to confirm',
    path: '/programmes',
    reach: async (page) => {
      await page
        .getByRole('row', { name: /Confirm the plan/ })
        .getByRole('link')
        .click();
      await button('Look at the plan')(page);
    },
  },
  {
    name: 'check-ins: enrolling',
    path: '/programmes',
    reach: async (page) => {
      await button('Enrol a patient')(page);
      await page.getByRole('textbox', { name: 'Patient' }).fill('ma');
      await page.getByRole('list', { name: 'Patients found' }).getByRole('button').first().click();
    },
  },
  { name: 'check-ins: protocols', path: '/programmes/protocols?as=physician' },
  {
    name: 'check-ins: a new protocol',
    path: '/programmes/protocols?as=physician',
    reach: button('New protocol'),
  },
  {
    name: 'check-ins: a question of a protocol',
    path: PROTOCOL,
    reach: async (page) => {
      await page.locator('summary', { hasText: 'signs' }).first().click();
      await page.locator('details[open] details > summary').first().click();
    },
  },
  {
    name: 'check-ins: trying a protocol',
    path: PROTOCOL,
    reach: async (page) => {
      await page.getByRole('tab', { name: 'Try it' }).click();
      await button('Begin')(page);
      await page.getByRole('textbox', { name: /as the patient would/ }).fill('I have chest pain');
      await button('Send')(page);
    },
  },
  {
    name: 'check-ins: signing',
    path: PROTOCOL,
    reach: async (page) => {
      await page.getByRole('tab', { name: 'Sign' }).click();
      await page.getByRole('button', { name: 'Sign as clinician' }).waitFor();
    },
  },
];
