import type { Person, Role } from '@baton/client';
import type { AccountId, LadderId, RoleId } from '@baton/kernel';
import type { Cover, Ladder, OrgPolicy, Queue, Schedule, Unit } from '@baton/wire';
import { Dice } from './dice.ts';
import { ME, OTHERS, PERSONAS, ROLES, rolesCell } from './people.ts';
import { now, scenario } from './scenario.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SOURCE =
  'Baton defaults for an escalation engine. No standard gives these times: for sign-off by your site.';
/** Of its own, so that what other screens show does not depend on how many roles there are. */
const dice = new Dice(7_041_776);

function role(name: string, unit: string | null, holders: readonly (Person | undefined)[]): Role {
  const held = holders.filter((holder) => holder !== undefined);
  return {
    kind: 'role',
    id: dice.id('role'),
    name,
    unit,
    use: 'duty',
    keyring: dice.id('conversation'),
    holders: held,
    heldByMe: held.some(({ id }) => id === ME.id),
  };
}

export const SUPERVISOR = role('Duty supervisor', 'Administration', [PERSONAS.manager]);
const [CHARGE, CARDIOLOGY, CARE_TEAM, PHARMACY, FRONT_DESK, NIGHT] = ROLES;

const UNITS_OF_MANY = [
  'Emergency department',
  'Interventional cardiology and electrophysiology, Harbor campus',
  'Labor and delivery',
  'Medical intensive care unit',
  'Neonatal intensive care unit',
  'Oncology',
  'Orthopedics',
  'Radiology',
];
const FUNCTIONS_OF_MANY = [
  'attending on call',
  'charge nurse',
  'pharmacist for anticoagulation and antimicrobial stewardship',
];
const MANY: readonly Role[] = UNITS_OF_MANY.flatMap((unit, index) =>
  FUNCTIONS_OF_MANY.map((what, place) => role(`${unit} ${what}`, unit, [OTHERS[(index * 3 + place) % 13]])),
);

/** The demo's duty roles; with `duty=many` a hospital's. */
export const DUTY_ROLES: readonly Role[] = [...ROLES, SUPERVISOR, ...(scenario.duty === 'many' ? MANY : [])];
rolesCell.set(DUTY_ROLES);

type Slot = Schedule['weekly'][number];
const ALL_WEEK = [1, 2, 3, 4, 5, 6, 7];
const WORKDAYS = [1, 2, 3, 4, 5];

function shifts(
  days: readonly number[],
  from: number,
  to: number,
  who: readonly (Person | undefined)[],
): Slot[] {
  return days.flatMap((day, index) => {
    const account = who[index % who.length]?.id;
    return account === undefined ? [] : [{ day, from: from * 60, to: to * 60, account }];
  });
}

const [HOHENSTEIN, ODUYA, PARK, ALVAREZ, , KIM, , , , WEISS, , TANAKA, GOLDBERG] = OTHERS;

function schedule(of: Role | undefined, weekly: readonly Slot[]): readonly Schedule[] {
  if (of === undefined) return [];
  return [{ kind: 'schedule', role: of.id, timeZone: 'America/New_York', weekly: [...weekly], active: true }];
}

export function makeSchedules(): readonly Schedule[] {
  return [
    ...schedule(CHARGE, [
      ...shifts(WORKDAYS, 7, 19, [PERSONAS.nurse, PERSONAS.nurse, ODUYA]),
      ...shifts(ALL_WEEK, 19, 7, [GOLDBERG, GOLDBERG, ODUYA]),
      ...shifts([6, 7], 7, 19, [ODUYA, GOLDBERG]),
    ]),
    ...schedule(CARDIOLOGY, shifts(ALL_WEEK, 8, 8, [PARK, HOHENSTEIN, PARK, TANAKA])),
    ...schedule(PHARMACY, shifts(WORKDAYS, 8, 18, [KIM])),
    ...schedule(NIGHT, shifts(WORKDAYS, 20, 7, [ODUYA, TANAKA])),
    ...schedule(SUPERVISOR, [
      ...shifts(ALL_WEEK, 7, 19, [PERSONAS.manager, PERSONAS.manager, PERSONAS.compliance]),
      ...shifts(ALL_WEEK, 19, 7, [PERSONAS.physician, TANAKA]),
    ]),
    ...(scenario.duty === 'many'
      ? MANY.flatMap((one, index) =>
          index % 7 === 3
            ? []
            : schedule(one, [
                ...shifts(ALL_WEEK, 7, 19, [OTHERS[index % 13], OTHERS[(index + 4) % 13]]),
                ...shifts(index % 5 === 0 ? WORKDAYS : ALL_WEEK, 19, 7, [OTHERS[(index + 7) % 13]]),
              ]),
        )
      : []),
  ];
}

export function makeCovers(): readonly Cover[] {
  if (CARDIOLOGY === undefined || TANAKA === undefined || CHARGE === undefined || ODUYA === undefined)
    return [];
  return [
    {
      kind: 'cover',
      cover: dice.id('event'),
      role: CARDIOLOGY.id,
      account: TANAKA.id,
      instead: null,
      from: now() - 2 * HOUR,
      until: now() + 5 * HOUR + 20 * MINUTE,
      active: true,
    },
    {
      kind: 'cover',
      cover: dice.id('event'),
      role: CHARGE.id,
      account: ODUYA.id,
      instead: PERSONAS.nurse.id,
      from: now() + 66 * HOUR + 20 * MINUTE,
      until: now() + 72 * HOUR + 20 * MINUTE,
      active: true,
    },
  ];
}

