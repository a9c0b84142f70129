import { join } from 'node:path';
import { hostsFor, SIMULATED, SMS_MANIFEST } from '@baton/bridge-sms';
import type { Conversation, LiveSession } from '@baton/client';
import { createNodeDoor } from '@baton/client-node';
import { DAY_MS } from '@baton/kernel';
import { establishCare, patientRecord, until } from '@baton/testkit';
import type { Manifest, Prompt } from '@baton/wire';
import type { Surroundings } from './surroundings.ts';
import { type BenchStation, digestOfTexting, processorTimes, startStation } from './texts-station.ts';
import { limitOf, measure, processorOf, type Times, timesOf } from './times.ts';

// Reminders as texts: from an agent's question in a patient's conversation, through the real server and the texting assistant in a process of its own, to
// the simulated phones. The agent is a client in this process that sends what the reminders assistant sends; planning is measured apart.

const PATIENTS = 20;
const ONE_BY_ONE = 20;
const AT_ONCE = 8;
const COUNT = 200;
const PATIENCE_MS = 120_000;
const LOOK_MS = 250;

export interface ReminderTextsFigures {
  readonly count: number;
  readonly atOnce: number;
  /** From sending to the carrier's having it, one after the other. */
  readonly single: Times;
  /** As many at once: the next is sent when one is committed, and all have to be with the carrier. */
  readonly texted: Times;
  /** The same messages where the patients get no texts: sent and committed. */
  readonly bare: Times;
  /** What the server committed for each of them, and for each that was not texted: the message and all that is written down about it. */
  readonly entries: { readonly texted: number; readonly bare: number };
  /** Of each reminder, by who used it. */
  readonly processorMs: Readonly<Record<string, number>>;
  readonly limit: string;
}

interface Practice {
  readonly nurse: LiveSession;
  readonly agent: LiveSession;
  readonly station: BenchStation;
  readonly threads: readonly Conversation[];
  readonly refs: readonly string[];
}

export async function benchReminderTexts(
  at: Surroundings,
  admin: LiveSession,
  progress: (line: string) => void,
): Promise<ReminderTextsFigures> {
  progress(
    `reminders: a practice with ${PATIENTS} patients, a station with simulated phones and an agent that asks`,
  );
  const practice = await prepare(at, admin);
  try {
    await setChannel(practice, 'none');
    progress('reminders: as many that are not texted');
    const { bare, entries: bareEntries } = await sendUntexted(at, practice);
    await setChannel(practice, 'plain');
    progress('reminders: warming up');
    for (let index = 0; index < PATIENTS; index++) await remind(practice, { phase: 'warm', index });
    await untilTexted(practice.station, 'warm', PATIENTS);
    progress('reminders: one after the other');
    const single = await textSingly(practice);
    progress(`reminders: ${COUNT}, ${AT_ONCE} at once`);
    const { texted, entries, processorMs } = await textMany(at, practice);
    return {
      count: COUNT,
      atOnce: AT_ONCE,
      single,
      texted,
      bare,
      entries: { texted: entries, bare: bareEntries },
      processorMs,
      limit: limitOf(processorMs, { perSecond: texted.perSecond, what: 'a reminder' }),
    };
  } finally {
    await practice.station.stop();
    await practice.agent.close();
    await practice.nurse.close();
  }
}

async function sendUntexted(at: Surroundings, practice: Practice) {
  const from = await countEntries(at);
  const bare = await measure(COUNT, AT_ONCE, (index) => remind(practice, { phase: 'bare', index }));
  return { bare, entries: ((await countEntries(at)) - from) / COUNT };
}

async function textSingly(practice: Practice): Promise<Times> {
  const took: number[] = [];
  for (let index = 0; index < ONE_BY_ONE; index++) {
    const begunAt = Date.now();
    await remind(practice, { phase: 'single', index });
    const texts = await untilTexted(practice.station, 'single', index + 1);
    took.push((texts.get(index) ?? Number.NaN) - begunAt);
  }
  return timesOf(
    took,
    took.reduce((sum, one) => sum + one, 0),
  );
}

async function textMany(at: Surroundings, practice: Practice) {
  const from = await countEntries(at);
  const before = processorTimes();
  const begunAt = Date.now();
  const sentAt: number[] = [];
  await measure(COUNT, AT_ONCE, (index) => {
    sentAt[index] = Date.now();
    return remind(practice, { phase: 'many', index });
  });
  const texts = await untilTexted(practice.station, 'many', COUNT);
  const processorMs = processorOf({ before, after: processorTimes(), count: COUNT });
  const took = [...texts].map(([index, textAt]) => textAt - (sentAt[index] ?? Number.NaN));
  const texted = timesOf(took, Math.max(...texts.values()) - begunAt);
  return { texted, processorMs, entries: ((await countEntries(at)) - from) / COUNT };
}

/** In every conversation and collection. */
async function countEntries({ admin }: Surroundings): Promise<number> {
  const { rows } = await admin.query<{ n: number }>('SELECT count(*)::integer AS n FROM baton.items');
  return rows[0]?.n ?? Number.NaN;
}

