import { setTimeout as delay } from 'node:timers/promises';
import { enterAs, type EnteredDevice } from '@baton/testkit';
import type { LadderId } from '@baton/kernel';
import type { Ladder } from '@baton/wire';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RealPractice, type Seat, startRealPractice, takePicture } from './real-practice.ts';

// The promise of batons, end to end: four people at four browsers, the product as it starts, real clocks. Ladders are shortened to
// seconds; nothing else is different from what a practice runs.

let practice: RealPractice;
let nurse: Seat;
let physician: Seat;
let assistant: Seat;
let manager: EnteredDevice;

beforeAll(async () => {
  practice = await startRealPractice();
  [nurse, physician, assistant] = await Promise.all([
    practice.signIn('nurse'),
    practice.signIn('physician'),
    practice.signIn('medical assistant'),
  ]);
  manager = await enterAs(linkOf('practice manager'));
}, 240_000);
afterAll(async () => {
  await manager?.close();
  await practice?.close();
});

function linkOf(job: string): string {
  const link = practice.product.links().find((candidate) => candidate.job === job);
  if (link === undefined) throw new Error(`no sign-in link for a ${job}`);
  return link.url;
}

const nameOf = (job: string): string =>
  practice.product.links().find((candidate) => candidate.job === job)?.name ?? '';

async function go(page: Page, path: string): Promise<void> {
  await page.goto(`${practice.product.url}${path}`);
}

/** Writes to a role from the On call page. */
async function openRole(page: Page, role: string): Promise<void> {
  await go(page, '/on-call');
  await page.getByRole('button', { name: `Actions for ${role}`, exact: true }).click();
  await page.getByRole('menuitem', { name: 'Message this role' }).click();
  await composer(page).waitFor();
}

const composer = (page: Page) => page.getByRole('textbox', { name: /^Message to/ });
const batonLink = (page: Page, text: string) =>
  page.getByRole('region', { name: 'My batons' }).getByRole('link', { name: text }).first();
const detail = (page: Page, contract: RegExp) => page.getByRole('article', { name: contract }).first();

async function ask(page: Page, contract: 'Reply' | 'Call me' | 'STAT', text: string): Promise<void> {
  await page
    .getByRole('radiogroup', { name: 'What you ask for' })
    .getByText(contract, { exact: true })
    .click();
  await composer(page).fill(text);
  await page.keyboard.press('Control+Enter');
  // The server has made a baton of it, and its owner is named.
  await page
    .getByRole('article')
    .filter({ hasText: text })
    .getByText(/^with /)
    .first()
    .waitFor();
}

async function openBaton(page: Page, text: string, withinMs = 30_000): Promise<void> {
  if (new URL(page.url()).pathname !== '/') await go(page, '/');
  await batonLink(page, text).click({ timeout: withinMs });
}

/** The ladder for this contract with other steps; the times of a real one are minutes. */
async function shorten(contract: 'stat' | 'talk' | 'reply', steps: Ladder['steps']): Promise<LadderId> {
  const { duty } = manager.session;
  const inForce = duty.policy.read()?.ladders[contract];
  const ladder = duty.ladders.read().find((candidate) => candidate.ladder === inForce);
  if (ladder === undefined) throw new Error(`no ladder for ${contract}`);
  await duty.saveLadder({ ...ladder, steps: [...steps], repeatMs: 60_000 });
  return ladder.ladder;
}

