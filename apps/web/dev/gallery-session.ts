import type {
  Alarm,
  ConnectionState,
  Conversation,
  Conversations,
  ConversationSummary,
  Me,
  Session,
} from '@baton/client';
import type { ConversationId } from '@baton/kernel';
import { can, isAction } from '@baton/policy';
import { sentenceOf } from '@baton/wire';
import { appointments } from './appointments.ts';
import { audit, people, security } from './administration.ts';
import { agents } from './agents.ts';
import { integrations } from './agents-outside.ts';
import { batons, whereToAnswer } from './batons.ts';
import { care } from './care.ts';
import { dice } from './dice.ts';
import { duty } from './duty.ts';
import { GalleryFailure, pause } from './failure.ts';
import { GalleryConversation } from './gallery-conversation.ts';
import { LiveCell } from './live-cell.ts';
import { directory, findMember, ME } from './people.ts';
import { notices } from './notices.ts';
import { patients } from './patients.ts';
import { programmes } from './programmes.ts';
import { JOBS_OF, now, scenario } from './scenario.ts';
import { WARD_TALK } from './talk.ts';
import { makeThreads } from './threads.ts';

const list = new LiveCell<readonly ConversationSummary[]>([]);
const open = new Map<string, GalleryConversation>();

function refresh(): void {
  list.set([...open.values()].map(({ summary }) => summary.read()).sort((a, b) => b.lastAt - a.lastAt));
}

function start(made: ConstructorParameters<typeof GalleryConversation>[0]): GalleryConversation {
  const conversation = new GalleryConversation(made, refresh);
  open.set(made.id, conversation);
  return conversation;
}

function begin(
  title: string,
  members: ConversationSummary['members'],
  kind: 'direct' | 'group',
): Conversation {
  const conversation = start({
    id: dice.id('conversation'),
    kind,
    title,
    members,
    items: [],
    unread: 0,
    draft: null,
    closed: false,
    blockedBy: [],
  });
  refresh();
  return conversation;
}

const conversations: Conversations = {
  list,
  ready: new LiveCell(scenario.state !== 'loading'),
  async open(id) {
    const conversation = open.get(id);
    if (conversation === undefined) throw new GalleryFailure('request.not_found');
    return Promise.resolve(conversation);
  },
  async startDirect(person) {
    await pause(150);
    const known = list
      .read()
      .find(({ kind, members }) => kind === 'direct' && members.some(({ id }) => id === person));
    const other = findMember(person);
    if (other === null) throw new GalleryFailure('request.not_found');
    return known === undefined ? begin(other.name, [ME, other], 'direct') : conversations.open(known.id);
  },
  async startGroup({ title, members }) {
    await pause(250);
    return begin(title, [ME, ...members.map(findMember).filter((member) => member !== null)], 'group');
  },
  async startWithRole(role) {
    await pause(250);
    const member = findMember(role);
    if (member === null) throw new GalleryFailure('request.not_found');
    return begin(member.name, [ME, member], 'group');
  },
};

function connectionNow(): ConnectionState {
  return scenario.state === 'offline'
    ? { state: 'offline', sinceMs: now() - 240_000, unsent: 2 }
    : { state: 'online' };
}

const ALARMS: readonly Alarm[] = [
  {
    id: 'fork',
    code: 'ledger.fork',
    at: now() - 60_000,
    severity: 'danger',
    sentence: sentenceOf('ledger.fork'),
  },
  {
    id: 'clock',
    code: 'ledger.expired',
    at: now() - 60_000,
    severity: 'notice',
    sentence:
      'The clock of this device is 4 minutes behind the server. Times shown may be wrong; set it right.',
  },
];

export function makeSession(): Session {
  if (open.size === 0 && scenario.state !== 'empty' && scenario.state !== 'loading')
    for (const made of makeThreads()) start(made);
  refresh();
  const [first] = open.keys();
  if (first !== undefined) whereToAnswer(first as ConversationId);
  if (scenario.lively)
    setInterval(() => dice.pick([...open.values()].slice(0, 3)).receive(dice.pick(WARD_TALK)), 6000);
  const me: Me = {
    account: ME.id,
    org: dice.id('org'),
    orgName: 'Harbor Family Practice',
    name: ME.name,
    jobs: ME.jobs,
    device: dice.id('device'),
    demo: true,
  };
  const alarms = new LiveCell<readonly Alarm[]>(scenario.state === 'alarm' ? ALARMS : []);
  const preferences = new LiveCell<Readonly<Record<string, string>>>({});
  return {
    me: new LiveCell(me),
    connection: new LiveCell<ConnectionState>(connectionNow()),
    alarms,
    directory,
    conversations,
    batons,
    duty,
    agents,
    integrations,
    records: { make: () => Promise.reject(new Error('no record in the gallery')) },
    notices,
    patients,
    care,
    appointments,
    programmes,
    people,
    audit,
    security,
    can: (action) =>
      isAction(action) && can({ kind: 'user', active: true, jobs: JOBS_OF[scenario.as] }, action),
    acknowledgeAlarm: (id) => alarms.change((all) => all.filter((alarm) => alarm.id !== id)),
    preferences,
    setPreference(key, value) {
      preferences.change((old) => ({ ...old, [key]: value }));
      return Promise.resolve();
    },
    signOut: () => pause(200),
    close: () => Promise.resolve(),
  };
}
