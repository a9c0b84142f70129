import { expect, it } from 'vitest';
import { understandReply } from '../understanding/understand-reply.ts';
import { openExpectation, replyFacts } from './asking.ts';
import type { DosePlan } from './dose-plan.ts';
import { EXAMPLE_PROTOCOLS } from './example-protocols.ts';
import type { Protocol } from './protocol.ts';
import type { RunEvent, RunOut } from './run-output.ts';
import type { RunState } from './run-state.ts';
import { FRESH_CONTEXT, missingSettings, type RunContext, type StartInput, startRun } from './start-run.ts';
import { stepRun } from './step-run.ts';

const MINUTE = 60_000;
const SETTINGS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'capecitabine-monotherapy': {
    'fever-from': 38,
    'fever-below': 36,
    'red-minutes': 15,
    'amber-minutes': 240,
  },
  'better-same-worse': { 'amber-minutes': 240 },
  'post-discharge-30-days': { 'red-minutes': 15 },
  'blood-pressure-by-text': {
    'upper-low': 90,
    'lower-low': 55,
    'upper-high': 140,
    'upper-severe': 160,
    'lower-high': 90,
    'lower-severe': 110,
    'red-minutes': 15,
    'amber-minutes': 240,
  },
};
const DOSES: DosePlan = {
  t: 'doses',
  cycle: 1,
  cycleDay: 3,
  times: [
    {
      id: 'morning',
      doses: [
        { strengthMg: 500, tablets: 3 },
        { strengthMg: 150, tablets: 1 },
      ],
    },
    { id: 'evening', doses: [{ strengthMg: 500, tablets: 3 }] },
  ],
};

/** A dialogue in words: what is typed is understood as patients' texts are. */
class Dialogue {
  readonly protocol: Protocol;
  state: RunState;
  out: readonly RunOut[];
  #nowMs = 1000;

  constructor(id: string, change: Partial<StartInput> = {}) {
    this.protocol = EXAMPLE_PROTOCOLS.find((one) => one.id === id) as Protocol;
    const step = startRun(this.protocol, {
      slot: this.protocol.slots[0]?.id ?? '',
      date: '2026-03-06',
      atMs: this.#nowMs,
      language: 'en',
      settings: SETTINGS[id] ?? {},
      plan: this.protocol.regimen === 'required' ? DOSES : null,
      fill: { name: 'Ana', practice: 'Elm Clinic', phone: '555-0100', drug: 'capecitabine' },
      context: FRESH_CONTEXT,
      ...change,
    });
    this.state = step.state;
    this.out = step.out;
  }

  meet(event: RunEvent): this {
    const step = stepRun(this.protocol, this.state, event);
    this.state = step.state;
    this.out = step.out;
    return this;
  }

