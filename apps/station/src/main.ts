import { runAgentCommand } from './agents/agent-commands.ts';
import { stationConfigFromProcess } from './config.ts';
import { runImport } from './fhir/run-import.ts';
import { runStation } from './run-station.ts';
import { openPrompt } from './terminal/prompt.ts';

const USAGE = `Usage: npm run station -- COMMAND

  run                          keep the station running (the supervisor does this)
  import fhir FILE|FOLDER|URL  take FHIR R4 bundles into the sealed patient registry
      --dry-run                only say what would be taken and skipped
  import appointments FILE|FOLDER|URL  take FHIR R4 Appointments into the sealed schedule
      --dry-run                compare with what is there, and change nothing
      --zone ZONE              the practice's time zone (default: that of the FHIR interface)
      --same-ids               the registry is from the same system: Patient/<id> is the same patient
  agent add LINK               take in an assistant that an administrator has invited; its keys are made here
  agent list                   the assistants of this station and how they are
  agent remove ACCOUNT         forget an assistant's keys for good
  agent digest PROGRAM         code digest of a program, for its manifest
  sms set CARRIER              twilio, telnyx or simulator: accounts and secrets are asked for
  sms mail [off]               the mail server for invitations by e-mail
  sms scanner HOST:PORT|off    a clamd that looks through what patients send
  sms show                     what is set, without secrets, and the hosts that the manifest has to list
  hl7v2 set | show             the record system's HL7 v2 interface (MLLP at BATON_MLLP_PORT)
  fhir set | show | key        the record system's FHIR R4 interface; key: the public key to register there

The first import asks how to sign in and keeps a device key in BATON_STATION_DATA_DIR; later ones go on with it.
`;

/** Exit codes follow sysexits(3): 64 wrong usage, 78 wrong setting. */
async function main(args: readonly string[]): Promise<number> {
  const config = stationConfigFromProcess();
  if (!config.ok) {
    process.stderr.write(`${config.error}\n`);
    return 78;
  }
  const [command, kind, source, ...flags] = args;
  if (command === 'run' && args.length === 1) return runStation(config.value);
  if (
    command === 'import' &&
    kind === 'fhir' &&
    source !== undefined &&
    flags.every((flag) => flag === '--dry-run')
  ) {
    return runImport({ config: config.value, source, dryRun: flags.length > 0 });
  }
  if (command === 'import' && kind === 'appointments' && source !== undefined) {
    const options = readImportOptions(flags);
    // Loaded here only: the station itself never runs a bridge's code in its own process.
    const { importAppointments } = await import('./fhir/appointments/import-appointments.ts');
    if (options !== null) return importAppointments({ config: config.value, source, ...options });
  }
  if (command === 'agent') {
    const code = await runAgentCommand(args.slice(1), config.value);
    if (code !== null) return code;
  }
  const ports = {
    dataDir: config.value.dataDir,
    prompt: () => openPrompt({ input: process.stdin, output: process.stderr }),
    print: (line: string) => void process.stdout.write(`${line}\n`),
    warn: (line: string) => void process.stderr.write(`${line}\n`),
  };
  if (command === 'sms') {
    const { runSmsCommand } = await import('./settings/sms-commands.ts');
    const code = await runSmsCommand(args.slice(1), ports);
    if (code !== null) return code;
  }
  if (command === 'hl7v2' || command === 'fhir') {
    const { runFhirCommand, runHl7v2Command } = await import('./settings/feed-commands.ts');
    const code = await (command === 'fhir' ? runFhirCommand : runHl7v2Command)(args.slice(1), ports);
    if (code !== null) return code;
  }
  process.stderr.write(USAGE);
  return command === '--help' ? 0 : 64;
}

interface ImportOptions {
  readonly dryRun: boolean;
  readonly sameIds: boolean;
  readonly timeZone: string | null;
}

/** null where the words make no options. */
function readImportOptions(words: readonly string[]): ImportOptions | null {
  let options: ImportOptions = { dryRun: false, sameIds: false, timeZone: null };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    const next = words[index + 1];
    if (word === '--dry-run') options = { ...options, dryRun: true };
    else if (word === '--same-ids') options = { ...options, sameIds: true };
    else if (word === '--zone' && next !== undefined) {
      options = { ...options, timeZone: next };
      index += 1;
    } else return null;
  }
  return options;
}

process.exitCode = await main(process.argv.slice(2));
