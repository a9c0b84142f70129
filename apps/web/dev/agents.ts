import type { AgentActivity, AgentRow, Agents } from '@baton/client';
import type { Manifest } from '@baton/wire';
import { Dice } from './dice.ts';
import { DUTY_ROLES } from './duty-data.ts';
import { GalleryFailure, pause } from './failure.ts';
import { LiveCell } from './live-cell.ts';
import { OTHERS, PERSONAS, peopleCell, REMINDERS } from './people.ts';
import { now, scenario } from './scenario.ts';

const MINUTE = 60_000;
const dice = new Dice(1_905_112);

const DUTY_AGENT = { ...REMINDERS, id: dice.id('account'), name: 'Duty assistant' };
const ENDED = {
  ...REMINDERS,
  id: dice.id('account'),
  name: 'Discharge summary filing assistant for Cardiology',
  active: false,
};
peopleCell.change((list) => [...list, DUTY_AGENT, ENDED]);

function manifest(more: Partial<Manifest>): Manifest {
  return {
    v: 1,
    t: 'manifest',
    org: dice.id('org'),
    program: 'duty',
    version: 3,
    purposes: ['Makes the shift changes that the signed schedule calls for'],
    access: [{ kind: 'keyring', history: true, writes: ['members'] }],
    duty: true,
    hosts: [],
    code: dice.bytes(32),
    responsible: PERSONAS.manager.id,
    ...more,
  };
}

function serves(title: string, history: boolean): AgentRow['serves'][number] {
  return { conversation: dice.id('conversation'), title, history };
}

const rows = new LiveCell<readonly AgentRow[]>(
  scenario.state === 'empty'
    ? []
    : [
        {
          agent: DUTY_AGENT,
          manifest: manifest({}),
          responsible: PERSONAS.manager,
          serves: [],
          roles: DUTY_ROLES.filter(({ unit }) => unit === 'Cardiology'),
        },
        {
          agent: REMINDERS,
          manifest: manifest({
            program: 'reminders',
            version: 12,
            purposes: ['Reminds patients of appointments', 'Tells staff which patients did not confirm'],
            access: [
              { kind: 'patient', history: false, writes: ['message', 'put'] },
              { kind: 'group', history: false, writes: ['message'] },
              { kind: 'collection', history: true, writes: ['put'] },
            ],
            duty: false,
            hosts: ['calendar.harbor-family-practice.example:8443', 'sms.example'],
            responsible: OTHERS[10]?.id ?? PERSONAS.manager.id,
          }),
          responsible: OTHERS[10] ?? PERSONAS.manager,
          serves: [
            serves('4 West, day shift', false),
            serves('Huddle 08:15', false),
            serves('Anticoagulation clinic: pre-procedure bridging questions, Harbor and Lakeside', true),
          ],
          roles: [],
        },
        { agent: ENDED, manifest: null, responsible: null, serves: [], roles: [] },
      ],
);

function activityOf(): AgentActivity {
  const actions = [
    'message.append',
    'entry.append',
    'conversation.read',
    'collection.put',
    'session.start.device',
  ];
  return {
    conversations: [
      { id: dice.id('conversation'), title: '4 West, day shift' },
      { id: dice.id('conversation'), title: 'Huddle 08:15' },
    ],
    lastSeenAt: now() - 2 * MINUTE,
    events: Array.from({ length: 24 }, (_, index) => ({
      at: now() - index * 17 * MINUTE,
      action: actions[index % actions.length] ?? 'message.append',
      object: index % 5 === 4 ? null : dice.id('conversation'),
      outcome: index === 6 ? ('refused' as const) : ('ok' as const),
    })),
  };
}

function edit(id: string, change: (row: AgentRow) => AgentRow): void {
  rows.change((list) => list.map((row) => (row.agent.id === id ? change(row) : row)));
}

export const agents: Agents = {
  rows,
  async invite({ name, manifest: asked }) {
    await pause(400);
    if (name === '') throw new GalleryFailure('request.invalid');
    const agent = {
      ...REMINDERS,
      id: dice.id('account'),
      name,
      verified: false,
      problem: 'Waits for the station.',
    };
    rows.change((list) => [
      ...list,
      { agent, manifest: manifest(asked), responsible: PERSONAS.manager, serves: [], roles: [] },
    ]);
    return { link: `https://baton.example.org/join#i_${'x'.repeat(22)}.${'y'.repeat(43)}.${'z'.repeat(43)}` };
  },
  async changeManifest(agent, asked) {
    await pause(250);
    edit(agent, (row) => ({
      ...row,
      manifest: manifest({ ...asked, version: (row.manifest?.version ?? 0) + 1 }),
      responsible: peopleCell.read().find(({ id }) => id === asked.responsible) ?? null,
    }));
  },
  async admit(agent, conversation, { history }) {
    await pause(250);
    edit(agent, (row) => ({
      ...row,
      serves: [...row.serves, { conversation, title: 'Huddle 08:15', history }],
    }));
  },
  async revoke(agent, conversation) {
    await pause(250);
    edit(agent, (row) => ({ ...row, serves: row.serves.filter((one) => one.conversation !== conversation) }));
  },
  async keepRole(agent, role, on) {
    await pause(250);
    edit(agent, (row) => ({
      ...row,
      roles: on
        ? [...row.roles, ...DUTY_ROLES.filter(({ id }) => id === role)]
        : row.roles.filter(({ id }) => id !== role),
    }));
  },
  async end(agent) {
    await pause(250);
    edit(agent, (row) => ({ ...row, agent: { ...row.agent, active: false }, serves: [], roles: [] }));
  },
  async activity() {
    await pause(150);
    return activityOf();
  },
};
