import { type AccountId, type ConversationId, makeId, type MessageId } from '@baton/kernel';
import { HELP_WORDS, OPT_IN_WORDS, OPT_OUT_WORDS, PROMPT_CHOICES } from '@baton/policy';
import type { Consent, OptOut, Prompt, Reach, TextingSettings, TextingValue } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import type { NumberRow, RunRow } from '../records/rows.ts';
import { viewOf } from '../records/texting-book.ts';
import { EMPTY_THREAD } from '../outbound/thread-plan.ts';
import { type OpenQuestion, withAnswered, withAsked } from '../prompts.ts';
import { type PlanInput, planText, runAfter } from './plan-text.ts';

const id = (n: number) => new Uint8Array(16).fill(n);
const conv = (n: number): ConversationId => makeId('conversation', id(n));
const account: AccountId = makeId('account', id(9));
const message: MessageId = makeId('message', id(8));
const NUMBER = '+16175550101';
const QUEUE = conv(1);
/** A Friday at noon in New York. */
const NOON = Date.parse('2026-11-20T17:00:00Z');
const MINUTE = 60_000;

const reach = (ref: string, given: string, place: number): Reach => ({
  t: 'reach',
  ref,
  name: `${given} Silva`,
  given: [given],
  birthDate: null,
  conversation: conv(place),
  sidebar: null,
  confidential: null,
  phones: [{ number: NUMBER, use: 'mobile' }],
  emails: [],
  channel: 'link',
  language: 'en',
  timeZone: 'America/New_York',
  doNotContact: false,
  deceased: false,
  people: [],
});
const PROMPT: Prompt = {
  kind: 'reminder',
  about: 'visit-1',
  step: '1d',
  choices: [{ key: 'C', label: 'I will come' }],
  asks: 'choice',
  until: NOON + MINUTE,
  short: null,
  visit: null,
};
const ANA = reach('ana', 'Ana', 2);
const PABLO = reach('pablo', 'Pablo', 3);
const settings: TextingSettings = {
  t: 'settings',
  number: null,
  practice: 'Harbor Family Practice',
  phone: '+1 555 010 0000',
  timeZone: 'America/New_York',
  replyTime: { en: '', es: '' },
  hours: [1, 2, 3, 4, 5].map((day) => ({ day, from: 480, to: 1020 })),
  afterHours: { en: 'We are closed.', es: 'Cerrado.' },
  quiet: { from: 480, until: 1260 },
  cap: { perDay: 1, perWeek: 3 },
  remindAfterMin: [5, 60],
  askTo: makeId('role', id(4)),
  withinMs: 1,
  urgentTo: makeId('role', id(4)),
  urgentWithinMs: 1,
  topics: [],
  routes: [],
  team: [makeId('role', id(4))],
  confidentialFromAge: null,
  resultOpenDays: 0,
};
const consent: Consent = {
  t: 'consent',
  id: makeId('event', id(5)),
  ref: 'ana',
  purpose: 'texts',
  phone: null,
  given: { at: 1, how: 'paper', by: account, warning: null, note: '' },
  revoked: null,
};
const out = (words: string): OptOut => ({
  t: 'optout',
  number: NUMBER,
  out: true,
  at: 1,
  words,
  by: account,
});
const plan = (text: string, values: readonly TextingValue[], more: Partial<PlanInput> = {}) =>
  planText({
    text,
    number: NUMBER,
    at: NOON,
    message,
    view: viewOf([settings, ...values]),
    settings,
    queue: QUEUE,
    known: null,
    isOpen: () => true,
    runIn: () => null,
    questions: [],
    ...more,
  });
const number = (change: Partial<NumberRow>): NumberRow => ({
  writer: null,
  asked: null,
  stopNoticeAt: null,
  run: null,
  ...change,
});

