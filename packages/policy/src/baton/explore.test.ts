import { describe, expect, it } from 'vitest';
import { explore, MACHINE, type Machine, type Scene } from '../fixtures/explorer.ts';
import {
  ANN,
  BOB,
  BUSY,
  type Presence,
  SUE,
  SUPERVISOR,
  WARD,
  WORKLIST,
  type Ward,
} from '../fixtures/small-hospital.ts';

const set =
  (id: typeof ANN, presence: Presence) =>
  (ward: Ward): Ward => ({ ...ward, presence: { ...ward.presence, [id]: presence } });
const hold =
  (...names: (typeof ANN)[]) =>
  (ward: Ward): Ward => ({ ...ward, ward: names });
const edit =
  (ladder: Ward['ladder']) =>
  (ward: Ward): Ward => ({ ...ward, ladder });

/** Everything that the issue names: leaving, going off duty, being deactivated, empty roles, ladders edited, in any order and at one time. */
const SCENES: Readonly<Record<string, Scene>> = {
  'a role that loses and gains its holder': {
    to: WARD,
    ward: BUSY,
    offers: [BOB],
    changes: [hold(), hold(ANN), hold(BOB), set(ANN, 'gone')],
  },
  'a person who leaves for good': {
    to: ANN,
    ward: BUSY,
    offers: [BOB, WARD],
    changes: [set(ANN, 'gone'), set(ANN, 'on'), set(BOB, 'gone')],
  },
  'a person who goes off duty, covered or not': {
    to: ANN,
    ward: BUSY,
    offers: [BOB],
    changes: [set(ANN, 'off'), set(ANN, 'covered'), set(ANN, 'on')],
  },
  'a queue that is closed': {
    to: WORKLIST,
    ward: BUSY,
    offers: [BOB, WORKLIST],
    changes: [(ward) => ({ ...ward, worklist: !ward.worklist }), hold(), hold(ANN)],
  },
  'a ladder that is edited under way': {
    to: WARD,
    ward: BUSY,
    offers: [ANN],
    changes: [edit('short'), edit('long'), hold()],
  },
  'a supervisor who is not there': {
    to: WARD,
    ward: { ...BUSY, ladder: 'short' },
    offers: [SUPERVISOR],
    changes: [
      set(SUE, 'off'),
      set(SUE, 'on'),
      (ward) => ({ ...ward, supervisors: ward.supervisors.length === 0 ? [SUE] : [] }),
      set(BOB, 'off'),
    ],
  },
  'everything at once': {
    to: WARD,
    ward: BUSY,
    offers: [BOB],
    changes: [
      hold(),
      hold(ANN),
      set(ANN, 'off'),
      set(ANN, 'covered'),
      set(ANN, 'on'),
      set(BOB, 'gone'),
      set(SUE, 'off'),
      edit('short'),
    ],
  },
  'the supervisor asked first': {
    to: SUPERVISOR,
    ward: BUSY,
    offers: [ANN],
    changes: [set(SUE, 'gone'), edit('short'), edit('long')],
  },
};

describe('every reachable state of a baton', () => {
  it.each(Object.entries(SCENES))('keeps its promises: %s', { timeout: 120_000 }, (name, scene) => {
    const { states, edges, ended, counterexample } = explore(scene);
    console.info(`${name}: ${states} states, ${edges} steps between them, ${ended} ends`);
    expect(counterexample).toBeNull();
    expect(ended).toBeGreaterThan(0);
    expect(states).toBeGreaterThan(200);
  });
});

/** Machines with one fault each, and a scene in which it shows. */
const FAULTS: Readonly<
  Record<string, { machine: Partial<Machine>; scene: keyof typeof SCENES; broken: RegExp }>
