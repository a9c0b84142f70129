import { hostsFor, readSmsSettings, SIMULATED, type SmsSettings, WEBHOOK } from '@baton/bridge-sms';
import type { Prompt } from '../terminal/prompt.ts';
import { askAll, type Draft } from './interview.ts';
import { ProgramSettings } from './program-settings.ts';

const PROGRAM = 'sms';

export interface SmsCommandPorts {
  readonly dataDir: string;
  readonly prompt: () => Prompt;
  readonly print: (line: string) => void;
  /** What went wrong. */
  readonly warn: (line: string) => void;
}

/** null: the questions were left unanswered. */
type Interview = (prompt: Prompt) => Promise<Draft | null>;

const CARRIERS: Readonly<Record<string, Interview>> = {
  simulator: async () => ({ name: 'simulator' }),
  twilio: (prompt) =>
    askAll(prompt, { name: 'twilio' }, [
      ['account', 'Account SID (AC…): '],
      ['authToken', 'Auth token (not shown): ', 'hidden'],
      ['number', "The practice's number (+1…): "],
      ['publicUrl', 'Address at which Twilio reaches this station (https://…): '],
    ]),
  telnyx: (prompt) =>
    askAll(prompt, { name: 'telnyx' }, [
      ['apiKey', 'API key (not shown): ', 'hidden'],
      ['publicKey', 'Public key, for webhooks: '],
      ['number', "The practice's number (+1…): "],
      ['profile', "Messaging profile (empty: the number's own): ", 'optional'],
    ]),
};

/** `sms ...`: the exit code, or null where the words make no command. Secrets are asked for: a command line is seen by others. */
export async function runSmsCommand(args: readonly string[], ports: SmsCommandPorts): Promise<number | null> {
  const [verb, object] = args;
  if (verb === 'show' && args.length === 1) return show(ports);
  if (verb === 'mail' && args.length === 1) return change(ports, 'mail', askMail);
  if (object === undefined || args.length !== 2) return null;
  const carrier = CARRIERS[object];
  if (verb === 'set' && carrier) return change(ports, 'carrier', carrier);
  if (verb === 'mail' && object === 'off') return change(ports, 'mail', async () => ({}));
  if (verb === 'scanner')
    return change(ports, 'scanner', async () => (object === 'off' ? {} : addressOf(object)));
  return null;
}

async function change(
  ports: SmsCommandPorts,
  part: keyof SmsSettings,
  interview: Interview,
): Promise<number> {
  const files = new ProgramSettings(ports.dataDir);
  const known = readKnown(files);
  if (typeof known === 'string' && part !== 'carrier') {
    ports.warn(known);
    return 78;
  }
  const prompt = ports.prompt();
  let given: Draft | null;
  try {
    given = await interview(prompt);
  } finally {
    prompt.close();
  }
  if (given === null) {
    ports.warn('Nothing was changed.');
    return 1;
  }
  const base = typeof known === 'string' ? SIMULATED : known;
  const wanted = { ...base, [part]: Object.keys(given).length === 0 ? null : given };
  const read = readSmsSettings(wanted);
  if (!read.ok) {
    ports.warn(`Not saved: ${read.error.sentence}`);
    return 78;
  }
  files.write(PROGRAM, read.value);
  ports.print(`Saved in ${files.path(PROGRAM)}. A running station takes it up within seconds.`);
  describe(read.value, ports.print);
  return 0;
}

function show(ports: SmsCommandPorts): number {
  const known = readKnown(new ProgramSettings(ports.dataDir));
  if (typeof known === 'string') {
    ports.warn(known);
    return 78;
  }
  describe(known, ports.print);
  return 0;
}

/** The sentence where what is there cannot be used. */
function readKnown(files: ProgramSettings): SmsSettings | string {
  const file = files.read(PROGRAM);
  if (!file.ok) return file.sentence;
  if (file.json === null) return SIMULATED;
  const read = readSmsSettings(JSON.parse(file.json));
  return read.ok
    ? read.value
    : `${files.path(PROGRAM)}: ${read.error.sentence} The texting assistant does nothing.`;
}

/** Without a secret in it. */
function describe(settings: SmsSettings, print: (line: string) => void): void {
  const { carrier, mail, scanner } = settings;
  print(`Carrier     ${carrier.name}, number ${carrier.number}`);
  if (carrier.name === 'twilio') print(`Webhook     ${carrier.publicUrl}${WEBHOOK}`);
  if (carrier.name === 'telnyx') print(`Webhook     this station's public address, then ${WEBHOOK}`);
  const simulated = carrier.name === 'simulator' ? "the simulator's mailbox" : 'none';
  print(`E-mail      ${mail ? `${mail.host}:${mail.port}, from ${mail.from}` : simulated}`);
  print(
    `Scanner     ${scanner ? `clamd at ${scanner.host}:${scanner.port}` : 'none: files are judged by their bytes'}`,
  );
  const hosts = hostsFor(settings);
  print(`Hosts       ${hosts.length === 0 ? 'none' : hosts.join(', ')}`);
  if (hosts.length > 0)
    print("            The texting assistant's manifest has to list these hosts (page Assistants).");
}

async function askMail(prompt: Prompt): Promise<Draft | null> {
  const given = await askAll(prompt, {}, [
    ['host', 'Mail server: '],
    ['port', 'Port (587 with STARTTLS, 465 with TLS from the start): '],
    ['from', 'Sender (Practice <care@example.org>): '],
    ['user', 'Login name (empty: none): ', 'optional'],
  ]);
  if (given === null) return null;
  const { host, from, user } = given;
  const port = Number(given['port']);
  const password = user === null ? null : await prompt.askHidden('Password (not shown): ');
  if (user !== null && !password) return null;
  return { host, port, implicitTls: port === 465, login: user === null ? null : { user, password }, from };
}

function addressOf(text: string): Draft {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, Math.max(colon, 0)), port: Number(text.slice(colon + 1)) };
}