describe('a stat message to somebody who is off duty', () => {
  const text = 'Potassium 6.8 on the repeat sample, bed 4.';

  it('reaches the cover, who reads it with its context through the ladder', async () => {
    const { page } = physician;
    await go(page, '/on-call');
    await page.getByRole('button', { name: 'Go off duty…' }).click();
    await page.getByRole('combobox', { name: 'Who stands in for you' }).fill(nameOf('nurse'));
    await page.getByRole('option', { name: nameOf('nurse') }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Go off duty' }).click();
    await page.getByText('You are off duty').first().waitFor();

    await openRole(assistant.page, 'Physician on call');
    await assistant.page
      .getByRole('radiogroup', { name: 'What you ask for' })
      .getByText('STAT', { exact: true })
      .click();
    await assistant.page.getByRole('textbox', { name: 'Call back on' }).fill('+1 617 555 0140');
    await takePicture(assistant.page, 'batons-compose-stat.png');
    await ask(assistant.page, 'STAT', text);

    await openBaton(nurse.page, text);
    const shown = detail(nurse.page, /^STAT/);
    await shown.getByText(text).waitFor();
    await shown.getByText('you see this message, not the conversation around it').waitFor();
    await shown.getByRole('link', { name: 'Call +1 617 555 0140' }).waitFor();
    expect(await shown.getByText('This is not a primary alarm.').count()).toBe(1);
    await takePicture(nurse.page, 'batons-cover.png');
  }, 90_000);

  it('becomes theirs, lets them into the conversation, and ends with their answer', async () => {
    await detail(nurse.page, /^STAT/).getByRole('button', { name: 'Acknowledge' }).click();
    await detail(nurse.page, /^STAT/).getByText('with you').waitFor();
    // The asking device lets the taker in, and the thread names who has it now.
    const thread = assistant.page.getByRole('log');
    await thread
      .getByText(`with ${nameOf('nurse')}`)
      .first()
      .waitFor({ timeout: 20_000 });
    await thread.getByText(new RegExp(`added ${nameOf('nurse')}`)).waitFor({ timeout: 20_000 });
    await detail(nurse.page, /^STAT/)
      .getByText('you see this message, not the conversation around it')
      .waitFor({ state: 'detached' });
    await detail(nurse.page, /^STAT/).getByRole('button', { name: 'Answer' }).click();
    await composer(nurse.page).waitFor();
    await composer(nurse.page).fill('Calcium is in, ECG running. I am at the bed.');
    await nurse.page.keyboard.press('Control+Enter');
    await thread.getByText('Calcium is in, ECG running. I am at the bed.').waitFor({ timeout: 30_000 });
    await thread.getByText(new RegExp(`answered`, 'i')).first().waitFor({ timeout: 30_000 });
    await takePicture(assistant.page, 'batons-answered.png');
    await go(nurse.page, '/');
    await nurse.page
      .getByRole('region', { name: 'Ended today' })
      .getByRole('link', { name: text })
      .waitFor({ timeout: 20_000 });
    expect(await nurse.page.getByRole('region', { name: 'You owe' }).getByText(text).count()).toBe(0);
  }, 90_000);
});

describe('a ladder edited after sending', () => {
  const text = 'Second troponin is back, please look at it.';

  it('goes on by its newest version, and hands over what the new person needs', async () => {
    const { duty, directory } = manager.session;
    const target = directory.people.read().find(({ name }) => name === nameOf('physician'));
    if (target === undefined) throw new Error('no physician');
    await shorten('talk', [{ from: 'open', afterMs: 120_000, target: 'supervisor' }]);
    await openRole(assistant.page, 'Nurse triage');
    await ask(assistant.page, 'Call me', text);
    await openBaton(nurse.page, text);
    // On duty again, and only now a step of the ladder.
    await physician.page
      .getByRole('button', { name: /on duty/i })
      .first()
      .click();
    await physician.page.getByText('You are on duty').first().waitFor();
    await shorten('talk', [
      { from: 'open', afterMs: 5000, target: target.id },
      { from: 'open', afterMs: 120_000, target: 'supervisor' },
    ]);
    expect(duty.ladders.read().some(({ steps }) => steps.some((step) => step.target === target.id))).toBe(
      true,
    );
    // A box for the new person comes from a device that can read the message; until then there is the sender and a number.
    await openBaton(physician.page, text, 40_000);
    await detail(physician.page, /^Call me/)
      .getByText(text)
      .waitFor({ timeout: 30_000 });
    await detail(physician.page, /^Call me/)
      .getByRole('button', { name: 'Close…' })
      .click();
    await physician.page.getByRole('menuitem', { name: /handled elsewhere/i }).click();
    await physician.page
      .getByRole('region', { name: 'Ended today' })
      .getByRole('link', { name: text })
      .waitFor({ timeout: 20_000 });
  }, 120_000);
});

/** Long enough after the first step that everything is up, looked at, and killed again in between, on a slow machine too. */
const SECOND_STEP_MS = 45_000;

describe('a missed deadline', () => {
  it('climbs the ladder although server, station and database are killed between the steps', async () => {
    const text = 'Chest pain, walk-in, needs eyes now.';
    await shorten('stat', [
      { from: 'open', afterMs: 6000, target: 'charge' },
      { from: 'open', afterMs: SECOND_STEP_MS, target: 'supervisor' },
    ]);
    await openRole(assistant.page, 'Physician on call');
    const sentAt = Date.now();
    await ask(assistant.page, 'STAT', text);

    await practice.product.killEverything();
    await delay(7000);
    await practice.product.up().ready(60_000);
    await go(nurse.page, '/');
    await batonLink(nurse.page, text).waitFor({ timeout: 30_000 });
    // Between the steps: one has fired and the other has not.
    const asker = await enterAs(linkOf('medical assistant'));
    const stepsOf = (device: EnteredDevice): (string | undefined)[] =>
      [...device.session.batons.waiting.read(), ...device.session.batons.escalated.read()]
        .filter((baton) => baton.text === text)
        .flatMap(({ lines }) => lines.filter(({ what }) => what === 'step').map(({ to }) => to?.name));
    await expect.poll(() => stepsOf(asker), { timeout: 15_000 }).toEqual(['Charge nurse']);
    await asker.close();

    await practice.product.killEverything();
    await delay(Math.max(0, sentAt + SECOND_STEP_MS + 2000 - Date.now()));
    await practice.product.up().ready(60_000);
    const held = async () =>
      [...manager.session.batons.owe.read(), ...manager.session.batons.escalated.read()].find(
        (baton) => baton.text === text,
      );
    await expect.poll(held, { timeout: 60_000, interval: 500 }).toBeDefined();
    const baton = await held();
    const steps = (baton?.lines ?? []).filter(({ what }) => what === 'step');
    expect(steps.map(({ to }) => to?.name)).toEqual(['Charge nurse', 'Duty supervisor']);
    expect(steps.every(({ reached }) => reached.length > 0)).toBe(true);
    if (baton === undefined) throw new Error('not there');
    await manager.session.batons.take(baton.id);
    await manager.session.batons.close(baton.id, 'handled-elsewhere');
  }, 240_000);
});

describe('handing over a shift', () => {
  it('moves what one owes in one step, with a note, when the receiver accepts', async () => {
    const text = 'INR check for bed 2 before noon.';
    await openRole(assistant.page, 'Charge nurse');
    await ask(assistant.page, 'Reply', text);
    await openBaton(nurse.page, text);
    // A role's baton goes with the role; this one becomes hers in person.
    await detail(nurse.page, /^Reply/)
      .getByRole('button', { name: 'Acknowledge' })
      .click();
    await detail(nurse.page, /^Reply/)
      .getByText('with you')
      .waitFor();
    await go(nurse.page, '/hand-over');
    await nurse.page.getByRole('combobox', { name: 'Colleague, role or queue' }).fill(nameOf('physician'));
    await nurse.page
      .getByRole('option', { name: new RegExp(nameOf('physician')) })
      .first()
      .click();
    await nurse.page
      .getByRole('textbox', { name: /What they should know about the shift/ })
      .fill('Quiet so far. Bed 2 is the one to watch.');
    await takePicture(nurse.page, 'batons-hand-over.png');
    await nurse.page.getByRole('button', { name: /^Hand over \d+ baton/ }).click();
    await nurse.page.getByText(/Each item stays yours until it is accepted/).waitFor({ timeout: 30_000 });

    await go(physician.page, '/hand-over');
    await physician.page.getByText('Bed 2 is the one to watch.').first().waitFor({ timeout: 30_000 });
    await takePicture(physician.page, 'batons-receive.png');
    const incoming = physician.page.getByRole('region', { name: /hands \d+ items? over to you/ });
    await incoming.getByText(text).waitFor({ timeout: 30_000 });
    await incoming
      .getByRole('listitem')
      .filter({ hasText: text })
      .getByRole('button', { name: 'Accept' })
      .click();
    await incoming.getByText(text).waitFor({ state: 'detached', timeout: 30_000 });
    await go(physician.page, '/');
    await openBaton(physician.page, text);
    await detail(physician.page, /^Reply/)
      .getByText('with you')
      .waitFor();
    await go(nurse.page, '/');
    // Still in sight for who was reached, but no more among what is owed.
    await nurse.page.getByRole('region', { name: 'With others' }).getByRole('link', { name: text }).waitFor();
    expect(await nurse.page.getByRole('region', { name: 'You owe' }).getByText(text).count()).toBe(0);
  }, 120_000);
});

describe('an owner whose account ends', () => {
  it('is not left holding anything', async () => {
    const text = 'Please sign the discharge letter for bed 7.';
    const { people, directory } = manager.session;
    await go(assistant.page, '/directory');
    await assistant.page.getByRole('searchbox').first().fill(nameOf('physician'));
    await assistant.page.getByText(nameOf('physician')).first().click();
    await assistant.page
      .getByRole('button', { name: /^(Message|Write)/ })
      .first()
      .click();
    await composer(assistant.page).waitFor();
    await ask(assistant.page, 'Reply', text);
    const person = directory.people.read().find(({ name }) => name === nameOf('physician'));
    if (person === undefined) throw new Error('no physician');
    await people.deactivate(person.id);
    // Who is next depends on who is on duty at this hour; that nobody is left with it does not.
    const asker = await enterAs(linkOf('medical assistant'));
    try {
      const found = () => asker.session.batons.waiting.read().find((baton) => baton.text === text);
      await expect
        .poll(() => found()?.lines.map(({ what }) => what), { timeout: 30_000, interval: 300 })
        .toContain('reassigned');
      expect(found()?.owner.name).not.toBe(nameOf('physician'));
    } finally {
      await asker.close();
    }
    // Who asked sees where it went.
    await assistant.page
      .getByRole('log')
      .getByText(/^with /)
      .last()
      .waitFor();
    await expect
      .poll(
        () =>
          assistant.page
            .getByRole('log')
            .getByText(/^with /)
            .last()
            .textContent(),
        { timeout: 20_000 },
      )
      .not.toContain(nameOf('physician'));
  }, 120_000);
});

it('says nothing to the console that it should not', () => {
  // While everything is killed on purpose, requests fail, and an account that has ended is refused; a browser says so.
  const expected =
    /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|WebSocket connection|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE|status of (?:401|422|503)\b|^\S*: (?:401|422|503) http|Failed to fetch/;
  expect(practice.complaints.filter((text) => !expected.test(text))).toEqual([]);
});
