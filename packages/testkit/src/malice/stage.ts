import { startTemporaryPostgres } from '@baton/embedded-postgres';
import type { Alarm, Conversation, LiveSession, TimelineMessage } from '@baton/client';
import { createPractice, type Device, type Practice } from '../practice.ts';
import { startTestServer, type TestServer } from '../test-server.ts';
import { until } from '../until.ts';
import { becomeOperator, type Operator } from './operator.ts';

/** A practice on a server whose operator is the adversary. */
export interface Stage {
  readonly server: TestServer;
  readonly practice: Practice;
  readonly operator: Operator;
  readonly admin: Device;
  readonly maria: Device;
  readonly james: Device;
  readonly nina: Device;
  /** A group of Maria and others with one message that everybody has. */
  thread(words: string, others: readonly Device[]): Promise<Conversation>;
  close(): Promise<void>;
}

export async function setStage(): Promise<Stage> {
  const postgres = await startTemporaryPostgres();
  const server = await startTestServer({ postgres });
  const practice = await createPractice(server, {
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'James Chen', jobs: ['physician'] },
      { name: 'Nina Patel', jobs: ['medical-assistant'] },
    ],
  });
  const [maria, james, nina] = practice.people as [Device, Device, Device];
  const operator = await becomeOperator(server, postgres.superuserUrl);
  return {
    server,
    practice,
    operator,
    admin: practice.admin,
    maria,
    james,
    nina,
    async thread(words, others) {
      const members = others.map(({ account }) => account);
      const thread = await maria.session.conversations.startGroup({ title: words, members });
      await say(thread, words);
      await Promise.all(others.map(({ session }) => reads(session, thread.id, words)));
      return thread;
    },
    async close() {
      await practice.close();
      await operator.close();
      await server.stop();
      await postgres.stop();
    },
  };
}

export async function say(thread: Conversation, text: string): Promise<void> {
  await thread.send({ text, files: [], mentions: [], replyTo: null, as: null });
  await until(thread.timeline, ({ items }) =>
    items.some((item) => item.type === 'message' && item.text === text && item.seq !== null),
  );
}

export function textsOf(thread: Conversation): string[] {
  return messagesOf(thread).map(({ text }) => text);
}

export function messagesOf(thread: Conversation): TimelineMessage[] {
  return thread.timeline.read().items.filter((item): item is TimelineMessage => item.type === 'message');
}

export async function reads(
  session: LiveSession,
  id: Conversation['id'],
  words: string,
): Promise<Conversation> {
  await until(session.conversations.list, (rows) => rows.some((row) => row.id === id));
  const thread = await session.conversations.open(id);
  await until(thread.timeline, () => textsOf(thread).includes(words));
  return thread;
}

/** Asks the server at once for what is new, instead of at the next heartbeat. */
export const catchUp = (session: LiveSession): Promise<void> => session.parts.sync.catchUp();

/** The alarm with this code about something that begins so. */
export async function alarmOf(session: LiveSession, code: Alarm['code'], about = ''): Promise<Alarm> {
  const fits = (alarm: Alarm): boolean => alarm.code === code && (alarm.about ?? '').startsWith(about);
  const alarms = await until(session.alarms, (shown) => shown.some(fits), { withinMs: 10_000 });
  return alarms.find(fits) as Alarm;
}

/** Nothing was raised about this. */
export function isQuiet(session: LiveSession, about: string): boolean {
  return !session.alarms.read().some((alarm) => (alarm.about ?? '').startsWith(about));
}
