import type { CareThread, Conversation, LiveSession, OutgoingMessage, TimelineMessage } from '@baton/client';
import type { ConversationId } from '@baton/kernel';
import { addAgent } from '../add-agent.ts';
import { enterPatient, type EnteredPatient, fragmentOf, invitePatient } from '../patient-phone.ts';
import type { Device } from '../practice.ts';
import { until } from '../until.ts';
import { PATIENT } from './canary-patient.ts';

// The part of the canary test's day in which a patient comes in by a link, writes, texts and is answered.

/** Said by and to a patient, or kept about one: sealed everywhere. */
export const CARED = {
  practice: 'Snowdrift-Abernethy Tumour Practice',
  practicePhone: '+1 (802) 555-0911',
  topic: 'topic-glockenspiel',
  topicWords: 'Questions on Glockenspielitis',
  calledAs: 'Zephy Quillfeather-Okonjo',
  email: 'zephyrantha.quill@canary-mail.example',
  consent: 'Consent read out beside Tollerwinkle gate',
  sidebar: 'Her son Bartholomeusz must not be told',
  welcome: 'Welcome to us, dear Wimbleshanks',
  wrote: 'The port under my collarbone weeps since Brackenfriday',
  file: 'port-of-Zephyrantha-collarbone.txt',
  flagged: 'My chest is tight like Kettlegrommet',
  flag: 'canary-flag.wurlitzerpain',
  texted: 'STOPPED the Nauseolin on my own, is that bad',
  textedFrom: '+18025550188',
  strange: 'This is Mordecai Stranglewood, whom do I ask',
  strangeFrom: '+18025550199',
  refusal: 'canary.cause-of-delivery',
  ordered: 'Bring the Frumentiusbook on Monday, please',
  orderedTo: '+18025550166',
  resultTitle: 'Biopsy of Peregrination nodule',
  answer: 'Rinse it with Saltwhistle and call me',
  template: 'Template for Hemlocksworth cases',
  templateWords: 'Dear {patient}, your Hemlocksworthy nodule is benign',
} as const;
/** Twelve digits: six would be found by chance in a log of times. */
const PIN = '730519482613';
const FILE_TEXT = 'Temperature list of Zephyrantha, thirty-nine point Quincunx. ';

/** Known when the day is over. */
export interface CaredFor {
  readonly needles: readonly string[];
  /** Keys in links, as bytes. */
  readonly secrets: readonly Buffer[];
  /** The phone's and the assistant's. */
  readonly folders: readonly string[];
  close(): Promise<void>;
}

export interface CareDay {
  readonly admin: Device;
  readonly nurse: Device;
  readonly doctor: Device;
  /** Where clients reach the server, and what it calls itself. */
  readonly serverUrl: string;
  readonly publicUrl: string;
  /** For the texting assistant. */
  readonly folder: string;
}

/** Link and code, PIN and words, a file, red flags, texts, an order, consent, sidebar, a template, a result and answers. */
export async function careForPatients(day: CareDay): Promise<CaredFor> {
  const { nurse, doctor } = day;
  const texting = await openTheInbox(day);
  const conv = await nurse.session.care.start(PATIENT.reference);
  const staff = await nurse.session.conversations.open(conv);
  await staff.send(says(CARED.welcome));
  await keepRecords(nurse);
  const wish = { ref: PATIENT.reference, name: CARED.calledAs };
  const ordered = await invitePatient(nurse.session, { ...wish, send: 'text', to: CARED.orderedTo });
  const invitation = await invitePatient(nurse.session, { ...wish, send: 'email', to: CARED.email });
  const patient = await enterPatient(day.serverUrl, invitation, {
    publicUrl: day.publicUrl,
    pin: PIN,
  });
  await patientWrites(patient, conv, staff);
  await textsComeIn(texting, conv, { nurse, staff });
  await teamAnswers(doctor, conv);
  const thread = await patient.session.open(conv);
  await sees(thread, CARED.answer);
  if (patient.session.alarms.read().length > 0) throw new Error('an alarm on the phone');
  // As a lost telephone would be found: locked.
  await patient.session.lock();
  const links = [ordered, invitation].map(({ link }) => fragmentOf(link).split('.')[1] as string);
  const codes = [ordered, invitation].flatMap(({ code }) => [`"${code}"`, `'${code}'`]);
  return {
    needles: [
      ...[CARED.textedFrom, CARED.strangeFrom, CARED.orderedTo].map((number) => number.slice(2)),
      FILE_TEXT.trim(),
      PIN,
      patient.words,
      patient.words.split(' ').slice(0, 4).join(' '),
      ...links,
      ...codes,
    ],
    secrets: links.map((link) => Buffer.from(link, 'base64url')),
    folders: [patient.dataDir, day.folder],
    async close() {
      await texting.close();
      await patient.close();
    },
  };
}

