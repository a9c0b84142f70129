import { execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const STATION = fileURLToPath(new URL('../../../apps/station/src/main.ts', import.meta.url));
const TOKEN = 'fedcba9876543210fedcba9876543210';
const PUBLIC_URL = 'https://texts.practice.example';
/** The settings of a station that texts by Twilio: an account of nobody. */
export const TWILIO = {
  carrier: {
    name: 'twilio',
    account: `AC${'0123456789abcdef'.repeat(2)}`,
    authToken: TOKEN,
    number: '+12025550100',
    publicUrl: PUBLIC_URL,
  },
};

/** The real station in a process of its own, and a carrier that signs. */
export interface BenchStation {
  /** Status of the answer. `from` in E.164; `id` has 32 hex digits. */
  text(given: { readonly from: string; readonly body: string; readonly id: string }): Promise<number>;
  /** Through the listener to the assistant and back: its signature is wrong, and nothing is done. */
  echo(): Promise<number>;
  /** Texts that the simulated phones have got by now; null while the assistant is not at work. Only of a station that has no other carrier. */
  phones(): Promise<readonly PhoneText[] | null>;
  stop(): Promise<void>;
}

/** As the page of the simulated phones is told. */
export interface PhoneText {
  readonly direction: 'in' | 'out';
  readonly text: string;
  /** When the carrier had it, by the machine's clock. */
  readonly at: number;
}

/** `digest` of the texting assistant's code. */
export function digestOfTexting(): Uint8Array {
  const said = execFileSync(process.execPath, [STATION, 'agent', 'digest', 'sms'], { encoding: 'utf8' });
  const digest = new Uint8Array(Buffer.from(said.trim(), 'base64url'));
  if (digest.length !== 32) throw new Error('the station names no digest');
  return digest;
}

export async function startStation(options: {
  readonly serverUrl: string;
  readonly dataDir: string;
  readonly link: string;
  /** Of the texting assistant. */
  readonly sms: unknown;
}): Promise<BenchStation> {
  const port = await findFreePort();
  const env = {
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: options.dataDir,
    BATON_STATION_SERVER_URL: options.serverUrl,
    BATON_STATION_DATA_DIR: options.dataDir,
    BATON_STATION_PORT: String(port),
  };
  const settings = join(options.dataDir, 'settings');
  mkdirSync(settings, { recursive: true, mode: 0o700 });
  writeFileSync(join(settings, 'sms.json'), JSON.stringify(options.sms), { mode: 0o600 });
  execFileSync(process.execPath, [STATION, 'agent', 'add', options.link], { env, stdio: 'pipe' });
  const child = spawn(process.execPath, [STATION, 'run'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  // Its lines say what it did with each text; what stops it is on its standard error.
  child.stdout.resume();
  const agent = new Agent({ keepAlive: true });
  const post = (body: string, signature: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = {
        host: 'texts.practice.example',
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'x-twilio-signature': signature,
      };
      const path = '/sms/webhook';
      const asked = httpRequest(
        { host: '127.0.0.1', port, path, method: 'POST', headers, agent },
        (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  const sign = (fields: Readonly<Record<string, string>>): string => {
    const data = Object.keys(fields)
      .sort()
      .reduce((text, name) => text + name + fields[name], `${PUBLIC_URL}/sms/webhook`);
    return createHmac('sha1', TOKEN).update(data).digest('base64');
  };
  return {
    text({ from, body, id }) {
      const fields = {
        MessageSid: `SM${id}`,
        SmsStatus: 'received',
        AccountSid: TWILIO.carrier.account,
        From: from,
        To: TWILIO.carrier.number,
        Body: body,
        NumMedia: '0',
        NumSegments: '1',
      };
      return post(new URLSearchParams(fields).toString(), sign(fields));
    },
    echo: () => post('Body=none', 'AAAA'),
    async phones() {
      const answer = await fetch(`http://127.0.0.1:${port}/sms/phones/state`).catch(() => null);
      if (answer?.status !== 200) return null;
      return ((await answer.json()) as { texts: readonly PhoneText[] }).texts;
    },
    async stop() {
      agent.destroy();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await ended;
      }
    },
  } satisfies BenchStation;
}

/** Milliseconds of processor that this process and all below it have used, by what they are; empty where there is no /proc. */
export function processorTimes(): Record<'client' | 'server' | 'database' | 'station', number> {
  const times = {
    client: process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000,
    server: 0,
    database: 0,
    station: 0,
  };
  const rows = new Map<number, { parent: number; ms: number; name: string }>();
  let names: string[] = [];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return times;
  }
  for (const name of names) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ms = (Number(fields[11]) + Number(fields[12])) * 10;
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      rows.set(Number(name), { parent: Number(fields[1]), ms, name: command });
    } catch {
      // It has ended.
    }
  }
  for (const [pid, { ms, name }] of rows) {
    if (pid === process.pid || !isBelow(pid, rows)) continue;
    if (name.includes('postgres')) times.database += ms;
    else if (name.includes('serve.ts')) times.server += ms;
    else times.station += ms;
  }
  return times;
}

function isBelow(pid: number, rows: ReadonlyMap<number, { parent: number }>): boolean {
  for (let at = rows.get(pid)?.parent ?? 0; at > 1; at = rows.get(at)?.parent ?? 0)
    if (at === process.pid) return true;
  return false;
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
