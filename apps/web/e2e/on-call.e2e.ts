import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gallery, startGallery } from './gallery.ts';

let gallery: Gallery;
let page: Page;

beforeAll(async () => {
  gallery = await startGallery();
  page = await gallery.newPage();
});
afterAll(() => gallery?.close());

const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
const focusOn = (name: string | RegExp, role: 'button' | 'link' | 'textbox' = 'button'): Promise<void> =>
  page.getByRole(role, { name }).first().focus();

describe('with the keyboard only', () => {
  it('a role is given to a colleague, who is on duty then', async () => {
    await gallery.show(page, '/on-call');
    await focusOn('Actions for Night float');
    await press('Enter');
    await page.getByRole('menu').waitFor();
    await page.getByRole('menuitem', { name: 'Give to…' }).focus();
    await press('Enter');
    await page.getByRole('combobox', { name: 'Who takes it' }).waitFor();
    await page.keyboard.type('grace');
    await press('Enter');
    await focusOn('Give the role');
    await press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const row = page.getByRole('listitem').filter({ hasText: 'Night float' });
    expect(await row.textContent()).toMatch(/Grace Kim.*by cover/);
  });

  it('a shift is added and saved, its gap is seen before, and the former week comes back', async () => {
    await gallery.show(page, '/on-call?as=manager');
    await focusOn('Night float', 'link');
    await press('Enter');
    await focusOn('Edit');
    await press('Enter');
    const findings = page.getByRole('list', { name: 'What to look at' });
    expect(await findings.textContent()).toContain('Sat 07:00 – Sun 24:00: nobody.');
    await focusOn('Add a shift');
    await press('Enter');
    await expect.poll(() => findings.textContent()).toContain('Sun 07:00–24:00: nobody.');
    await focusOn('Save the schedule');
    await press('Enter');
    await page.getByText('Saved. It is in force now.').waitFor();
    await page.getByText('6 shifts a week').waitFor();
    await focusOn('Undo');
    await press('Enter');
    await page.getByText('5 shifts a week').waitFor();
  });

  it('going off duty names who stands in', async () => {
    await gallery.show(page, '/on-call');
    await focusOn('Go off duty…');
    await press('Enter');
    await page.getByRole('combobox', { name: 'Who stands in for you' }).waitFor();
    await page.keyboard.type('oduya');
    await press('Enter');
    await focusOn('Go off duty');
    await page.getByRole('dialog').getByRole('button', { name: 'Go off duty' }).press('Enter');
    const mine = page.getByRole('region', { name: 'My duty' });
    await expect.poll(() => mine.textContent()).toContain('Sam Oduya stands in for you.');
  });
});

it('a ladder whose steps do not follow each other cannot be saved; its simulator ends with the supervisor', async () => {
  await gallery.show(page, '/on-call/ladders?as=manager');
  await page.getByRole('link', { name: 'STAT' }).click();
  const steps = page
    .getByRole('region', { name: 'Try it out' })
    .getByRole('list')
    .first()
    .getByRole('listitem');
  expect(await steps.last().textContent()).toContain('Duty supervisor');
  await page.getByRole('spinbutton', { name: 'Time of step 4' }).fill('1');
  await page.getByText('must come later').waitFor();
  expect(await page.getByRole('button', { name: 'Save the ladder' }).isDisabled()).toBe(true);
  await page.getByRole('spinbutton', { name: 'Time of step 4' }).fill('20');
  expect(await steps.last().textContent()).toContain('+ 20 min');
  await page.getByRole('button', { name: 'Save the ladder' }).click();
  await page.getByText('Saved. Open messages follow it').waitFor();
});

it('somebody who may not set ladders and rules can read them, and change nothing', async () => {
  await gallery.show(page, '/on-call/ladders');
  await page.getByRole('link', { name: 'STAT' }).click();
  await page.getByRole('region', { name: 'Try it out' }).waitFor();
  expect(await page.getByRole('button', { name: /Save/ }).count()).toBe(0);
  await gallery.show(page, '/on-call/policy');
  await page.getByText('Duty supervisor').first().waitFor();
  expect(await page.getByRole('button', { name: /Save/ }).count()).toBe(0);
});

it('switching the duty assistant on for a role says first that it can then read what the role reads', async () => {
  await gallery.show(page, '/agents?as=manager');
  await page.getByRole('link', { name: /Duty assistant/ }).click();
  await page.getByRole('switch', { name: 'Charge nurse 4 West' }).click();
  await page.getByRole('dialog').getByText('It can therefore read what this role can read').waitFor();
  await page.getByRole('button', { name: 'Switch it on' }).click();
  const kept = page.getByText('Makes the shift changes of Charge nurse 4 West.');
  await expect.poll(() => kept.count()).toBe(1);
});

it('another manifest says in plain words what it changes before it is signed, and keeps the rest', async () => {
  await gallery.show(page, '/agents?as=manager');
  await page.getByRole('link', { name: /Reminder assistant/ }).click();
  await page.getByRole('button', { name: 'Change what it may do…' }).click();
  const dialog = page.getByRole('dialog');
  const sign = dialog.getByRole('button', { name: 'Sign the change' });
  await dialog.getByText('Nothing yet.').waitFor();
  expect(await sign.isDisabled()).toBe(true);
  await dialog.getByLabel('Group conversations: may write messages').uncheck();
  await dialog.getByLabel('Queues', { exact: true }).check();
  await dialog.getByLabel(/one purpose a line/).fill('Reminds patients of appointments');
  await dialog.getByLabel('Code digest').fill('B'.repeat(42) + 'A');
  const changes = dialog.getByRole('listitem');
  await expect
    .poll(async () => (await changes.allTextContents()).map((words) => words.split(/[.:]/)[0]))
    .toEqual(['No purpose any more', 'It may now be let in', 'Changed', 'It runs other code']);
  expect(await changes.nth(2).textContent()).toMatch(/^Changed: Group conversations\. .*Writes nothing\.$/);
  await sign.click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Program reminders, manifest version 13').waitFor();
  await page.getByText('sms.example').waitFor();
});

it('new code is signed by the digest that the station prints', async () => {
  await gallery.show(page, '/agents?as=manager');
  await page.getByRole('link', { name: /Duty assistant/ }).click();
  await page.getByRole('button', { name: 'Sign new code…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('npm run station -- agent digest duty').waitFor();
  await dialog.getByLabel('Code digest').fill('B'.repeat(42) + 'A');
  expect(await dialog.getByRole('listitem').allTextContents()).toEqual([
    expect.stringContaining('It runs other code: 0410 4104 1041 0410'),
  ]);
  await dialog.getByRole('button', { name: 'Sign the change' }).click();
  await page.getByText('Program duty, manifest version 4').waitFor();
});

it('the browser never complained', () => {
  expect(gallery.complaints).toEqual([]);
});