describe('where a text goes', () => {
  it('is the conversation of the only patient, the queue of nobody’s and of several', () => {
    expect(plan('hi', [ANA]).row).toMatchObject({ conv: conv(2), ref: 'ana', person: null });
    expect(plan('hi', []).row).toMatchObject({ conv: QUEUE, ref: null, asksWho: false });
    expect(plan('hi', [ANA, PABLO]).row).toMatchObject({
      conv: QUEUE,
      ref: null,
      asksWho: true,
      answers: ['who'],
    });
  });

  it('is the queue where the assistant is not in the patient’s conversation', () => {
    expect(plan('hi', [ANA], { isOpen: () => false }).row).toMatchObject({ conv: QUEUE, ref: null });
    expect(plan('hi', [{ ...ANA, conversation: null }]).row).toMatchObject({ conv: QUEUE });
  });

  it('is the queue where one of several has no conversation yet: it may be about that one', () => {
    const ben = { ...reach('ben', 'Ben', 4), conversation: null };
    expect(plan('hi', [ANA, ben]).row).toMatchObject({
      conv: QUEUE,
      ref: null,
      asksWho: true,
      answers: ['who'],
    });
    expect(plan('hi', [ANA, PABLO], { isOpen: (at) => at !== conv(3) }).row).toMatchObject({ conv: QUEUE });
    const asked = number({ asked: { until: NOON + MINUTE, messages: [message] } });
    // Staff give it to him; nobody is asked anew.
    expect(plan('Ben', [ANA, ben], { known: asked }).row).toMatchObject({
      conv: QUEUE,
      ref: null,
      person: null,
      file: [],
      asksWho: true,
      answers: [],
    });
    expect(plan('Ana', [ANA, ben], { known: asked }).row).toMatchObject({ ref: 'ana', file: [message] });
    expect(plan('Not Ana', [ANA, ben], { known: asked }).row).toMatchObject({ conv: QUEUE, file: [] });
  });

  it('is the queue once the number was said to be a wrong one, until staff say that it is the patient’s', () => {
    const denied: OptOut = { ...out('wrong number'), notOf: ['ana'] };
    expect(plan('hi', [ANA, denied]).row).toMatchObject({ conv: QUEUE, ref: null, asksWho: false });
    // As it was written down before the patients were.
    expect(plan('hi', [ANA, out('wrong number')]).row).toMatchObject({ conv: QUEUE });
    expect(plan('hi', [ANA, out('STOP')]).row).toMatchObject({ ref: 'ana' });
    // Given to another patient since.
    expect(plan('hi', [ANA, PABLO, denied]).row).toMatchObject({ ref: 'pablo', person: null });
    const later: Consent = { ...consent, phone: NUMBER, given: { ...consent.given, at: 2 } };
    expect(plan('hi', [ANA, denied, later]).row).toMatchObject({ ref: 'ana' });
    expect(plan('hi', [ANA, denied, { ...later, phone: null }]).row).toMatchObject({ conv: QUEUE });
    const revoked = { ...later, revoked: { at: 3, how: 'phone' as const, by: account } };
    expect(plan('hi', [ANA, denied, revoked]).row).toMatchObject({ conv: QUEUE });
  });

  it('follows the answer for thirty minutes, and takes along what waited', () => {
    const asked = number({ asked: { until: NOON + MINUTE, messages: [message] } });
    expect(plan('Pablo', [ANA, PABLO], { known: asked }).row).toMatchObject({
      ref: 'pablo',
      person: 'Pablo',
      file: [message],
    });
    // Without a question a name is no answer.
    expect(plan('Pablo', [ANA, PABLO]).row).toMatchObject({ conv: QUEUE, asksWho: true });
    const late = number({ asked: { until: NOON, messages: [message] } });
    expect(plan('Pablo', [ANA, PABLO], { known: late }).row).toMatchObject({ conv: QUEUE, file: [] });
    const said = number({ writer: { ref: 'ana', until: NOON + 1 } });
    expect(plan('hi', [ANA, PABLO], { known: said }).row).toMatchObject({
      ref: 'ana',
      person: 'Ana',
      asksWho: false,
    });
    expect(plan('hi', [ANA, PABLO], { known: said, at: NOON + 1 }).row).toMatchObject({ conv: QUEUE });
    // One who moved out of this number is nobody's answer any more.
    expect(plan('hi', [PABLO, reach('luis', 'Luis', 5)], { known: said }).row).toMatchObject({ conv: QUEUE });
  });
});