function ladder(name: string, steps: Ladder['steps'], more: Partial<Ladder> = {}): Ladder {
  return {
    kind: 'ladder',
    ladder: dice.id('ladder'),
    name,
    steps,
    repeatMs: 5 * MINUTE,
    followUpMs: 30 * MINUTE,
    offerMs: 5 * MINUTE,
    source: SOURCE,
    active: true,
    ...more,
  };
}

const STAT = ladder('STAT', [
  { from: 'open', afterMs: 3 * MINUTE, target: 'owner' },
  { from: 'open', afterMs: 5 * MINUTE, target: 'backup' },
  { from: 'open', afterMs: 10 * MINUTE, target: 'charge' },
  { from: 'open', afterMs: 15 * MINUTE, target: 'supervisor' },
]);
const CALL = ladder(
  'Call me',
  [
    { from: 'open', afterMs: 15 * MINUTE, target: 'backup' },
    { from: 'open', afterMs: 30 * MINUTE, target: 'charge' },
    { from: 'open', afterMs: 60 * MINUTE, target: 'supervisor' },
  ],
  { repeatMs: 15 * MINUTE, followUpMs: HOUR, offerMs: 10 * MINUTE },
);
const REPLY = ladder(
  'Reply',
  [
    { from: 'deadline', afterMs: 0, target: 'owner' },
    { from: 'deadline', afterMs: 2 * HOUR, target: 'backup' },
    { from: 'deadline', afterMs: 48 * HOUR, target: 'supervisor' },
  ],
  { repeatMs: 24 * HOUR, followUpMs: 24 * HOUR, offerMs: 30 * MINUTE },
);
const CATH_LAB = ladder(
  'STEMI alert: catheter laboratory team, nights and weekends',
  [
    { from: 'open', afterMs: 2 * MINUTE, target: CARDIOLOGY?.id ?? 'owner' },
    { from: 'open', afterMs: 4 * MINUTE, target: HOHENSTEIN?.id ?? 'owner' },
    { from: 'open', afterMs: 8 * MINUTE, target: 'supervisor' },
  ],
  { repeatMs: 2 * MINUTE, source: 'Cardiology operations committee, minutes of 3 September 2026, item 4.' },
);

export const LADDERS: readonly Ladder[] = [STAT, CALL, REPLY, CATH_LAB];
const NONE = { reply: null, talk: null, stat: null } as const;

function unit(name: string, more: Partial<Unit> = {}): Unit {
  return {
    kind: 'unit',
    unit: dice.id('unit'),
    name,
    backup: null,
    charge: null,
    ladders: NONE,
    callback: null,
    showSender: { reply: false, talk: false, stat: true },
    active: true,
    ...more,
  };
}

const idOf = (one: Role | undefined): RoleId | null => one?.id ?? null;

export const UNITS: readonly Unit[] = [
  unit('4 West', { backup: idOf(NIGHT), charge: idOf(CHARGE), callback: '555-0142' }),
  unit('Cardiology', {
    backup: idOf(CHARGE),
    ladders: { ...NONE, stat: CATH_LAB.ladder },
    callback: '555-0177',
    showSender: { reply: true, talk: true, stat: true },
  }),
  unit('Pharmacy', { backup: idOf(FRONT_DESK) }),
];

export const QUEUES: readonly Queue[] = [
  {
    kind: 'queue',
    queue: dice.id('queue'),
    name: 'Refill requests',
    roles: [PHARMACY, CARE_TEAM].flatMap((one) => (one === undefined ? [] : [one.id])),
    defaultOwner: PHARMACY?.id ?? ME.id,
    active: true,
  },
  {
    kind: 'queue',
    queue: dice.id('queue'),
    name: 'Prior authorizations and letters to insurers',
    roles: FRONT_DESK === undefined ? [] : [FRONT_DESK.id],
    defaultOwner: (WEISS ?? ALVAREZ ?? ME).id,
    active: true,
  },
];

export const POLICY: OrgPolicy = {
  kind: 'policy',
  supervisor: SUPERVISOR.id,
  ladders: { reply: REPLY.ladder, talk: CALL.ladder, stat: STAT.ladder },
  replyWithinMs: [30 * MINUTE, 2 * HOUR, 4 * HOUR, 24 * HOUR],
  talkWithinMs: 15 * MINUTE,
  statWithinMs: 5 * MINUTE,
  opening: 'reply',
  notices: {
    stat: { pushMs: 10_000, textMs: MINUTE },
    talk: { pushMs: MINUTE, textMs: 5 * MINUTE },
    reply: { pushMs: 10 * MINUTE, textMs: HOUR },
  },
  callback: '555-0100',
};

/** Where schedule and keyring do not agree, so that the screens have something to warn about. */
export const KEYS: ReadonlyMap<RoleId, readonly AccountId[]> = new Map(
  CARDIOLOGY === undefined || HOHENSTEIN === undefined || PARK === undefined
    ? []
    : [[CARDIOLOGY.id, [HOHENSTEIN.id, PARK.id]]],
);

export function makeLadderId(): LadderId {
  return dice.id('ladder');
}

export { dice as dutyDice };
