import { createECDH } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Baton, Conversation, OutgoingMessage } from '@baton/client';
import type { OwnerId } from '@baton/kernel';
import type { Device, Practice } from '../practice.ts';
import { until } from '../until.ts';

// The part of the canary test's day in which people ask one another for something, and the outside world is told.

const MINUTE_MS = 60_000;
const PUSH_PATH = '/push/Gooseberrymantle';

/** Said in asks, notes and answers: sealed everywhere. */
export const ASKED = {
  reply: 'Potassium of Mr Dunkelfritz, please advise',
  talk: 'Call me about Mrs Ostrichbury',
  stat: 'VT on the monitor: Mr Zwickelbeard',
  patient: 'Pumpernickelson, Hortensia',
  callback: '+1 (603) 555-0148',
  callbackDigits: '6035550148',
  note: 'Her daughter Wilhelmina Crabtrellis knows',
  situation: 'Hypotonia since Lammermoorish supper',
  background: 'Adrenal tumour of Vladimirovna type',
  answered: 'Give Cortisporalone to Dunkelfritz now',
  reopened: 'Potassium of Mr Dunkelfritz was sixpointnineteen',
} as const;

/** Told to the server, which keeps it sealed by a key of its own: never in database or log. */
export type KeptSealed = {
  readonly phone: string;
  readonly pushEndpoint: string;
  readonly token: string;
  readonly webhookSecret: string;
};
/** As it is written in the file of notices. */
const PHONE = '+15550142368';

/** Somebody outside who takes webhooks. */
export interface HookTaker {
  readonly url: string;
  readonly received: Buffer[];
  close(): Promise<void>;
}