> = {
  'a reassignment that moves nothing': {
    machine: {
      apply(state, placed) {
        const next = MACHINE.apply(state, placed);
        const isMove = placed.event.op.op === 'reassign' && state !== null;
        return next.ok && isMove ? { ok: true, value: { ...next.value, owner: state.owner } } : next;
      },
    },
    scene: 'a person who leaves for good',
    broken: /comes to an end|accountable/,
  },
  'an owner who is never replaced': {
    machine: {
      due(state, facts, now) {
        const op = MACHINE.due(state, facts, now);
        return op?.op === 'reassign' ? null : op;
      },
    },
    scene: 'a role that loses and gains its holder',
    broken: /accountable/,
  },
  'a step that ends the baton': {
    machine: {
      apply(state, placed) {
        const next = MACHINE.apply(state, placed);
        if (!next.ok || placed.event.op.op !== 'step' || placed.event.op.step < 3) return next;
        const ended = { by: ANN, at: placed.at, reason: 'done' as const, answer: null };
        return { ok: true, value: { ...next.value, status: 'closed', ended } };
      },
    },
    scene: 'a ladder that is edited under way',
    broken: /named person/,
  },
  'a ladder that stops after its last step': {
    machine: {
      timer: (state, facts, now) => (state.steps.count > 3 ? null : MACHINE.timer(state, facts, now)),
    },
    scene: 'the supervisor asked first',
    broken: /timer ahead/,
  },
  'a follow-up that is forgotten': {
    machine: {
      timer: (state, facts, now) =>
        state.status === 'acknowledged' ? null : MACHINE.timer(state, facts, now),
    },
    scene: 'a ladder that is edited under way',
    broken: /timer ahead/,
  },
  'a timer that lies in the past': {
    machine: { timer: (state) => state.at },
    scene: 'a role that loses and gains its holder',
    broken: /timer ahead/,
  },
  'an end that can be undone': {
    machine: {
      apply: (state, placed) =>
        MACHINE.apply(state?.status === 'closed' ? { ...state, ended: null, status: 'open' } : state, placed),
    },
    scene: 'a queue that is closed',
    broken: /final/,
  },
  'an event that counts twice': {
    machine: {
      apply(state, placed) {
        if (state === null || placed.event.n !== state.n) return MACHINE.apply(state, placed);
        return { ok: true, value: state };
      },
    },
    scene: 'a role that loses and gains its holder',
    broken: /twice/,
  },
  'an acknowledgement that owns nothing': {
    machine: {
      apply(state, placed) {
        const next = MACHINE.apply(state, placed);
        const isMove = placed.event.op.op === 'acknowledge' && state !== null;
        return next.ok && isMove ? { ok: true, value: { ...next.value, owner: state.owner } } : next;
      },
    },
    scene: 'a role that loses and gains its holder',
    broken: /person’s|owns it/,
  },
  'holders who are not told': {
    machine: {
      due(state, facts, now) {
        const op = MACHINE.due(state, facts, now);
        return op?.op === 'step' && now - state.at < 30_000 ? null : op;
      },
    },
    scene: 'a role that loses and gains its holder',
    broken: /heard of it/,
  },
  'a ladder that goes round for ever below the supervisor': {
    machine: {
      due(state, facts, now) {
        const op = MACHINE.due(state, facts, now);
        return op?.op === 'step' && op.target === SUPERVISOR && state.owner !== SUPERVISOR
          ? { ...op, target: BOB, offsetMs: 60_000, reached: [BOB], empty: false }
          : op;
      },
    },
    scene: 'a role that loses and gains its holder',
    broken: /reaches the supervisor|comes to an end|can be done/,
  },
};

describe('the exploration finds what is wrong', () => {
  it.each(Object.entries(FAULTS))('%s', (_, { machine, scene, broken }) => {
    const { counterexample } = explore(SCENES[scene] as Scene, { ...MACHINE, ...machine });
    expect(counterexample?.broken).toMatch(broken);
    expect(counterexample?.path.length).toBeGreaterThan(0);
  });
});