/** Sets up texting and desk with a practice card of canaries, and lets the texting assistant in. */
async function openTheInbox(day: CareDay): Promise<LiveSession> {
  const { admin, nurse, doctor } = day;
  const { care } = admin.session;
  await admin.session.duty.establish();
  await until(care.state, ({ available }) => available);
  await care.establish({
    ...care.suggestSettings(),
    practice: CARED.practice,
    phone: CARED.practicePhone,
    topics: [{ id: CARED.topic, en: CARED.topicWords, es: CARED.topicWords }],
  });
  for (const { session } of [admin, nurse, doctor])
    await until(session.care.state, ({ established, ready }) => established && ready);
  const texting = await addAgent(
    admin,
    {
      name: 'Texting assistant',
      program: 'sms',
      access: [
        { kind: 'patient', history: true, writes: ['message', 'delivery'] },
        { kind: 'queue', history: true, writes: ['message'] },
        { kind: 'collection', history: true, writes: ['put'] },
      ],
    },
    { serverUrl: day.serverUrl, publicUrl: day.publicUrl, dataDir: day.folder },
  );
  const { account } = texting.me.read();
  await until(admin.session.agents.rows, (rows) =>
    rows.some(({ agent, manifest }) => agent.id === account && manifest !== null),
  );
  await care.keepAccess();
  return texting;
}

async function keepRecords({ session }: Device): Promise<void> {
  const { care } = session;
  const ref = PATIENT.reference;
  await care.changeReach(ref, (reach) => ({ ...reach, emails: [CARED.email] }));
  await care.giveConsent({
    ref,
    purpose: 'plain-text',
    phone: CARED.textedFrom,
    how: 'in-person',
    warning: 'w1',
    note: CARED.consent,
  });
  await care.order({
    ref,
    to: { phone: CARED.orderedTo },
    language: 'en',
    purpose: 'staff',
    text: CARED.ordered,
    notAfter: Date.now() + 3_600_000,
    urgentBy: null,
  });
  const template = { t: 'template', kind: 'result', name: CARED.template, active: true } as const;
  const words = { en: CARED.templateWords, es: CARED.templateWords };
  await care.saveTemplate({ ...template, id: care.newTemplateId(), text: words });
  await until(care.chart(ref), ({ consents, orders }) => consents.length > 0 && orders.length > 0);
  const { sidebar } = await until(care.threads, (all) => sidebarIn(all) !== null).then(
    (all) => all.find((thread) => thread.ref === ref) as CareThread,
  );
  const aside = await session.conversations.open(sidebar as ConversationId);
  await aside.send(says(CARED.sidebar));
  await sees(aside, CARED.sidebar);
}

function sidebarIn(threads: readonly CareThread[]): ConversationId | null {
  return threads.find(({ ref }) => ref === PATIENT.reference)?.sidebar ?? null;
}

