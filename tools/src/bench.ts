// Every figure beside its limit, measured in the same run: `npm run bench`, or `npm run bench -- seal accepts latency timers registry texts programmes` for some.
// `--patients N` makes another registry than one of 50,000.
// `--profile DIR` has the server write a CPU profile there. Results go to bench-results/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchAccepts } from './bench/accepts.ts';
import { benchLatency } from './bench/latency.ts';
import { type BenchResults, formatRows, machineFacts, rowsOf } from './bench/report.ts';
import { benchProgrammes } from './bench/programmes.ts';
import { benchRegistry, REGISTRY_PATIENTS } from './bench/registry.ts';
import { benchSealOpen } from './bench/seal-open.ts';
import { setUpOrganisation } from './bench/sending-practice.ts';
import { startSurroundings, type Surroundings } from './bench/surroundings.ts';
import { benchTexts } from './bench/texts.ts';
import { benchTimers } from './bench/timers.ts';

const RESULTS = fileURLToPath(new URL('../../bench-results', import.meta.url));
const PARTS = ['seal', 'accepts', 'latency', 'timers', 'registry', 'texts', 'programmes'] as const;
type Part = (typeof PARTS)[number];

const progress = (line: string): void => console.error(`… ${line}`);

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { profile: { type: 'string' }, patients: { type: 'string' } },
  });
  const unknown = positionals.filter((name) => !(PARTS as readonly string[]).includes(name));
  if (unknown.length > 0) {
    console.error(`No such part: ${unknown.join(', ')}. There are: ${PARTS.join(' ')}`);
    process.exitCode = 2;
    return;
  }
  const startedAt = new Date();
  const startedMs = performance.now();
  const isWanted = (part: Part): boolean => positionals.length === 0 || positionals.includes(part);
  if (isWanted('seal')) progress('seal and open');
  const sealOpen = isWanted('seal') ? await benchSealOpen() : null;
  const patients = Number(values.patients ?? REGISTRY_PATIENTS);
  const served = await benchServer(isWanted, { profileDir: values.profile ?? null, patients });
  const { latency, accepts, timers, registry, texts, programmes } = served;
  const figures = { sealOpen, latency, accepts, timers, registry, texts, programmes };
  const results: BenchResults = {
    at: startedAt.toISOString(),
    seconds: Math.round((performance.now() - startedMs) / 1000),
    machine: machineFacts(served.postgresVersion),
    rows: rowsOf(figures),
    ...figures,
  };
  write(results);
  const { machine } = results;
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(', ');
  console.log(
    `\n${machine.cpus} x ${machine.model}, ${machine.memoryGiB} GiB, Node ${machine.node}, PostgreSQL ${machine.postgres ?? 'not used'}; ` +
      `${results.seconds} s. Clients, load, server and database share these processors. Load average over 1, 5 and 15 min: ${load}.\n`,
  );
  console.log(formatRows(results.rows));
}

async function benchServer(
  isWanted: (part: Part) => boolean,
  { profileDir, patients }: { readonly profileDir: string | null; readonly patients: number },
) {
  const none = { latency: null, accepts: null, timers: null, registry: null, texts: null };
  const programmes = isWanted('programmes') ? await benchOwnServer(profileDir) : null;
  const isApart = (part: Part): boolean => part === 'seal' || part === 'programmes';
  if (!PARTS.some((part) => !isApart(part) && isWanted(part)))
    return {
      ...none,
      programmes: programmes?.figures ?? null,
      postgresVersion: programmes?.postgresVersion ?? null,
    };
  const at = await start(profileDir);
  try {
    const admin = await setUpOrganisation(at);
    // Under load first: latency is that of a server that has been at work, not of one that has just started.
    const accepts = isWanted('accepts') ? await benchAccepts(at, admin, progress) : null;
    const latency = isWanted('latency') ? await benchLatency(at, admin, progress) : null;
    const timers = isWanted('timers') ? await benchTimers(at, admin, progress) : null;
    const registry = isWanted('registry') ? await benchRegistry(at, admin, { patients, progress }) : null;
    const texts = isWanted('texts') ? await benchTexts(at, admin, progress) : null;
    await admin.close();
    const { postgresVersion } = at;
    return {
      latency,
      accepts,
      timers,
      registry,
      texts,
      programmes: programmes?.figures ?? null,
      postgresVersion,
    };
  } finally {
    await at.stop();
  }
}

/** Programmes have an organisation of their own: a practice is set up for care once. */
async function benchOwnServer(profileDir: string | null) {
  const at = await start(profileDir);
  try {
    const admin = await setUpOrganisation(at);
    const figures = await benchProgrammes(at, admin, progress);
    await admin.close();
    return { figures, postgresVersion: at.postgresVersion };
  } finally {
    await at.stop();
  }
}

async function start(profileDir: string | null): Promise<Surroundings> {
  progress('starting PostgreSQL and the server');
  const at = await startSurroundings({ resultsDir: RESULTS, profileDir });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void at.stop().finally(() => process.exit(1)));
  return at;
}

function write(results: BenchResults): void {
  mkdirSync(RESULTS, { recursive: true });
  const text = `${JSON.stringify(results, null, 2)}\n`;
  for (const name of [results.at.replaceAll(/[:.]/g, '-'), 'latest'])
    writeFileSync(join(RESULTS, `${name}.json`), text);
}

await main();
