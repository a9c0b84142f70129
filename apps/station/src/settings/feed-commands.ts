import { type FhirSettings, hostsFor, readFhirSettings } from '@baton/bridge-fhir';
import { type Hl7v2Settings, readHl7v2Settings } from '@baton/bridge-hl7v2';
import type { Result } from '@baton/kernel';
import type { Prompt } from '../terminal/prompt.ts';
import { askAll, type Draft } from './interview.ts';
import { ProgramSettings } from './program-settings.ts';
import { makeSigningKey, publicKeySet } from './smart-key.ts';

export interface FeedCommandPorts {
  readonly dataDir: string;
  readonly prompt: () => Prompt;
  readonly print: (line: string) => void;
  /** What went wrong. */
  readonly warn: (line: string) => void;
}

interface Feed<S extends object> {
  readonly program: 'hl7v2' | 'fhir';
  readonly read: (given: unknown) => Result<S, { readonly sentence: string }>;
  /** null: the questions were left unanswered. */
  readonly ask: (prompt: Prompt) => Promise<Draft | null>;
  /** Without a secret in it. */
  readonly describe: (settings: S, print: (line: string) => void) => void;
}

const HL7V2: Feed<Hl7v2Settings> = {
  program: 'hl7v2',
  read: readHl7v2Settings,
  ask: askHl7v2,
  describe({ timeZone, authorities, characterSet, processing, locations, minutes }, print) {
    print(`Time zone   ${timeZone}`);
    for (const { authority, system } of authorities)
      print(`Numbers     PID-3.4 "${authority}" is ${system === '' ? 'no system' : system} in the registry`);
    print(`Messages    ${characterSet} unless they say otherwise, processing ${processing.join(', ')}`);
    print(
      `Visits      ${minutes} minutes where nothing is said, ${Object.keys(locations).length} places with words of their own`,
    );
  },
};

const FHIR: Feed<FhirSettings> = {
  program: 'fhir',
  read: readFhirSettings,
  ask: askFhir,
  describe(settings, print) {
    const { baseUrl, auth, timeZone, everySeconds, pastDays, sameIds, writeBack } = settings;
    print(
      `Server      ${baseUrl}, every ${everySeconds} s, visits of the last ${pastDays} days and all to come`,
    );
    print(
      `Sign-in     ${auth.kind === 'smart' ? `SMART Backend Services as ${auth.clientId}, key ${auth.key.kid}` : auth.kind}`,
    );
    print(`Time zone   ${timeZone}`);
    print(`Patients    by identifier${sameIds ? ', and Patient/<id> is the same here and there' : ''}`);
    print(`Write-back  ${writeBack}`);
    print(`Hosts       ${hostsFor(settings).join(', ')}`);
    print("            The assistant's manifest has to list these hosts (page Assistants).");
  },
};

/** `hl7v2 set|show`: the exit code, or null where the words make no command. */
export async function runHl7v2Command(
  args: readonly string[],
  ports: FeedCommandPorts,
): Promise<number | null> {
  return runFeedCommand(HL7V2, args, ports);
}

/** `fhir set|show|key`. Secrets are asked for: a command line is seen by others. */
export async function runFhirCommand(
  args: readonly string[],
  ports: FeedCommandPorts,
): Promise<number | null> {
  if (args.length !== 1 || args[0] !== 'key') return runFeedCommand(FHIR, args, ports);
  const known = readKnown(FHIR, new ProgramSettings(ports.dataDir));
  if (typeof known === 'string' || known?.auth.kind !== 'smart') {
    ports.warn(typeof known === 'string' ? known : 'No key is set up: run "fhir set" and choose smart.');
    return 78;
  }
  ports.print(JSON.stringify(publicKeySet(known.auth.key), null, 2));
  return 0;
}

async function runFeedCommand<S extends object>(
  feed: Feed<S>,
  args: readonly string[],
  ports: FeedCommandPorts,
): Promise<number | null> {
  const [verb] = args;
  if (args.length !== 1 || (verb !== 'set' && verb !== 'show')) return null;
  const files = new ProgramSettings(ports.dataDir);
  const known = readKnown(feed, files);
  if (verb === 'show') {
    if (typeof known === 'string' || known === null) {
      ports.warn(known ?? `Not set up: run "${feed.program} set".`);
      return 78;
    }
    feed.describe(known, ports.print);
    return 0;
  }
  const prompt = ports.prompt();
  let given: Draft | null;
  try {
    given = await feed.ask(prompt);
  } finally {
    prompt.close();
  }
  if (given === null) {
    ports.warn('Nothing was changed.');
    return 1;
  }
  // What was written into the file by hand stays.
  const read = feed.read({ ...(typeof known === 'string' ? {} : known), ...given });
  if (!read.ok) {
    ports.warn(`Not saved: ${read.error.sentence}`);
    return 78;
  }
  files.write(feed.program, read.value);
  ports.print(`Saved in ${files.path(feed.program)}. A running station takes it up within seconds.`);
  feed.describe(read.value, ports.print);
  return 0;
}

/** The sentence where what is there cannot be used; null where nothing is. */
function readKnown<S extends object>(feed: Feed<S>, files: ProgramSettings): S | string | null {
  const file = files.read(feed.program);
  if (!file.ok) return file.sentence;
  if (file.json === null) return null;
  const read = feed.read(JSON.parse(file.json));
  return read.ok
    ? read.value
    : `${files.path(feed.program)}: ${read.error.sentence} The assistant does nothing.`;
}

async function askHl7v2(prompt: Prompt): Promise<Draft | null> {
  const given = await askAll(prompt, {}, [
    ['timeZone', 'Time zone of the practice (America/New_York): '],
    [
      'authority',
      'Assigning authority of the record numbers, as PID-3.4 says it (empty: where PID-3.4 is empty): ',
      'optional',
    ],
    ['system', 'What the registry calls them (identifier system): '],
  ]);
  if (given === null) return null;
  const { timeZone, authority, system } = given;
  return { timeZone, authorities: [{ authority: authority ?? '', system }] };
}

async function askFhir(prompt: Prompt): Promise<Draft | null> {
  const given = await askAll(prompt, {}, [
    ['baseUrl', 'Base of the FHIR R4 server (https://ehr.example.org/fhir): '],
    ['timeZone', 'Time zone of the practice (America/New_York): '],
    ['kind', 'Sign-in (smart, bearer or none): '],
  ]);
  if (given === null) return null;
  const { baseUrl, timeZone, kind } = given;
  const auth = await askSignIn(prompt, kind);
  const rest =
    auth &&
    (await askAll(prompt, {}, [
      [
        'same',
        'Was the patient registry filled from this server, so that Patient/<id> is the same (yes or no): ',
      ],
      ['writeBack', 'How changes go back (none, response or appointment): '],
    ]));
  if (auth === null || rest === null) return null;
  const { same, writeBack } = rest;
  return { baseUrl, timeZone, auth, sameIds: same === 'yes', writeBack };
}

async function askSignIn(prompt: Prompt, kind: unknown): Promise<Draft | null> {
  if (kind === 'bearer') return askAll(prompt, { kind }, [['token', 'Token (not shown): ', 'hidden']]);
  if (kind !== 'smart') return { kind };
  const given = await askAll(prompt, { kind }, [
    ['tokenUrl', 'Token endpoint (https://…): '],
    ['clientId', 'Client id that the record system gave: '],
  ]);
  return given && { ...given, key: await makeSigningKey() };
}
