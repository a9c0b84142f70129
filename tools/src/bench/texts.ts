import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { hostsFor, readSmsSettings, SMS_MANIFEST } from '@baton/bridge-sms';
import type { Conversation, LiveSession } from '@baton/client';
import { createNodeDoor } from '@baton/client-node';
import { establishCare, patientRecord, until } from '@baton/testkit';
import type { Surroundings } from './surroundings.ts';
import { type BenchStation, digestOfTexting, processorTimes, startStation, TWILIO } from './texts-station.ts';
import { limitOf, measure, processorOf, type Times, timesOf } from './times.ts';

// Inbound texts: from a carrier's signed webhook at the station's listener, through the assistant in its own process, to the words in a
// timeline of another client. Answers of the assistant go to a carrier that nobody reaches: one a patient, as in a first text.

const PATIENTS = 16;
const ONE_BY_ONE = 40;
const AT_ONCE = 8;
const EACH = 20;
const PATIENCE_MS = 120_000;
const WORDS = 'I took the second tablet at noon and would like to know whether to go on';

export interface TextsFigures {
  readonly texts: number;
  readonly atOnce: number;
  /** Webhook to its 2xx, which says that it is committed; and to the words on a nurse's client. One after the other. */
  readonly thanked: Times;
  readonly seen: Times;
  /** As many at once. */
  readonly loaded: Times;
  /** Messages of the same words by one client, asking nobody: one after the other, and at once. */
  readonly bare: Times;
  readonly bareLoaded: Times;
  /** Through listener and process and back. */
  readonly echo: Times;
  /** Of each text under load, by who used it. */
  readonly processorMs: Readonly<Record<string, number>>;
  readonly limit: string;
}

export async function benchTexts(
  at: Surroundings,
  admin: LiveSession,
  progress: (line: string) => void,
): Promise<TextsFigures> {
  progress(`texts: a practice with ${PATIENTS} patients, a station and its texting assistant`);
  const { nurse, station, threads } = await prepare(at, admin);
  try {
    await untilAtWork(station);
    const text = async (index: number, words: string) => {
      const { thread, phone } = threads[index % threads.length] as (typeof threads)[number];
      const seen = untilSeen(thread, words);
      const status = await station.text({ from: phone, body: words, id: randomBytes(16).toString('hex') });
      if (status !== 200) throw new Error(`the station answered ${status}`);
      return seen;
    };
    progress('texts: warming up');
    for (let index = 0; index < PATIENTS; index++) await text(index, `${WORDS} (${index})`);
    progress('texts: one after the other');
    const thanked: number[] = [];
    const seen = await measure(ONE_BY_ONE, 1, async (index) => {
      const begun = performance.now();
      const words = `${WORDS}, one ${index}`;
      const { thread, phone } = threads[index % threads.length] as (typeof threads)[number];
      const shown = untilSeen(thread, words);
      const status = await station.text({ from: phone, body: words, id: randomBytes(16).toString('hex') });
      if (status !== 200) throw new Error(`the station answered ${status}`);
      thanked.push(performance.now() - begun);
      await shown;
    });
    progress(`texts: ${AT_ONCE} at once`);
    const before = processorTimes();
    const loaded = await measure(AT_ONCE * EACH, AT_ONCE, (index) => text(index, `${WORDS}, many ${index}`));
    const after = processorTimes();
    progress('texts: the limits');
    const say = async (index: number, words: string) => {
      const { thread } = threads[index % threads.length] as (typeof threads)[number];
      const shown = untilSeen(thread, words);
      await thread.send({ text: words, files: [], mentions: [], replyTo: null, as: null });
      await shown;
    };
    const bare = await measure(ONE_BY_ONE, 1, (index) => say(index, `${WORDS}, own ${index}`));
    const bareLoaded = await measure(AT_ONCE * EACH, AT_ONCE, (index) =>
      say(index, `${WORDS}, owns ${index}`),
    );
    const echo = await measure(200, AT_ONCE, async () => {
      if ((await station.echo()) !== 403) throw new Error('the assistant believed a wrong signature');
    });
    const processorMs = processorOf({ before, after, count: AT_ONCE * EACH });
    return {
      texts: ONE_BY_ONE + AT_ONCE * EACH,
      atOnce: AT_ONCE,
      thanked: timesOf(
        thanked,
        thanked.reduce((sum, ms) => sum + ms, 0),
      ),
      seen,
      loaded,
      bare,
      bareLoaded,
      echo,
      processorMs,
      limit: limitOf(processorMs, { perSecond: loaded.perSecond, what: 'a text' }),
    };
  } finally {
    await station.stop();
    await nurse.close();
  }
}

async function prepare(at: Surroundings, admin: LiveSession) {
  const { link } = await admin.people.invite({ name: 'Nora Nurse', jobs: ['nurse'] });
  const door = await createNodeDoor({ serverUrl: at.serverUrl, dataDir: join(at.folder, 'texts-nurse') });
  const { session: nurse } = await door.claimAsPersona(link.slice(link.indexOf('#') + 1), 'bench');
  const read = readSmsSettings(TWILIO);
  if (!read.ok) throw new Error('the settings do not fit');
  const responsible = admin.me.read().account;
  // At once: the proof that an administrator is there does not last long.
  const invited = await admin.agents.invite({
    name: 'Texting assistant',
    manifest: {
      ...SMS_MANIFEST,
      access: [...SMS_MANIFEST.access],
      purposes: [...SMS_MANIFEST.purposes],
      hosts: [...hostsFor(read.value)],
      code: digestOfTexting(),
      responsible,
    },
  });
  const patients = Array.from({ length: PATIENTS }, (_, index) => ({
    ref: `Patient/bench-${index}`,
    phone: `+1617555${String(100 + index).padStart(4, '0')}`,
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
    dataDir: join(at.folder, 'station'),
    link: invited.link,
    sms: TWILIO,
  });
  const isIn = (rows: ReturnType<typeof admin.agents.rows.read>) =>
    rows.find(({ manifest }) => manifest !== null);
  const rows = await until(admin.agents.rows, (all) => isIn(all) !== undefined, { withinMs: 30_000 });
  const assistant = isIn(rows)?.agent.id;
  if (assistant !== undefined) await admin.collections.establishState(assistant);
  await admin.care.keepAccess();
  const threads: { thread: Conversation; phone: string }[] = [];
  for (const { ref, phone } of patients) {
    const conv = await nurse.care.start(ref);
    threads.push({ thread: await nurse.conversations.open(conv), phone });
  }
  return { nurse, station, threads };
}

async function untilAtWork(station: BenchStation): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  const text = { from: '+16175550999', body: 'Who is there?', id: 'ab'.repeat(16) };
  while ((await station.text(text).catch(() => 0)) !== 200) {
    if (performance.now() > endMs) throw new Error('the texting assistant did not come to work');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Committed, opened and in the timeline. */
async function untilSeen(thread: Conversation, words: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('a text was not seen')), PATIENCE_MS);
    const look = (): void => {
      const { items } = thread.timeline.read();
      const last = items.findLast((item) => item.type === 'message' && item.text === words);
      if (last?.type !== 'message' || last.seq === null) return;
      clearTimeout(late);
      unsubscribe();
      resolve();
    };
    const unsubscribe = thread.timeline.subscribe(look);
  });
}
