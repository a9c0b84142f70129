import { runAgentCommand } from './agents/agent-commands.ts';
import { stationConfigFromProcess } from './config.ts';
import { runImport } from './fhir/run-import.ts';
import { runStation } from './run-station.ts';
import { openPrompt } from './terminal/prompt.ts';

const USAGE = `Usage: npm run station -- COMMAND

  run                          keep the station running (the supervisor does this)
  import fhir FILE|FOLDER|URL  take FHIR R4 bundles into the sealed patient registry
      --dry-run                only say what would be taken and skipped
  agent add LINK               take in an assistant that an administrator has invited; its keys are made here
  agent list                   the assistants of this station and how they are
  agent remove ACCOUNT         forget an assistant's keys for good
  agent digest PROGRAM         code digest of a program, for its manifest
  sms set CARRIER              twilio, telnyx or simulator: accounts and secrets are asked for
  sms mail [off]               the mail server for invitations by e-mail
  sms scanner HOST:PORT|off    a clamd that looks through what patients send
  sms show                     what is set, without secrets, and the hosts that the manifest has to list

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
  if (command === 'agent') {
    const code = await runAgentCommand(args.slice(1), config.value);
    if (code !== null) return code;
  }
  if (command === 'sms') {
    // Loaded here only: the station itself never runs a bridge's code in its own process.
    const { runSmsCommand } = await import('./settings/sms-commands.ts');
    const code = await runSmsCommand(args.slice(1), {
      dataDir: config.value.dataDir,
      prompt: () => openPrompt({ input: process.stdin, output: process.stderr }),
      print: (line) => process.stdout.write(`${line}\n`),
      warn: (line) => process.stderr.write(`${line}\n`),
    });
    if (code !== null) return code;
  }
  process.stderr.write(USAGE);
  return command === '--help' ? 0 : 64;
}

process.exitCode = await main(process.argv.slice(2));
