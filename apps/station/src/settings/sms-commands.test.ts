import { mkdtempSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPrompt } from '../terminal/prompt.ts';
import { ProgramSettings } from './program-settings.ts';
import { runSmsCommand } from './sms-commands.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'baton-settings-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;
const TOKEN = 'fedcba9876543210fedcba9876543210';
const TWILIO = [ACCOUNT, TOKEN, '+12025550100', 'https://texts.practice.example'];

async function run(words: string, answers: readonly string[] = []) {
  const [printed, warned]: [string[], string[]] = [[], []];
  const asked = new PassThrough();
  const code = await runSmsCommand(words.split(' '), {
    dataDir,
    prompt: () => {
      const input = new PassThrough();
      input.end(answers.map((line) => `${line}\n`).join(''));
      return openPrompt({ input, output: asked });
    },
    print: (line) => void printed.push(line),
    warn: (line) => void warned.push(line),
  });
  return { code, printed: printed.join('\n'), warned: warned.join('\n'), asked: String(asked.read() ?? '') };
}
const stored = (): unknown => {
  const read = new ProgramSettings(dataDir).read('sms');
  return read.ok && read.json !== null ? JSON.parse(read.json) : null;
};

it('keeps account and secret in a file that only the station reads, and shows no secret', async () => {
  const done = await run('set twilio', TWILIO);
  expect(done.code).toBe(0);
  expect(stored()).toMatchObject({ carrier: { name: 'twilio', account: ACCOUNT, authToken: TOKEN } });
  const path = new ProgramSettings(dataDir).path('sms');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(dataDir, 'settings')).mode & 0o777).toBe(0o700);
  expect(done.printed).toContain('https://texts.practice.example/sms/webhook');
  expect(done.printed).toContain('api.twilio.com');
  const shown = await run('show');
  for (const text of [done.printed, done.asked, shown.printed]) expect(text).not.toContain(TOKEN);
});

it('T23 saves nothing half', async () => {
  for (const answers of [
    TWILIO.slice(0, 1),
    [ACCOUNT, '', ...TWILIO.slice(2)],
    [ACCOUNT, 'short', ...TWILIO.slice(2)],
  ]) {
    const { code, warned } = await run('set twilio', answers);
    expect(code).not.toBe(0);
    expect(warned).not.toBe('');
    expect(warned).not.toContain('short');
    expect(stored()).toBeNull();
  }
  await run('set twilio', TWILIO);
  expect((await run('set telnyx', ['KEY0123456789ABCDEF', 'no key', '+12025550100', ''])).code).toBe(78);
  expect(stored()).toMatchObject({ carrier: { name: 'twilio' } });
});

it('keeps the carrier when mail or scanner change', async () => {
  await run('set twilio', TWILIO);
  const mail = ['smtp.practice.example', '465', 'Practice <care@practice.example>', 'care', 'a password'];
  expect((await run('mail', mail)).printed).not.toContain('a password');
  await run('scanner localhost:3310');
  expect(stored()).toMatchObject({
    carrier: { name: 'twilio' },
    mail: { port: 465, implicitTls: true, login: { user: 'care', password: 'a password' } },
    scanner: { host: 'localhost', port: 3310 },
  });
  expect((await run('show')).printed).toContain('smtp.practice.example:465, localhost:3310');
  await run('mail off');
  await run('scanner off');
  expect(stored()).toMatchObject({ carrier: { name: 'twilio' }, mail: null, scanner: null });
  expect((await run('scanner nowhere')).code).toBe(78);
});

it('says what is wrong with a file that others can read, or that does not fit', async () => {
  expect((await run('show')).printed).toContain('simulator');
  await run('set twilio', TWILIO);
  const path = new ProgramSettings(dataDir).path('sms');
  chmodSync(path, 0o640);
  expect(await run('show')).toMatchObject({ code: 78, warned: expect.stringContaining('0600') as string });
  writeFileSync(path, '{"carrier":{"name":"twilio"}}');
  chmodSync(path, 0o600);
  expect(await run('show')).toMatchObject({
    code: 78,
    warned: expect.stringContaining('carrier.account') as string,
  });
  expect((await run('mail off')).code).toBe(78);
  expect((await run('set simulator')).code).toBe(0);
  expect((await run('show')).code).toBe(0);
});

it('knows its words', async () => {
  for (const words of ['', 'set', 'set other', 'show all', 'mail on', 'scanner'])
    expect((await run(words)).code).toBeNull();
});