describe('what answers a text', () => {
  const run = (change: Partial<RunRow>): Partial<PlanInput> => ({
    runIn: () => ({
      lastAt: NOON - MINUTE,
      receivedAt: null,
      afterHoursAt: null,
      emergencyAt: null,
      ...change,
    }),
  });
  const NIGHT = Date.parse('2026-11-21T03:00:00Z');

  it('is said once in a run by day', () => {
    expect(plan('hi', [ANA]).row.answers).toEqual(['received']);
    expect(plan('hi', [ANA], run({ receivedAt: NOON - MINUTE })).row.answers).toEqual([]);
    expect(plan('hi', [ANA], run({ receivedAt: 1, lastAt: NOON - 13 * 60 * MINUTE })).row.answers).toEqual([
      'received',
    ]);
  });

  it('is said once in fifteen minutes out of hours', () => {
    expect(plan('hi', [ANA], { at: NIGHT }).row.answers).toEqual(['after-hours']);
    const ago = (minutes: number) => ({
      ...run({ afterHoursAt: NIGHT - minutes * MINUTE, lastAt: NIGHT - MINUTE }),
      at: NIGHT,
    });
    expect(plan('hi', [ANA], ago(14)).row.answers).toEqual([]);
    expect(plan('hi', [ANA], ago(15)).row.answers).toEqual(['after-hours']);
  });

  it('is the emergency notice where a red flag was found, whatever the hour', () => {
    const found = plan('crushing chest pain and I cannot breathe', [ANA], { at: NIGHT });
    expect(found.row.answers).toEqual(['emergency']);
    expect(found.flags.length).toBeGreaterThan(0);
    expect(plan('crushing chest pain', [ANA, PABLO]).row.answers).toEqual(['emergency', 'who']);
    expect(plan('STOP, I have crushing chest pain', [ANA]).flags.length).toBeGreaterThan(0);
  });

  it('is one confirmation of an opt-out, then nothing', () => {
    expect(plan('STOP', [ANA, consent]).row).toMatchObject({
      optOut: { wrongNumber: false },
      answers: ['opt-out'],
      mayComeBack: true,
    });
    expect(plan('STOP', [ANA]).row).toMatchObject({ mayComeBack: false });
    for (const text of ['STOP', 'HELP', 'hi', 'crushing chest pain'])
      expect(plan(text, [ANA, consent, out('STOP')]).row.answers).toEqual([]);
  });

  it('is a START only after an opt-out that the same consent outlives', () => {
    expect(plan('START', [ANA, consent, out('STOP')]).row).toMatchObject({
      optIn: true,
      answers: ['opt-in'],
    });
    expect(plan('START', [ANA, out('STOP')]).row).toMatchObject({ optIn: false, answers: [] });
    expect(plan('START', [ANA, consent, out('wrong number')]).row).toMatchObject({
      optIn: false,
      answers: [],
    });
    // Staff have vouched for the number since.
    const later: Consent = { ...consent, phone: NUMBER, given: { ...consent.given, at: 2 } };
    const denied: OptOut = { ...out('wrong number'), notOf: ['ana'] };
    expect(plan('START', [ANA, consent, denied]).row).toMatchObject({ conv: QUEUE, optIn: false });
    expect(plan('START', [ANA, later, denied]).row).toMatchObject({ ref: 'ana', optIn: true });
    // A later STOP of whoever has the number now is one like any other.
    const again: OptOut = { ...denied, words: 'STOP', at: 3 };
    const pablos: Consent = { ...consent, ref: 'pablo' };
    expect(plan('START', [ANA, PABLO, pablos, again]).row).toMatchObject({ ref: 'pablo', optIn: true });
    expect(plan('START', [ANA, consent, again]).row).toMatchObject({ ref: null, optIn: false });
    expect(plan('hi', [ANA, later, { ...denied, out: false }]).row).toMatchObject({ ref: 'ana' });
    expect(plan('START', [ANA, consent]).row).toMatchObject({ optIn: false });
    expect(plan('START', [out('STOP')]).row).toMatchObject({ optIn: false });
  });

  it('is written into the run that it belongs to', () => {
    const { row } = plan('hi', [ANA]);
    expect(runAfter(null, row)).toEqual({
      lastAt: NOON,
      receivedAt: NOON,
      afterHoursAt: null,
      emergencyAt: null,
    });
    const second = { ...row, at: NOON + MINUTE, answers: [] };
    expect(runAfter(runAfter(null, row), second)).toMatchObject({ lastAt: NOON + MINUTE, receivedAt: NOON });
  });
});

