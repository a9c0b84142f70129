import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import type {
  HttpRequest,
  LiveSession,
  PatientConversation,
  TimelineMessage,
  Transport,
} from '@baton/client';
import type { NodePlatformOptions } from '@baton/client-node';
import {
  type AccountId,
  type BatonId,
  type ConversationId,
  encodeBase64Url,
  encodeUtf8,
} from '@baton/kernel';
import type { AgentWrite, BatonOp, Prompt } from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CareScene, createCareScene, ROSA, seesThread, text, threadOf } from './care-scene.ts';
import { fetchBatons } from './malice/baton-stage.ts';
import { forgeEvent, knownBaton, tamperWithChain } from './malice/forge-batons.ts';
import { becomeOperator, type Operator } from './malice/operator.ts';
import { alarmOf } from './malice/stage.ts';
import { openOn, sees } from './patient-scene.ts';
import { until } from './until.ts';

// An agent ends the baton of an answer to its question, and nothing else: at the server, and with every check of the server out of play, at the
// members' devices (docs/protocol/programmes.md §3).

const SETTLES: BatonOp = { op: 'close', reason: 'automation' };
const HISTORY = { kind: 'patient', history: true } as const;
let postgres: TemporaryPostgres;
let scene: CareScene;
let operator: Operator;
/** May settle. */
let reminders: LiveSession;
/** May not. */
let checkIns: LiveSession;
let patient: PatientConversation;
let conv: ConversationId;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  scene = await createCareScene({ postgres });
  operator = await becomeOperator(scene.server, postgres.superuserUrl);
  const access = (writes: AgentWrite[]) => [{ ...HISTORY, writes }];
  reminders = await scene.addAgent(
    'Reminders',
    'reminders',
    access(['message', 'settle']),
    tapped('reminders'),
  );
  checkIns = await scene.addAgent('Check-ins', 'check-ins', access(['message']), tapped('check-ins'));
  const phone = await scene.enter({ ref: ROSA });
  conv = await scene.maria.session.care.start(ROSA);
  await scene.admin.session.care.keepAccess();
  for (const agent of [reminders, checkIns])
    await until(agent.conversations.list, (rows) => rows.some(({ id }) => id === conv));
  patient = await openOn(phone, conv);
}, 90_000);

afterAll(async () => {
  await operator?.close();
  await scene?.close();
  await postgres?.stop();
});

const prompt: Prompt = {
  kind: 'reminder',
  about: 'visit-1',
  step: '1d',
  choices: [{ key: 'C', label: 'I will come' }],
  asks: 'choice',
  until: Number.MAX_SAFE_INTEGER,
  short: null,
  visit: null,
};

async function question(agent: LiveSession, words: string): Promise<TimelineMessage> {
  const thread = await agent.conversations.open(conv);
  await thread.send(text(words, { marks: { automatic: true, prompt } }));
  return sees(patient, words);
}

/** The patient answers; the baton, as everybody in `see` has it. */
async function answered(
  words: string,
  options: { readonly urgent?: boolean; readonly see?: readonly LiveSession[] } = {},
): Promise<BatonId> {
  const asked = await question(reminders, `Can you come? ${words}`);
  const marks = { answers: { prompt: asked.id, choice: 'C' } };
  await patient.send({ ...text(words, { marks }), urgent: options.urgent ?? false });
  const { id } = await sees(patient, words);
  for (const session of options.see ?? [reminders, checkIns, scene.maria.session])
    await until(session.batons.changes, () => session.batons.ofMessage(id).length === 1);
  return reminders.batons.ofMessage(id)[0]!.id;
}

const me = (session: LiveSession): AccountId => session.me.read().account;

/** The last request's own way to the server, of each agent. */
const direct = new Map<string, { transport: Transport; headers: HttpRequest['headers'] }>();
const tapped = (name: string): Partial<NodePlatformOptions> => ({
  wrapTransport: (transport) => ({
    connect: (token, events) => transport.connect(token, events),
    request(request) {
      if (request.headers['authorization']) direct.set(name, { transport, headers: request.headers });
      return transport.request(request);
    },
  }),
});

/** Past everything that a client asks itself, at the server's own door; answers the code of the refusal, or `ok`. */
async function propose(name: 'reminders' | 'check-ins', baton: BatonId): Promise<string> {
  const session = name === 'reminders' ? reminders : checkIns;
  const chain = knownBaton(session, baton);
  const signed = await forgeEvent(session, { chain, op: SETTLES, over: { ts: scene.clock.nowMs() } });
  const way = direct.get(name);
  if (!way) throw new Error('no request yet');
  const answer = await way.transport.request({
    method: 'POST',
    path: `/v1/batons/${baton}/events`,
    headers: { authorization: way.headers['authorization'] ?? '', 'content-type': 'application/json' },
    body: encodeUtf8(JSON.stringify({ event: encodeBase64Url(signed) })),
  });
  return answer.status === 200 ? 'ok' : new TextDecoder().decode(answer.body);
}

