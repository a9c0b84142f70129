import { TRIAGE_VERSION } from '@baton/clinical';
import { makeId } from '@baton/kernel';
import { expect, it } from 'vitest';
import { isToBeRead, judgeMessage, type TimelineMessage } from './findings.ts';

const written = (text: string, more: Partial<TimelineMessage> = {}): TimelineMessage => {
  const author = {
    kind: 'patient',
    id: makeId('account', new Uint8Array(16).fill(1)),
    name: 'Rosa',
    jobs: [],
    active: true,
    keysChanged: null,
    verified: true,
    problem: null,
    fingerprint: '',
  } as const;
  const message: Partial<TimelineMessage> = {
    type: 'message',
    id: makeId('message', new Uint8Array(16).fill(2)),
    author,
    text,
    contract: 'reply',
    batons: [],
    flags: [],
    via: null,
    automatic: false,
    mine: false,
    withdrawn: null,
    ...more,
  };
  return message as TimelineMessage;
};
const judge = (text: string, ...thread: readonly string[]) =>
  judgeMessage(
    written(text),
    [text, ...thread].map((one) => written(one)),
  );

it('names rule and version, repeats the words, and decides nothing', () => {
  const finding = judge('my chest hurts');
  expect(finding?.flags).toEqual([{ rule: 'chest.pain', version: TRIAGE_VERSION }]);
  expect(finding?.text).toContain('chest.pain');
  expect(finding?.text).toContain(TRIAGE_VERSION);
  expect(finding?.text).toContain('“my chest hurts”');
  expect(finding?.text).toMatch(/read the message/);
  expect(judge('may I have a refill')).toBeNull();
});

it('knows of a chemotherapy that the thread speaks of', () => {
  expect(judge('my temperature is 38.4')).toBeNull();
  expect(judge('my temperature is 38.4', 'See you at your chemo on Monday')?.flags[0]?.rule).toBe(
    'chemo.fever',
  );
});

it('passes on what the phone found and could not ask', () => {
  const flags = [{ rule: 'other.rule', version: 'newer' }];
  expect(judgeMessage(written('hello', { flags }), [])?.flags).toEqual(flags);
});

it('repeats no more of a long message than staff need to find it', () => {
  expect(judge(`my chest hurts ${'so much '.repeat(400)}`)?.text.length).toBeLessThan(1000);
});

it('reads what comes from outside and is no emergency by its own word', () => {
  expect(isToBeRead(written('x'))).toBe(true);
  const via = { channel: 'sms', from: '+16175550101', person: null, segments: 1 } as const;
  const agent = { ...written('x').author, kind: 'agent' } as const;
  expect(isToBeRead(written('x', { author: agent, via }))).toBe(true);
  expect(isToBeRead(written('x', { author: agent }))).toBe(false);
  expect(isToBeRead(written('x', { contract: 'stat' }))).toBe(false);
  expect(isToBeRead(written('x', { automatic: true }))).toBe(false);
  expect(isToBeRead(written('x', { withdrawn: { at: 1, by: 'Rosa', reason: null } }))).toBe(false);
});
