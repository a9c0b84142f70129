import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CODES_OF_KIND } from '../../understanding/codes.ts';
import type { Understanding } from '../../understanding/understanding.ts';
import { openExpectation } from '../asking.ts';
import { EXAMPLE_PROTOCOLS } from '../example-protocols.ts';
import { TEST_CHECKS } from '../fixtures/test-checks.ts';
import type { Protocol } from '../protocol.ts';
import type { RunEvent } from '../run-output.ts';
import { decodeRunState, encodeRunState, type RunState } from '../run-state.ts';
import { startRun } from '../start-run.ts';
import { stepRun } from '../step-run.ts';
import { beginningsOf } from './beginnings.ts';
import { exploredStates } from './explore-protocol.ts';
import { stateKey } from './state-key.ts';

// What the exploration says of all dialogues must hold of any dialogue: patients answer with any number, several symptoms at once, twice, late or not at all.

const FLAG = { rule: 'r', version: '1', category: 'c', level: 'emergency', start: 0, end: 1 } as const;

/** One event, from three numbers of fast-check, so that a failing walk shrinks. */
function eventFor(protocol: Protocol, state: RunState, [kind, pick, noise]: readonly number[]): RunEvent {
  const atMs = 1_000_000 + (noise ?? 0) * 60_000;
  const named = [...Object.keys(protocol.symptoms), 'dizziness', 'rash'];
  const heard = (noise ?? 0) % 3 === 0 ? [named[(pick ?? 0) % named.length] ?? ''] : [];
  const more = (noise ?? 0) % 7 === 0 ? [named[((pick ?? 0) * 5 + 3) % named.length] ?? ''] : [];
  const symptoms = [...new Set([...heard, ...more])];
  const expectation = openExpectation(protocol, state);
  const of = (understood: Partial<Understanding>): RunEvent => ({
    t: 'answer',
    atMs,
    understood: { sure: false, why: 'nothing', symptoms, flags: [], ...understood } as Understanding,
  });
  switch ((kind ?? 0) % 12) {
    case 0:
      return { t: 'due', atMs, what: String(state.seq) };
    case 1:
      return { t: 'due', atMs, what: String(state.seq - 1) };
    case 2:
      return of({});
    case 3:
      return of({ flags: (noise ?? 0) % 5 === 0 ? [FLAG] : [] });
    case 4:
      return { t: 'photo', atMs };
    case 5:
      return (noise ?? 0) % 6 === 0
        ? { t: 'close', atMs }
        : { t: 'choice', atMs, key: String((pick ?? 0) % 5) };
    case 6: {
      // Of plans that change, only where one is still to be asked about: later it is staff's alone.
      if (expectation?.kind !== 'dose') return of({});
      return { t: 'plan', atMs, plan: (noise ?? 0) % 2 === 0 ? 'held' : 'stale' };
    }
    default: {
      if (expectation === null) return of({});
      const { min, max } = expectation.range ?? { min: 0, max: 10 };
      const share = ((noise ?? 0) % 1000) / 999;
      const number =
        expectation.kind === 'temperature'
          ? Math.round((min + share * (max - min)) * 10) / 10
          : Math.round(min + share * (max - min));
      const sure = { sure: true, number: null, second: null, unit: null, rule: 'test' } as const;
      const codes = [
        ...expectation.choices.map(({ code }) => code),
        ...(expectation.kind === 'wellbeing' ? [] : CODES_OF_KIND[expectation.kind]),
      ];
      const code = codes[(pick ?? 0) % codes.length] ?? 'nothing';
      if (code === 'count') return of({ ...sure, code, number });
      if (code === 'temperature')
        return of({
          ...sure,
          code,
          number: (pick ?? 0) % 2 === 0 ? number : (number * 9) / 5 + 32,
          unit: (pick ?? 0) % 2 === 0 ? 'C' : 'F',
        });
      if (code === 'blood-pressure')
        return of({
          ...sure,
          code,
          number,
          second: Math.max(30, number - 1 - ((pick ?? 0) % 90)),
          unit: 'mmHg',
        });
      return of({ ...sure, code });
    }
  }
}

const steps = fc.array(fc.tuple(fc.nat(11), fc.nat(60), fc.nat(2000)), { minLength: 1, maxLength: 60 });

it.each(EXAMPLE_PROTOCOLS.map((protocol) => [protocol.id, protocol] as const))(
  '%s: a random dialogue stays where the exploration was, and behaves as it said',
  (_, protocol) => {
    const states = exploredStates(protocol, TEST_CHECKS);
    const beginnings = beginningsOf(protocol);
    fc.assert(
      fc.property(fc.nat(beginnings.length - 1), steps, (begin, walk) => {
        const beginning = beginnings[begin];
        if (beginning === undefined) return;
        let { state } = startRun(protocol, { ...beginning.input, atMs: 999 });
        for (const numbers of walk) {
          const like = states.get(stateKey(protocol, state));
          expect(like, `a state that was not explored: ${stateKey(protocol, state)}`).toBeDefined();
          if (like === undefined || state.outcome !== 'open') return;
          const event = eventFor(protocol, state, numbers);
          const step = stepRun(protocol, state, event);
          expect(stepRun(protocol, state, event), 'the same twice').toEqual(step);
          const stored = decodeRunState(encodeRunState(state));
          expect(stored && stepRun(protocol, stored, event), 'the same after it was stored').toEqual(step);
          expect(encodeRunState(step.state).length).toBeLessThan(20_000);
          const same =
            event.t === 'due' ? { ...event, what: String(like.seq + Number(event.what) - state.seq) } : event;
          const expected = stepRun(protocol, like, same);
          expect(stateKey(protocol, step.state)).toBe(stateKey(protocol, expected.state));
          // Staff may be told of one thing more or less (what they know already), the patient is asked the same.
          const asks = (out: typeof step.out) =>
            out.flatMap((one) => (one.t === 'say' && one.prompt !== null ? [one.node] : []));
          expect(asks(step.out)).toEqual(asks(expected.out));
          state = step.state;
        }
      }),
      { numRuns: 400 },
    );
  },
  60_000,
);

it('every open dialogue that nobody answers ends by itself, and says when it will be looked at again', () => {
  for (const protocol of EXAMPLE_PROTOCOLS)
    for (const first of exploredStates(protocol, TEST_CHECKS).values()) {
      let state = first;
      for (let turn = 0; state.outcome === 'open' && turn < 12; turn += 1) {
        const { state: next, out } = stepRun(protocol, state, { t: 'due', atMs: 0, what: String(state.seq) });
        const open = next.outcome === 'open';
        expect(out.some((one) => one.t === 'later')).toBe(open);
        state = next;
      }
      expect(state.outcome).not.toBe('open');
    }
}, 60_000);