  write(...texts: readonly string[]): this {
    for (const text of texts) {
      const expectation = openExpectation(this.protocol, this.state);
      if (expectation === null) throw new Error(`nothing is asked: ${text}`);
      const facts = replyFacts(this.protocol, this.state);
      const understood = understandReply(text, expectation, this.state.language, facts);
      this.meet({ t: 'answer', atMs: this.#nowMs, understood });
    }
    return this;
  }

  wait(): this {
    this.#nowMs = this.state.dueAtMs ?? this.#nowMs;
    return this.meet({ t: 'due', atMs: this.#nowMs, what: String(this.state.seq) });
  }

  get says(): readonly string[] {
    return this.out.flatMap((one) => (one.t === 'say' ? [one.node] : []));
  }

  get alerts() {
    return this.out.flatMap((one) => (one.t === 'alert' ? [one] : []));
  }
}

const cape = (change: Partial<StartInput> = {}) => new Dialogue('capecitabine-monotherapy', change);
const context = (change: Partial<RunContext>) => ({ context: { ...FRESH_CONTEXT, ...change } });

it('a day on which all is well ends in the closing text', () => {
  const day = cape();
  expect(day.out[0]).toMatchObject({
    text: 'Your capecitabine for now: 3 tablets of 500 mg and 1 tablet of 150 mg. Did you take it?',
    prompt: { asks: 'choice', choices: [{ key: '1', label: 'Taken' }, { key: '2' }, { key: '3' }] },
  });
  day.write('took them', '2', 'good');
  expect(day.says).toEqual(['closing']);
  expect(day.out.at(-1)).toEqual({ t: 'end', outcome: 'advised', stops: false });
});

it('a fever ends in a call: somebody is asked with a clock, the patient is told, and asked whether it is urgent', () => {
  const day = cape().write('1', '2', 'not so good', '101.2');
  expect(day.alerts).toMatchObject([
    {
      band: 'red',
      kind: 'fever',
      contract: 'stat',
      withinMs: 15 * MINUTE,
      line: 'temperature/fever-g1: Temperature of 38.0 °C or more',
    },
  ]);
  expect(day.out.find(({ t }) => t === 'note')).toMatchObject({
    value: { number: 38.44, unit: 'C' },
    grade: 1,
  });
  expect(day.says).toEqual(['told-now', 'urgency']);
  day.write('urgent');
  expect(day.out).toContainEqual({ t: 'urgency', says: 'urgent' });
  // Somebody is on the way already.
  expect(day.alerts).toEqual([]);
  expect(day.state.outcome).toBe('alerted');
});

it('two ambers of a day are a red, counted once for each thing', () => {
  const day = cape().write('1', '2', 'bad', '98.6', 'no', '4');
  expect(day.alerts).toMatchObject([{ band: 'amber', key: 'vomit/some' }]);
  day.write('5');
  expect(day.alerts).toMatchObject([
    { band: 'red', key: 'ambers', supersedes: ['vomit/some'], contract: 'stat' },
  ]);

  const gut = cape().write('1', '2', 'bad', '98.6', 'no', '0', '5');
  expect(gut.alerts).toMatchObject([{ band: 'amber', key: 'stools/some' }]);
  gut.write('no', 'yes');
  // At night is the same diarrhoea.
  expect(gut.alerts).toMatchObject([{ band: 'amber', key: 'stool-night/night' }]);

  const evening = cape({ slot: 'evening', ...context({ ambers: ['stools'] }) }).write(
    '1',
    'bad',
    '98.6',
    'no',
    '4',
  );
  expect(evening.alerts).toMatchObject([{ band: 'red', key: 'ambers' }]);
});

it('"not yet" is asked again in an hour, and somebody is told the third time', () => {
  const day = cape().write('not yet');
  expect(day.says).toEqual(['ask-later']);
  expect(day.state.phase).toBe('waiting');
  expect(day.wait().says).toEqual(['dose']);
  day.write('2').wait().write('2');
  expect(day.alerts).toMatchObject([{ band: 'amber', kind: 'dose', key: 'dose/late' }]);
  expect(day.says).toContain('no-make-up');
});

it('"not yet" to the dose before does not count against this one', () => {
  const recent = [1, 2].map(() => ({ question: 'dose', code: 'not-yet' }));
  const evening = cape({ slot: 'evening', ...context({ recent }) }).write('not yet');
  expect(evening.alerts).toEqual([]);
  expect(evening.says).toEqual(['ask-later']);
});

it('a second missed dose within a day tells somebody; the first does not', () => {
  expect(cape().write('missed it').alerts).toEqual([]);
  const again = cape(context({ recent: [{ question: 'dose', code: 'missed' }] })).write('missed it');
  expect(again.alerts).toMatchObject([{ band: 'amber', key: 'dose/missed-twice' }]);
});

it('more than the plan is an overdose, and so is a dose on a day off', () => {
  const extra = cape().write('i took 8');
  expect(extra.alerts).toMatchObject([{ band: 'red', kind: 'dose' }]);
  expect(extra.says).toContain('hold-and-call');
  const rest = cape({ plan: { t: 'off', cycle: 1, cycleDay: 16 } });
  expect(rest.says).toEqual(['rest-day']);
  expect(rest.meet({ t: 'choice', atMs: 1, key: '1' }).alerts).toMatchObject([{ band: 'red', kind: 'dose' }]);
});

it('words of an emergency at any question: their text first, then somebody, and no more questions', () => {
  const day = cape().write('took them but my chest hurts');
  expect(day.says).toEqual(['emergency', 'told-now']);
  expect(day.alerts).toMatchObject([{ band: 'red', kind: 'red-flag', contract: 'stat' }]);
  expect(day.out.some(({ t }) => t === 'leave')).toBe(true);
  expect(day.state).toMatchObject({ outcome: 'alerted', question: null, emergency: true });
});

it('a sign of an emergency that was chosen from a list is answered in words of its own, and nothing more is asked', () => {
  const day = cape().write('1');
  day.meet({ t: 'choice', atMs: 1, key: '1' });
  expect(day.says).toEqual(['emergency-signs', 'told-now']);
  expect(day.alerts).toMatchObject([{ band: 'red', kind: 'red-flag', key: 'signs/sign' }]);
  expect(day.state).toMatchObject({ outcome: 'alerted', emergency: true });
  expect(day.out.some(({ t }) => t === 'leave')).toBe(false);
});

it('a fever that nobody asked for is one of these with chemotherapy, and its number is kept', () => {
  const day = cape().write('1', '2', 'bad, i have a fever of 102');
  expect(day.alerts).toMatchObject([{ kind: 'red-flag', line: 'red flag: chemo.fever' }]);
  expect(day.out.find(({ t }) => t === 'note')).toMatchObject({ node: 'feel', value: { code: 'bad' } });
});

it('what is not understood is asked in other words, then goes to a person', () => {
  const day = cape().write('the dog ate my homework');
  expect(day.out).toContainEqual({ t: 'leave' });
  expect(day.out.find(({ t }) => t === 'say')).toMatchObject({ kind: 're-ask', text: /did not understand/i });
  day.write('purple');
  expect(day.alerts).toMatchObject([{ kind: 'unclear', key: 'unclear:dose' }]);
});

it('symptoms beside an answer lead to their questions; others go to somebody', () => {
  const day = cape().write('took them, but I have mouth sores');
  expect(day.says).toEqual(['signs']);
  day.write('2', 'good');
  expect(day.says).toEqual(['mouth']);
  const other = new Dialogue('better-same-worse').write('better but i have a rash');
  expect([...other.state.alerts, ...other.alerts].length).toBeGreaterThan(0);
});

it('symptoms beside an answer after which nothing more is asked go to somebody, and the message stays with a person', () => {
  // Somebody was told already, and the question after that is the last.
  const told = cape().write('1', '2', 'bad', '98.6', 'no', '0', '0', '2');
  expect(told.alerts).toMatchObject([{ key: 'eat/less' }]);
  told.write('1', '1', '1', '1');
  expect(told.says).toContain('urgency');
  told.write('it can wait, but now I am throwing up');
  expect(told.alerts).toMatchObject([{ kind: 'symptom', reason: /vomiting/ }]);
  expect(told.out).toContainEqual({ t: 'leave' });
  expect(told.write('2').state.outcome).toBe('alerted');
  // The same where the answer itself was understood.
  const sure = cape().write('1', '2', 'bad', '98.6', 'no', '0', '0', '2', '1', '1', '1', '1');
  const waits = { sure: true, code: 'can-wait', number: null, second: null, unit: null, rule: '' } as const;
  sure.meet({ t: 'answer', atMs: 1, understood: { ...waits, symptoms: ['vomiting'], flags: [] } });
  expect(sure.alerts).toMatchObject([{ kind: 'symptom', reason: /vomiting/ }]);
  expect(sure.out).toContainEqual({ t: 'leave' });
  expect(sure.state.outcome).toBe('alerted');

  // Its questions were asked and are done.
  const again = cape().write('1', '2', 'bad', '98.6', 'no', '0', '0', '1', '1', '1');
  again.write('1, but my mouth sores are back');
  expect(again.alerts).toMatchObject([{ kind: 'symptom', reason: /mouth-sores/ }]);

  // The programme ends with the answer.
  const done = new Dialogue('post-discharge-30-days', { slot: 'later', ...context({ silent: 3 }) });
  done.write('no, but I feel unwell');
  expect(done.alerts).toMatchObject([{ kind: 'symptom', reason: /unwell/ }]);
});

it('a symptom of which is still asked, or asked just now, tells nobody else', () => {
  const day = cape().write('1', '2', 'bad', '98.6', 'no').write('0');
  expect(day.write('2, still some diarrhea').alerts).toEqual([]);
  expect(day.write('2').says).toEqual(['stool-blood']);
});

it('no dose is named on hold or with a stale plan, and of a stale one somebody is told once', () => {
  const held = cape({ plan: { t: 'held', reason: 'x' } });
  expect(held.says).toEqual(['on-hold', 'signs']);
  const stale = cape({ plan: { t: 'stale', why: 'order-changed' } });
  expect(stale.says).toEqual(['signs']);
  expect(stale.alerts).toMatchObject([{ kind: 'stale-plan', band: 'amber' }]);
  expect(JSON.stringify([held.out, stale.out])).not.toContain('500 mg');
  expect(
    cape({ plan: { t: 'stale', why: 'review-due' }, ...context({ openKinds: ['stale-plan'] }) }).alerts,
  ).toEqual([]);
  const changed = cape().meet({ t: 'plan', atMs: 5, plan: 'stale' });
  expect(changed.alerts).toMatchObject([{ kind: 'stale-plan' }]);
  expect(changed.state.outcome).toBe('held');
});

it('nothing begins before the site has given every value', () => {
  const { protocol } = cape();
  expect(missingSettings(protocol, {})).toEqual([
    'fever-from',
    'fever-below',
    'red-minutes',
    'amber-minutes',
  ]);
  const odd = { ...SETTINGS['capecitabine-monotherapy'], 'fever-from': 41 };
  expect(missingSettings(protocol, odd)).toEqual(['fever-from']);
  const day = cape({ settings: odd });
  expect(day.state.outcome).toBe('held');
  expect(day.says).toEqual([]);
  expect(day.alerts).toHaveLength(1);
});

it('the ladder of silence: asked again, a silent run, somebody, a last check', () => {
  const day = cape();
  expect(day.wait().says).toEqual(['dose']);
  expect(day.wait().out).toEqual([{ t: 'end', outcome: 'silent', stops: false }]);
  const second = cape(context({ silent: 1 }))
    .wait()
    .wait();
  expect(second.alerts).toMatchObject([{ kind: 'silence' }]);
  expect(second.says).toEqual([]);
  expect(cape(context({ silent: 4 })).says).toEqual(['still-there']);
  const known = cape(context({ silent: 2, openKinds: ['silence'] }))
    .wait()
    .wait();
  expect(known.alerts).toEqual([]);

  const low = (silent: number) =>
    new Dialogue('post-discharge-30-days', { slot: 'later', ...context({ silent }) });
  expect(low(2).wait().wait().out).toMatchObject([{ t: 'end', outcome: 'silent', stops: false }]);
  expect(low(3).says).toEqual(['last-check']);
  const end = low(3).wait().wait();
  expect(end.says).toEqual(['done']);
  expect(end.out.at(-1)).toEqual({ t: 'end', outcome: 'silent', stops: true });
});

it('a dialogue that was begun and not ended is looked after where the risk is high', () => {
  const day = cape().write('1').wait().wait();
  expect(day.alerts).toMatchObject([{ kind: 'silence', band: 'amber' }]);
});

it('a call-back within a business day knows weekends', () => {
  const on = (date: string) =>
    new Dialogue('post-discharge-30-days', { slot: 'later', date }).write('1', '2').alerts[0]?.withinMs;
  expect(on('2026-03-05')).toBe(24 * 60 * MINUTE);
  // A Friday.
  expect(on('2026-03-06')).toBe(3 * 24 * 60 * MINUTE);
});

it('a reading that the patient sends unasked is answered; other words stay with people', () => {
  const bp = (text: string) => new Dialogue('blood-pressure-by-text', { slot: 'free-1' }).write(text);
  const high = bp('bp 151 over 94');
  expect(high.says).toEqual(['high', 'told-today', 'urgency']);
  expect(high.alerts).toMatchObject([{ band: 'amber', kind: 'reading', reason: /151\/94/ }]);
  expect(bp('162/95').alerts).toMatchObject([{ band: 'red' }]);
  expect(bp('118/76').says).toEqual(['in-range']);
  // Low, and high in one of the two.
  for (const reading of ['84/60', '110/50', '150/54'])
    expect(bp(reading).alerts).toMatchObject([{ band: 'red', kind: 'reading', key: 'pressure/low' }]);
  expect(bp('165/50').alerts).toMatchObject([{ band: 'red', key: 'pressure/severe' }]);
  expect(bp('90/55').says).toEqual(['in-range']);
  const other = bp('can i get a refill');
  expect(other.says).toEqual([]);
  expect(other.out).toContainEqual({ t: 'leave' });
});

it('a late timer and an answer after the end change nothing', () => {
  const day = cape().write('1', '2', 'good');
  const { state } = day;
  expect(day.meet({ t: 'due', atMs: 9, what: '3' }).state).toEqual(state);
  expect(day.out).toEqual([]);
  expect(day.meet({ t: 'choice', atMs: 9, key: '1' }).out).toEqual([{ t: 'leave' }]);
  expect(day.state).toEqual(state);
});

it('speaks Spanish where the patient does', () => {
  const day = cape({ language: 'es' }).write('ya la tomé', 'nada', 'mal', '38.5');
  expect(day.alerts).toMatchObject([{ kind: 'fever' }]);
  expect(day.out.find((one) => one.t === 'say' && one.kind === 'tell')).toMatchObject({
    text: /en 15 minutos/,
  });
});