async function prepare(at: Surroundings, admin: LiveSession): Promise<Practice> {
  const { link } = await admin.people.invite({ name: 'Remy Nurse', jobs: ['nurse'] });
  const door = await createNodeDoor({ serverUrl: at.serverUrl, dataDir: join(at.folder, 'reminders-nurse') });
  const { session: nurse } = await door.claimAsPersona(link.slice(link.indexOf('#') + 1), 'bench');
  const responsible = admin.me.read().account;
  const texting = await admin.agents.invite({
    name: 'Texting assistant',
    manifest: {
      ...SMS_MANIFEST,
      access: [...SMS_MANIFEST.access],
      purposes: [...SMS_MANIFEST.purposes],
      hosts: [...hostsFor(SIMULATED)],
      code: digestOfTexting(),
      responsible,
    },
  });
  const reminders = await admin.agents.invite({ name: 'Reminders', manifest: manifestOf(responsible) });
  const patients = Array.from({ length: PATIENTS }, (_, index) => ({
    ref: `Patient/reminded-${index}`,
    phone: `+1617555${String(200 + index).padStart(4, '0')}`,
  }));
  await establishCare(admin, {
    holders: [nurse.me.read().account],
    patients: patients.map(({ ref, phone }) =>
      patientRecord(ref, { telecom: [{ system: 'phone', value: phone, use: 'mobile' }] }),
    ),
    others: [nurse],
  });
  const station = await startStation({
    serverUrl: at.serverUrl,
    dataDir: join(at.folder, 'reminders-station'),
    link: texting.link,
    sms: SIMULATED,
  });
  const agentDoor = await createNodeDoor({
    serverUrl: at.serverUrl,
    dataDir: join(at.folder, 'reminders-agent'),
    deviceClass: 'agent',
  });
  const fragment = reminders.link.slice(reminders.link.indexOf('#') + 1);
  const agent = await agentDoor.claim(fragment, [{ kind: 'device', label: 'Station' }]);
  const rows = await until(
    admin.agents.rows,
    (all) => all.filter(({ manifest }) => manifest !== null).length === 2,
    { withinMs: 60_000 },
  );
  for (const row of rows) await admin.collections.establishState(row.agent.id);
  await admin.care.keepAccess();
  const refs = patients.map(({ ref }) => ref);
  const convs = [];
  for (const ref of refs) convs.push(await nurse.care.start(ref));
  await admin.care.keepAccess();
  await untilAtWork(station);
  const threads: Conversation[] = [];
  for (const conv of convs) threads.push(await openOnceIn(agent, conv));
  for (const ref of refs)
    await nurse.care.giveConsent({
      ref,
      purpose: 'plain-text',
      phone: null,
      how: 'in-person',
      warning: 'w1',
      note: '',
    });
  return { nurse, agent, station, threads, refs };
}

/** What the reminders assistant asks for, as far as its questions go. */
function manifestOf(
  responsible: Manifest['responsible'],
): Parameters<LiveSession['agents']['invite']>[0]['manifest'] {
  return {
    program: 'reminders',
    purposes: ['Reminds patients of their visits'],
    access: [
      { kind: 'patient', history: false, writes: ['message', 'settle'] },
      { kind: 'collection', history: true, writes: ['put'] },
    ],
    duty: false,
    hosts: [],
    code: new Uint8Array(32).fill(7),
    responsible,
  };
}

async function openOnceIn(agent: LiveSession, conv: Conversation['id']): Promise<Conversation> {
  const isIn = (rows: ReturnType<typeof agent.conversations.list.read>) => rows.some(({ id }) => id === conv);
  await until(agent.conversations.list, isIn, { withinMs: PATIENCE_MS, show: (rows) => rows.length });
  return agent.conversations.open(conv);
}

/** At noon at every patient's place: whether a text goes must not hang on the hour of the run. */
async function setChannel({ nurse, refs }: Practice, channel: 'plain' | 'none'): Promise<void> {
  const ahead = new Date().getUTCHours() - 12;
  const timeZone = ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '+' : '-'}${Math.abs(ahead)}`;
  for (const ref of refs) await nurse.care.changeReach(ref, (reach) => ({ ...reach, channel, timeZone }));
}

/** Resolves when it is committed. */
async function remind(
  { threads }: Practice,
  { phase, index }: { readonly phase: string; readonly index: number },
): Promise<void> {
  const thread = threads[index % threads.length] as Conversation;
  const text = `Hi Rosa. You have a visit on Monday at 2:30 PM (${phase} ${index}). Reply C to confirm, R for another time, or X if you cannot come.`;
  const start = Date.now() + 3 * DAY_MS;
  const prompt: Prompt = {
    kind: 'reminder',
    about: 'bench',
    step: 'three-days',
    choices: [
      { key: 'C', label: 'I will come' },
      { key: 'R', label: 'Another time' },
      { key: 'X', label: 'I cannot come' },
    ],
    asks: 'choice',
    until: start,
    short: null,
    visit: null,
  };
  const marks = { automatic: true, prompt };
  const id = await thread.send({ text, files: [], mentions: [], replyTo: null, as: null, marks });
  await until(
    thread.timeline,
    ({ items }) => items.some((item) => item.id === id && item.type === 'message' && item.seq !== null),
    { withinMs: PATIENCE_MS, show: ({ items }) => items.at(-1)?.type },
  );
}

async function untilAtWork(station: BenchStation): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while ((await station.phones()) === null) {
    if (performance.now() > endMs) throw new Error('the texting assistant did not come to work');
    await pause();
  }
}

/** When the carrier had each reminder of this phase, by its index, once it has so many. */
async function untilTexted(
  station: BenchStation,
  phase: string,
  count: number,
): Promise<ReadonlyMap<number, number>> {
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const texts = new Map<number, number>();
    for (const { direction, text, at } of (await station.phones()) ?? []) {
      const index = direction === 'out' ? new RegExp(`\\(${phase} (\\d+)\\)`).exec(text)?.[1] : undefined;
      if (index === undefined) continue;
      if (texts.has(Number(index))) throw new Error('a reminder was texted twice');
      texts.set(Number(index), at);
    }
    if (texts.size >= count) return texts;
    if (performance.now() > endMs)
      throw new Error(`${texts.size} of ${count} reminders were texted (${phase})`);
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