describe('an answer to an agent', () => {
  it('is owed, and ended by the agent; everybody sees by whom and how', async () => {
    const baton = await answered('Yes, I come');
    expect(scene.maria.session.batons.get(baton)).toMatchObject({ status: 'open', contract: 'reply' });
    await reminders.batons.close(baton, 'automation');
    for (const session of [scene.maria.session, scene.finn.session, checkIns]) {
      await until(session.batons.changes, () => (session.batons.get(baton)?.ended ?? null) !== null);
      expect(session.batons.get(baton)).toMatchObject({
        status: 'closed',
        ended: { by: { id: me(reminders), kind: 'agent' }, reason: 'automation' },
      });
      expect(session.alarms.read()).toEqual([]);
    }
  });

  it('is ended by one that is faster, and then by nobody else', async () => {
    const baton = await answered('Yes again');
    await scene.maria.session.batons.acknowledge(baton);
    await until(reminders.batons.changes, () => reminders.batons.get(baton)?.status === 'acknowledged');
    await expect(reminders.batons.close(baton, 'automation')).rejects.toMatchObject({
      code: 'baton.not_yours',
    });
    expect(await propose('reminders', baton)).toContain('baton.not_yours');
    expect(scene.maria.session.batons.get(baton)).toMatchObject({ status: 'acknowledged' });
    await scene.maria.session.batons.close(baton, 'done');
  });
});

describe('a conversation that was closed', () => {
  it('is open while the answer is owed, and closed again once the agent has dealt with it, unread by nobody', async () => {
    const { maria } = scene;
    await until(maria.session.care.threads, () => threadOf(maria, conv)?.owed.all === 0);
    await maria.session.care.changeThread(conv, { status: 'closed' });
    await seesThread(maria, conv, ({ status }) => status === 'closed');
    const { unread } = threadOf(maria, conv)!;
    const baton = await answered('Comes again');
    await seesThread(maria, conv, ({ status }) => status === 'open');
    await reminders.batons.close(baton, 'automation');
    const thread = await seesThread(maria, conv, ({ status }) => status === 'closed');
    expect(thread.unread).toBe(unread);
    // What the patient writes by themselves opens it, whoever answers it.
    await patient.send(text('Something else'));
    await seesThread(maria, conv, ({ status }) => status === 'open');
  });
});

describe('the server refuses', () => {
  it('an agent whose manifest does not list it, its client as well', async () => {
    const baton = await answered('Not for check-ins');
    await expect(checkIns.batons.close(baton, 'automation')).rejects.toMatchObject({
      code: 'baton.not_yours',
    });
    expect(await propose('check-ins', baton)).toContain('baton.not_yours');
    expect(scene.maria.session.batons.get(baton)).toMatchObject({ status: 'open' });
  });

  it('an emergency', async () => {
    const baton = await answered('It hurts badly', { urgent: true });
    expect(scene.maria.session.batons.get(baton)).toMatchObject({ contract: 'stat' });
    await expect(reminders.batons.close(baton, 'automation')).rejects.toMatchObject({
      code: 'baton.not_yours',
    });
    expect(await propose('reminders', baton)).toContain('baton.not_yours');
  });

  it('nobody who may: the same bytes pass where it is theirs', async () => {
    expect(await propose('reminders', await answered('Passes'))).toBe('ok');
  });

  it('a person who says that an automation did it', async () => {
    const baton = await answered('Said by Maria');
    await expect(scene.maria.session.batons.close(baton, 'automation')).rejects.toMatchObject({
      code: 'baton.not_yours',
    });
  });
});

describe('with the server out of play, the members refuse', () => {
  /** Puts the agent's end of it into the chain, and answers what Maria's device then shows. */
  const forged = async (baton: BatonId, signer: LiveSession): Promise<string | undefined> => {
    const { session } = scene.maria;
    const signed = await forgeEvent(signer, {
      chain: knownBaton(session, baton),
      op: SETTLES,
      over: { ts: scene.clock.nowMs() },
    });
    await tamperWithChain(operator, { session, baton, n: 1, signed, at: scene.clock.nowMs() });
    await fetchBatons(session);
    await alarmOf(session, 'baton.not_yours', `baton.${baton}.1`);
    return session.batons.get(baton)?.status;
  };

  it('an agent without `settle`', async () => {
    expect(await forged(await answered('Forged by check-ins'), checkIns)).toBe('open');
  });

  it('an agent that ends an emergency', async () => {
    expect(await forged(await answered('Forged emergency', { urgent: true }), reminders)).toBe('open');
  });

  it('an agent that has been ended', async () => {
    const baton = await answered('Before the end');
    await scene.admin.session.agents.end(me(reminders));
    const { session } = scene.maria;
    await until(session.directory.people, (all) =>
      all.some(({ id, active }) => id === me(reminders) && !active),
    );
    const signed = await forgeEvent(reminders, {
      chain: knownBaton(session, baton),
      op: SETTLES,
      over: { ts: scene.clock.nowMs() },
    });
    await tamperWithChain(operator, { session, baton, n: 1, signed, at: scene.clock.nowMs() });
    await fetchBatons(session);
    await until(session.alarms, (alarms) =>
      alarms.some(({ about }) => about?.startsWith(`baton.${baton}.1`) === true),
    );
    expect(session.batons.get(baton)).toMatchObject({ status: 'open' });
  });
});
