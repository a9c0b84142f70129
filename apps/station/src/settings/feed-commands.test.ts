import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { readFhirSettings } from '@baton/bridge-fhir';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPrompt } from '../terminal/prompt.ts';
import { type FeedCommandPorts, runFhirCommand, runHl7v2Command } from './feed-commands.ts';
import { ProgramSettings } from './program-settings.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'baton-feeds-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

async function run(words: string, answers: readonly string[] = []) {
  const [printed, warned]: [string[], string[]] = [[], []];
  const [program, ...args] = words.split(' ');
  const ports: FeedCommandPorts = {
    dataDir,
    prompt: () => {
      const input = new PassThrough();
      input.end(answers.map((line) => `${line}\n`).join(''));
      return openPrompt({ input, output: new PassThrough() });
    },
    print: (line) => void printed.push(line),
    warn: (line) => void warned.push(line),
  };
  const code = await (program === 'fhir' ? runFhirCommand : runHl7v2Command)(args, ports);
  return { code, printed: printed.join('\n'), warned: warned.join('\n') };
}
const stored = (program: string): unknown => {
  const read = new ProgramSettings(dataDir).read(program);
  return read.ok && read.json !== null ? JSON.parse(read.json) : null;
};

it('keeps what an HL7 v2 interface needs, and what was written by hand beside it', async () => {
  expect((await run('hl7v2 show')).code).toBe(78);
  expect((await run('hl7v2 set', ['America/New_York', 'HOSP', 'urn:mrn'])).code).toBe(0);
  const files = new ProgramSettings(dataDir);
  files.write('hl7v2', { ...(stored('hl7v2') as object), minutes: 45 });
  expect((await run('hl7v2 set', ['America/Chicago', '', 'urn:mrn'])).code).toBe(0);
  expect(stored('hl7v2')).toMatchObject({
    timeZone: 'America/Chicago',
    authorities: [{ authority: '', system: 'urn:mrn' }],
    minutes: 45,
  });
  expect((await run('hl7v2 set', ['Springfield', 'HOSP', 'urn:mrn'])).code).toBe(78);
  expect((await run('hl7v2 show')).printed).toContain('America/Chicago');
});

it('makes a key for SMART Backend Services, and shows its public half only', async () => {
  const answers = [
    'https://ehr.example.org/fhir',
    'America/New_York',
    'smart',
    'https://login.example.org/token',
    'baton',
    'yes',
    'response',
  ];
  const done = await run('fhir set', answers);
  expect(done.code).toBe(0);
  expect(done.printed).toContain('ehr.example.org, login.example.org');
  const read = readFhirSettings(stored('fhir'));
  const secret = read.ok && read.value.auth.kind === 'smart' ? read.value.auth.key.d : '';
  expect(secret.length).toBeGreaterThan(40);
  const shown = await run('fhir key');
  expect(JSON.parse(shown.printed)).toMatchObject({ keys: [{ kty: 'EC', crv: 'P-384', use: 'sig' }] });
  for (const text of [done.printed, shown.printed, (await run('fhir show')).printed])
    expect(text).not.toContain(secret);
  expect(statSync(new ProgramSettings(dataDir).path('fhir')).mode & 0o777).toBe(0o600);
});

it('saves nothing half, and repeats no secret', async () => {
  const short = await run('fhir set', [
    'https://ehr.example.org/fhir',
    'America/New_York',
    'bearer',
    'short',
    'no',
    'none',
  ]);
  expect(short).toMatchObject({ code: 78 });
  expect(short.warned).not.toContain('short');
  expect((await run('fhir set', ['https://ehr.example.org/fhir'])).code).toBe(1);
  expect(stored('fhir')).toBeNull();
  expect((await run('fhir key')).code).toBe(78);
  for (const words of ['fhir', 'fhir get', 'hl7v2 key', 'hl7v2 set now'])
    expect((await run(words)).code).toBeNull();
});