export async function startHookTaker(): Promise<HookTaker> {
  const received: Buffer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [Buffer.from(JSON.stringify(request.headers))];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push(Buffer.concat(chunks));
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export interface AskingDay {
  readonly practice: Practice;
  readonly nurse: Device;
  readonly doctor: Device;
  /** Stands in, takes over, and is away in the end. */
  readonly colleague: Device;
  readonly serverUrl: string;
  readonly hooks: HookTaker;
  /** Of a service where nobody listens. */
  readonly pushHost: string;
  readonly noticesFile: string;
}

/** Every contract, a template, a hand-over with a note, reading through a box, an answer, an edit, a notice, push and a webhook. */
export async function askAround(day: AskingDay): Promise<KeptSealed> {
  const { nurse, doctor, colleague } = day;
  await until(nurse.session.duty.policy, (policy) => policy !== null);
  const thread = await nurse.session.conversations.startDirect(doctor.account);
  const asked = await askAndAnswer(thread, nurse, doctor);
  await handOver(thread, doctor, colleague);
  await readThroughBox(day);
  const sealed = await tellOutside(day);
  const ended = await until(nurse.session.batons.ended, (all) => all.some(({ id }) => id === asked.id));
  if (ended.find(({ id }) => id === asked.id)?.status !== 'answered') throw new Error('not answered');
  return sealed;
}

function asking(words: string, contract: 'reply' | 'talk' | 'stat', to: OwnerId): OutgoingMessage {
  const { callback, patient } = ASKED;
  const withinMs = contract === 'stat' ? 5 * MINUTE_MS : 30 * MINUTE_MS;
  const ask = { contract, to: [to], withinMs, callback, patient };
  return { text: words, files: [], mentions: [], replyTo: null, as: null, ask };
}

async function finds(
  { session }: Device,
  list: 'owe' | 'escalated' | 'waiting',
  holds: (baton: Baton) => boolean,
): Promise<Baton> {
  const batons = await until(session.batons[list], (all) => all.some(holds), { withinMs: 20_000 });
  return batons.find(holds) as Baton;
}

async function askAndAnswer(thread: Conversation, nurse: Device, doctor: Device): Promise<Baton> {
  const message = await thread.send(asking(ASKED.reply, 'reply', doctor.account));
  const owed = await finds(doctor, 'owe', (baton) => baton.message === message && baton.text === ASKED.reply);
  await until(doctor.session.batons.changes, () => {
    const seen = doctor.session.batons.get(owed.id);
    return seen?.patient === ASKED.patient && seen.callback === ASKED.callback;
  });
  await doctor.session.batons.acknowledge(owed.id, { readBack: true });
  await finds(nurse, 'waiting', ({ id, status }) => id === owed.id && status === 'acknowledged');
  await thread.edit(message, ASKED.reopened);
  await finds(
    doctor,
    'owe',
    ({ id, status, text }) => id === owed.id && status === 'open' && text === ASKED.reopened,
  );
  const theirs = await doctor.session.conversations.open(thread.id);
  const answer = { text: ASKED.answered, files: [], mentions: [], replyTo: message, as: null };
  await theirs.send({ ...answer, answers: [owed.id] });
  return owed;
}

async function handOver(thread: Conversation, doctor: Device, colleague: Device): Promise<void> {
  const parts = [
    { label: 'Situation', text: ASKED.situation },
    { label: 'Background', text: ASKED.background },
  ];
  const message = await thread.send({
    ...asking(ASKED.talk, 'talk', doctor.account),
    template: { kind: 'sbar', parts },
  });
  const owed = await finds(doctor, 'owe', (baton) => baton.message === message);
  await doctor.session.batons.handOver(owed.id, colleague.account, ASKED.note);
  await finds(colleague, 'escalated', (baton) => baton.id === owed.id && baton.offer?.note === ASKED.note);
  await until(colleague.session.batons.changes, () => {
    const seen = colleague.session.batons.get(owed.id);
    return seen?.readVia === 'escalation' && seen.text?.includes(ASKED.situation) === true;
  });
  await colleague.session.batons.accept(owed.id);
  await finds(colleague, 'owe', ({ id, status }) => id === owed.id && status === 'acknowledged');
  await colleague.session.batons.close(owed.id, 'done');
}

/** A stat message to somebody off duty: who stands in reads it through the ladder's box. */
async function readThroughBox({ nurse, doctor, colleague }: AskingDay): Promise<void> {
  await doctor.session.duty.setAvailability({ duty: 'off', cover: colleague.account, until: null });
  const thread = await nurse.session.conversations.startDirect(doctor.account);
  const message = await thread.send(asking(ASKED.stat, 'stat', doctor.account));
  const owed = await finds(colleague, 'owe', ({ text }) => text === ASKED.stat);
  if (owed.readVia !== 'escalation' || owed.patient !== ASKED.patient || owed.conversation !== null)
    throw new Error(`not read through a box: ${owed.readVia}`);
  await colleague.session.batons.take(owed.id);
  await finds(nurse, 'waiting', ({ id, owner }) => id === owed.id && owner.id === colleague.account);
  await colleague.session.batons.close(owed.id, 'handled-elsewhere');
  await doctor.session.duty.setAvailability({ duty: 'on', cover: null, until: null });
  await until(
    nurse.session.batons.changes,
    () => nurse.session.batons.ofMessage(message)[0]?.status === 'closed',
  );
}

async function tellOutside(day: AskingDay): Promise<KeptSealed> {
  const { practice, nurse, colleague, doctor } = day;
  const { session } = practice.admin;
  const policy = session.duty.policy.read();
  if (policy === null) throw new Error('no policy');
  const soon = { pushMs: 0, textMs: 500 };
  await session.duty.savePolicy({ ...policy, notices: { stat: soon, talk: soon, reply: soon } });
  const pushEndpoint = `https://${day.pushHost}${PUSH_PATH}`;
  await colleague.session.notices.setAddress({ phone: PHONE, voice: false });
  await colleague.session.notices.subscribePush(subscription(pushEndpoint));
  await colleague.session.close();
  const thread = await nurse.session.conversations.startDirect(colleague.account);
  await thread.send(asking(ASKED.stat, 'stat', colleague.account));
  await poll('a notice in the file', () =>
    readFileSync(day.noticesFile, { encoding: 'utf8', flag: 'a+' }).includes(PHONE),
  );
  const made = await session.integrations.create({ name: 'Laboratory', webhook: day.hooks.url });
  const opened = await fetch(`${day.serverUrl}/v1/integrations/batons`, {
    method: 'POST',
    headers: { authorization: `Bearer ${made.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      to: doctor.account,
      contract: 'talk',
      withinMs: 600_000,
      reference: 'order-4711',
    }),
  });
  if (!opened.ok) throw new Error(`not opened: ${opened.status} ${await opened.text()}`);
  const owed = await finds(doctor, 'owe', ({ opener }) => opener.kind === 'integration');
  await doctor.session.batons.close(owed.id, 'done');
  await poll('a webhook that says who ended it', () =>
    day.hooks.received.some((body) => body.includes('order-4711') && body.includes(doctor.account)),
  );
  const { token, webhookSecret } = made;
  return { phone: PHONE, pushEndpoint: PUSH_PATH.slice(1), token, webhookSecret };
}

function subscription(endpoint: string) {
  const keys = createECDH('prime256v1');
  keys.generateKeys();
  const auth = crypto.getRandomValues(new Uint8Array(16));
  return {
    endpoint,
    p256dh: keys.getPublicKey().toString('base64url'),
    auth: Buffer.from(auth).toString('base64url'),
  };
}

async function poll(what: string, holds: () => boolean): Promise<void> {
  const limit = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > limit) throw new Error(`not within 20 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