describe('a question of a programme', () => {
  const asked = (n: number, place: number, change: Partial<OpenQuestion> = {}): OpenQuestion => ({
    message: makeId('message', id(n)),
    seq: n,
    keys: ['C', 'R', 'X'],
    until: NOON + MINUTE,
    answered: false,
    conv: conv(place),
    ...change,
  });
  const answer = (text: string, ...questions: OpenQuestion[]) => plan(text, [ANA], { questions }).row.prompt;

  it('is answered by its letters, the newest first, and not after its time', () => {
    expect(answer('c', asked(20, 2), asked(21, 2))).toEqual({
      prompt: makeId('message', id(21)),
      choice: 'C',
    });
    expect(answer('X', asked(20, 2), asked(21, 2, { keys: ['C'] }))).toMatchObject({
      prompt: makeId('message', id(20)),
    });
    expect(answer('C', asked(20, 2, { until: NOON }))).toBeNull();
    expect(answer('C', asked(20, 2, { answered: true }))).toMatchObject({ choice: 'C' });
    expect(answer('C', asked(20, 3))).toBeNull();
    // The offer of a time waits; the check-in that came after it has its answer.
    const [offer, checkIn] = [asked(20, 2, { keys: ['1', '2'] }), asked(21, 2, { keys: ['1', '2', '3'] })];
    expect(answer('1', offer, { ...checkIn, answered: true })).toMatchObject({ prompt: offer.message });
    expect(answer('1', offer, checkIn)).toMatchObject({ prompt: checkIn.message });
    expect(answer('3', offer, { ...checkIn, answered: true })).toMatchObject({ prompt: checkIn.message });
  });

  it('is answered in other words only while it waits', () => {
    expect(answer('I will be there', asked(20, 2))).toEqual({
      prompt: makeId('message', id(20)),
      choice: null,
    });
    expect(answer('YES', asked(20, 2))).toMatchObject({ choice: null });
    expect(answer('I will be there', asked(20, 2, { answered: true }))).toBeNull();
  });

  it('is answered by no word that a carrier acts on, in whatever it offers', () => {
    for (const word of [...OPT_OUT_WORDS, ...OPT_IN_WORDS, ...HELP_WORDS]) {
      const { row, inbound } = plan(word, [ANA], { questions: [asked(20, 2, { keys: [word.slice(0, 2)] })] });
      expect([word, row.prompt, ['opt-out', 'opt-in', 'help'].includes(inbound.kind)]).toEqual([
        word,
        null,
        true,
      ]);
    }
    const row = withAsked(
      EMPTY_THREAD,
      {
        id: message,
        seq: 1,
        prompt: { ...PROMPT, choices: ['SI', 'TD', 'C'].map((key) => ({ key, label: key })) },
      },
      NOON,
    );
    expect(row.asked[0]?.keys).toEqual(['C']);
  });

  it('lets no letter of its own be taken for an opt-out', () => {
    for (const key of PROMPT_CHOICES) {
      const { row } = plan(key.toLowerCase(), [ANA, consent, out('STOP')], {
        questions: [asked(20, 2, { keys: [key] })],
      });
      expect(row).toMatchObject({ prompt: { choice: key }, optOut: null, optIn: false });
    }
  });

  it('is answered without a word of ours, but for a red flag', () => {
    const questions = [asked(20, 2, { keys: [] })];
    expect(plan('fine', [ANA], { questions }).row.answers).toEqual([]);
    const found = plan('crushing chest pain and I cannot breathe', [ANA], { questions });
    expect(found.row).toMatchObject({ answers: ['emergency'], prompt: { choice: null } });
  });

  it('says who of two writes, where only one was asked', () => {
    const both = (text: string, ...questions: OpenQuestion[]) => plan(text, [ANA, PABLO], { questions }).row;
    expect(both('C', asked(20, 3))).toMatchObject({ ref: 'pablo', prompt: { choice: 'C' }, asksWho: false });
    expect(both('C', asked(20, 3), asked(21, 2))).toMatchObject({
      ref: null,
      prompt: null,
      asksWho: true,
      answers: ['who'],
    });
    expect(both('C', asked(20, 3), asked(21, 2, { answered: true }))).toMatchObject({ ref: 'pablo' });
    expect(both('fine', asked(20, 3))).toMatchObject({ ref: null, prompt: null, asksWho: true });
  });

  it('is forgotten when it is over, and remembered once', () => {
    const one = withAsked(EMPTY_THREAD, { id: message, seq: 1, prompt: PROMPT }, NOON);
    expect(withAsked(one, { id: message, seq: 1, prompt: PROMPT }, NOON)).toBe(one);
    expect(
      withAsked(
        one,
        { id: makeId('message', id(7)), seq: 2, prompt: { ...PROMPT, until: NOON + 9 * MINUTE } },
        NOON + 2 * MINUTE,
      ).asked,
    ).toHaveLength(1);
    expect(
      withAsked(EMPTY_THREAD, { id: message, seq: 1, prompt: { ...PROMPT, asks: 'none', choices: [] } }, NOON)
        .asked,
    ).toEqual([]);
    expect(withAnswered(one, message).asked[0]?.answered).toBe(true);
    expect(withAnswered(one, makeId('message', id(7)))).toBe(one);
  });
});