async function patientWrites(
  { session }: EnteredPatient,
  conv: ConversationId,
  staff: Conversation,
): Promise<void> {
  await until(session.conversations, (rows) => rows.some(({ id, card }) => id === conv && card !== null));
  const thread = await session.open(conv);
  await sees(thread, CARED.welcome);
  const bytes = new Uint8Array(Buffer.from(FILE_TEXT.repeat(3000)));
  const file = { name: CARED.file, mime: 'text/plain', bytes, width: null, height: null };
  await thread.send(says(CARED.wrote, { files: [file], marks: { topic: CARED.topic } }));
  const seen = await sees(staff, CARED.wrote);
  if (seen.topic !== CARED.topic || seen.attachments[0]?.name !== CARED.file)
    throw new Error('topic or file did not arrive');
  const read = await staff.readAttachment(seen.attachments[0]);
  if (!Buffer.from(read).equals(Buffer.from(bytes))) throw new Error('another file arrived');
  await thread.send(says(CARED.flagged, { marks: { flags: [{ rule: CARED.flag, version: '1' }] } }));
  const flagged = await sees(staff, CARED.flagged);
  if (flagged.contract !== 'stat' || flagged.flags[0]?.rule !== CARED.flag)
    throw new Error('the red flag did not arrive');
}

/** As the texting assistant writes them down: of the patient's number, and of one that belongs to nobody. */
async function textsComeIn(
  texting: LiveSession,
  conv: ConversationId,
  { nurse, staff }: { readonly nurse: Device; readonly staff: Conversation },
): Promise<void> {
  const { askTo } = nurse.session.care.settings.read() ?? {};
  const unknown = nurse.session.care.unknown.read().conversation;
  if (!askTo || !unknown) throw new Error('texting is not set up');
  const write = async (id: ConversationId, words: string, from: string) => {
    await until(texting.conversations.list, (rows) => rows.some((row) => row.id === id));
    const thread = await texting.conversations.open(id);
    const via = { channel: 'sms', from, person: CARED.calledAs, segments: 1 } as const;
    const ask = {
      contract: 'reply',
      to: [askTo],
      withinMs: 3_600_000,
      callback: from,
      patient: null,
    } as const;
    const message = await thread.send(says(words, { marks: { via }, ask }));
    await sees(thread, words);
    return { thread, message };
  };
  const { thread, message } = await write(conv, CARED.texted, CARED.textedFrom);
  await thread.post({
    t: 'delivery',
    target: message,
    mode: 'plain',
    state: 'failed',
    code: CARED.refusal,
    segments: 1,
  });
  await sees(staff, CARED.texted);
  await write(unknown, CARED.strange, CARED.strangeFrom);
  await until(nurse.session.care.unknown, ({ open }) => open === 1);
}

async function teamAnswers({ session }: Device, conv: ConversationId): Promise<void> {
  const thread = await session.conversations.open(conv);
  await sees(thread, CARED.texted);
  await until(thread.asking, ({ answers }) => answers.length >= 3);
  const answers = thread.asking.read().answers.map(({ id }) => id);
  const result = { title: CARED.resultTitle, openBy: Date.now() + 86_400_000 };
  await thread.send(says(CARED.answer, { answers, marks: { result } }));
  await sees(thread, CARED.answer);
  await until(
    session.care.threads,
    (all) => all.find(({ ref }) => ref === PATIENT.reference)?.owed.all === 0,
  );
}

function says(words: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { text: words, files: [], mentions: [], replyTo: null, as: null, ...more };
}

/** Waits until the message is committed there. */
async function sees(thread: Conversation, words: string): Promise<TimelineMessage> {
  const find = () =>
    thread.timeline
      .read()
      .items.find(
        (item): item is TimelineMessage =>
          item.type === 'message' && item.text === words && item.seq !== null,
      );
  await until(thread.timeline, () => find() !== undefined, {
    withinMs: 30_000,
    show: ({ items }) => [
      words,
      ...items.map((item) => (item.type === 'message' ? [item.text, item.state, item.failure] : item.type)),
    ],
  });
  return find() as TimelineMessage;
}
