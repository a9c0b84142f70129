#!/usr/bin/env node
import { EmbeddedPostgresError } from '@baton/embedded-postgres';
import { EXIT_CONFIG, readConfig } from './config.ts';
import { Refusal } from './refusal.ts';
import { stopOnSignals } from './stop-signals.ts';
import { PROGRAMS, up } from './up.ts';

const HELP = `Baton: end-to-end encrypted messaging for care

  up            start database, server and station, until Ctrl-C (the default)
  admin init    print a one-time link to set up a new organisation
  --help        this text

Settings (environment)
  BATON_PORT          8420                     port to listen on
  BATON_HOST          127.0.0.1                address to listen on
  BATON_PUBLIC_URL    http://localhost:<port>  address people open
  BATON_DATA_DIR      .baton                   folder of everything that is kept
  BATON_DATABASE_URL  (none)                   a PostgreSQL 15 or newer, instead of the embedded one
  BATON_DEMO          (see below)              1 with the demo practice, 0 without
  BATON_STATION       1                        0 leaves out the station
  BATON_STATION_PORT  BATON_PORT + 1           port for text carriers and the phone simulator
  BATON_STATION_HOST  127.0.0.1                address to listen on for them
  BATON_MLLP_PORT     (none)                   port for HL7 v2 interfaces (MLLP); none: not taken
  BATON_MLLP_HOST     127.0.0.1                address to listen on for them
  BATON_LOG_LEVEL     warn                     error, warn, info or debug
  BATON_NOTICE_CHANNEL    (see below)          none, console, file or console,file: where text and voice notices go
  BATON_PUSH_HOSTS        (none)               push services beside those of the browsers: host or host:port, with commas
  BATON_WEBHOOK_LOOPBACK  0                    1 lets webhooks go to this machine

The demo practice is made by default only with the embedded database and an address of this machine alone.
Notices go to console and file in the demo, elsewhere nowhere unless it is set.
`;

/** Exit code for a command line that makes no sense (sysexits.h: EX_USAGE). */
const EXIT_USAGE = 64;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const log = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(args: readonly string[]): Promise<number> {
  const command = args.join(' ');
  if (['--help', '-h', 'help'].includes(command)) {
    say(HELP);
    return 0;
  }
  if (!['', 'up', 'admin init'].includes(command)) {
    log(`"${command}" is not a command of Baton; the commands are up, admin init and --help.`);
    return EXIT_USAGE;
  }
  const config = readConfig();
  if (!config.ok) {
    log(config.error);
    return EXIT_CONFIG;
  }
  try {
    if (command === 'admin init') {
      const { adminInit } = await import('./admin.ts');
      say(await adminInit(config.value, log));
      return 0;
    }
    const stop = stopOnSignals({ startedByNpm: config.value.startedByNpm, log });
    await up({ config: config.value, programs: PROGRAMS, stop, say, log });
    return 0;
  } catch (error) {
    if (error instanceof Refusal || error instanceof EmbeddedPostgresError) {
      log(error.message);
      return error instanceof Refusal ? error.exitCode : 1;
    }
    throw error;
  }
}

// A terminal that is gone must not keep us from stopping in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

process.exitCode = await main(process.argv.slice(2));
process.disconnect?.();
