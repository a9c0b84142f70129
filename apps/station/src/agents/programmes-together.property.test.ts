import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PracticeTogether } from './fixtures/together/practice-together.ts';
import type { SaidLine, SharedThread } from './fixtures/together/shared-thread.ts';

// Reminders and check-ins for the same patients, in the same conversations, with texts that go through the texting assistant's own rules (docs/protocol/programmes.md
// §3). Patients answer the newest question, an older one by a letter of its own, in words, and with words of an emergency whatever they were asked.

const DAY = 24 * 3_600_000;
/** When the evening's check-in begins: 6 in the evening in New York, in the summer. */
const EVENING = 22 * 3_600_000;
const EMERGENCIES = [
  'my chest hurts and I cannot breathe',
  'fever 101.5',
  'I took all my pills to kill myself',
];
const WORDS = [
  'ok',
  'Is parking free?',
  'I feel much worse',
  'not so good',
  'see you then',
  'no',
  '98.6',
  'took them',
];

interface Act {
  readonly patient: number;
  readonly kind: 'newest' | 'older' | 'words' | 'emergency' | 'nothing';
  readonly pick: number;
  readonly afterMinutes: number;
}

const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.record({
    patient: fc.nat(2),
    kind: fc.constantFrom('newest', 'newest', 'older', 'older', 'words', 'emergency', 'nothing'),
    pick: fc.nat(1000),
    // Within an exchange, or later on the day.
    afterMinutes: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 400 })),
  }),
  { minLength: 20, maxLength: 60 },
);

const pickOf = <T>(from: readonly T[], pick: number): T | undefined => from[pick % Math.max(1, from.length)];

/** A letter, and the question that the patient means by it; null: nothing that they could answer so. */
function letterFor(
  thread: SharedThread,
  act: Act,
  at: number,
): { readonly letter: string; readonly meant: SaidLine } | null {
  const waiting = thread.questions(at).filter(({ answered, keys }) => !answered && keys.length > 0);
  const [newest, ...older] = waiting;
  if (act.kind === 'newest') {
    const letter = newest && pickOf(newest.keys, act.pick);
    return newest && letter ? { letter, meant: newest } : null;
  }
  // A figure only where no newer question that waits has it: of two that share one nobody could tell. Letters are one programme's own.
  for (const meant of older) {
    const newer = waiting.filter(({ seq }) => seq > meant.seq).flatMap(({ keys }) => keys);
    const letter = pickOf(
      meant.keys.filter((key) => /[A-Z]/.test(key) || !newer.includes(key)),
      act.pick,
    );
    if (letter) return { letter, meant };
  }
  return null;
}

/** What is true of one conversation after whatever was written in it. */
function requireApart(practice: PracticeTogether, thread: SharedThread): void {
  for (const { by, message } of thread.settled) {
    const text = thread.texts.find(({ id }) => id === message);
    const asked = text?.answers && thread.lineOf(text.answers.prompt);
    expect([by, text?.text], 'who ends what an answer asked is whose question it answers').toEqual([
      asked ? asked.by : null,
      text?.text,
    ]);
    expect(text?.flags, 'an emergency stays with people').toEqual([]);
  }
  expect(practice.reminders.failed).toEqual([]);
}

describe('reminders and check-ins together', () => {
  it('take no answer of each other’s, and lose no words of an emergency', async () => {
    const seen = { letters: 0, emergencies: 0, visits: 0, crossed: 0 };
    await fc.assert(
      fc.asyncProperty(acts, async (all) => {
        const practice = new PracticeTogether();
        await practice.start();
        for (const act of all) {
          await practice.pass(act.afterMinutes * 60_000);
          const { ref, thread } = practice.patientAt(act.patient);
          const at = practice.clock.nowMs();
          const visits = JSON.stringify(
            practice.reminders.visits().map(({ answer, start }) => [answer, start]),
          );
          if (act.kind === 'emergency') {
            const text = pickOf(EMERGENCIES, act.pick) ?? '';
            // Fever alone is one with chemotherapy only.
            const isOne = practice.hasChemotherapy(ref) || text !== 'fever 101.5';
            const before = practice.redFlags(ref).length;
            const said = await practice.text(ref, text);
            expect(
              thread.said.some(({ seq, prompt }) => seq > said.seq && prompt?.step === 'emergency'),
            ).toBe(isOne);
            expect(practice.redFlags(ref).length - before, text).toBe(isOne ? 1 : 0);
            seen.emergencies += 1;
          } else if (act.kind === 'words') await practice.text(ref, pickOf(WORDS, act.pick) ?? '');
          else if (act.kind !== 'nothing') {
            const found = letterFor(thread, act, at);
            if (found === null) continue;
            const said = await practice.text(ref, found.letter);
            const taken = said.answers && thread.lineOf(said.answers.prompt);
            expect(taken?.by ?? found.meant.by, `${found.letter} to ${found.meant.prompt?.step}`).toBe(
              found.meant.by,
            );
            seen.letters += 1;
            if (thread.questions(at).some(({ by }) => by !== found.meant.by)) seen.crossed += 1;
            const now = JSON.stringify(
              practice.reminders.visits().map(({ answer, start }) => [answer, start]),
            );
            if (found.meant.by === 'check-ins') expect(now, 'a check-in changes no visit').toBe(visits);
            else if (now !== visits) seen.visits += 1;
          }
          requireApart(practice, thread);
        }
        await practice.stop();
      }),
      { numRuns: 12, seed: 20261123 },
    );
    // They did meet.
    expect(seen.letters).toBeGreaterThan(60);
    expect(seen.crossed).toBeGreaterThan(10);
    expect(seen.emergencies).toBeGreaterThan(20);
    expect(seen.visits).toBeGreaterThan(3);
  }, 120_000);

  it('keep a letter with the check-in that offers it, though a reminder came in between', async () => {
    const practice = new PracticeTogether();
    await practice.start();
    const { ref, thread } = practice.patientAt(2);
    const waits = (step: string) => waitingOf(practice, thread, (line) => line.prompt?.step === step);
    await practice.passUntil(() => waits('wound') !== null);
    await practice.text(ref, '2');
    const temperature = waits('temperature');
    await practice.passUntil(() =>
      thread.said.some(({ by, seq }) => by === 'reminders' && seq > (temperature?.seq ?? 0)),
    );
    const before = JSON.stringify(practice.reminders.visits());
    const said = await practice.text(ref, temperature?.prompt?.choices[0]?.key ?? '');
    expect(said.answers && thread.lineOf(said.answers.prompt)?.by).toBe('check-ins');
    expect(JSON.stringify(practice.reminders.visits())).toBe(before);
    expect(waits('photo')).not.toBeNull();
    await practice.stop();
  });

  it('keep a figure with the times that wait for it, though a check-in was answered by the same', async () => {
    const practice = new PracticeTogether();
    await practice.start();
    const { ref, thread } = practice.patientAt(1);
    const reminder = () =>
      waitingOf(practice, thread, ({ by, prompt }) => by === 'reminders' && prompt?.step !== 'times');
    // A quarter of an hour before the evening's question: the times are held for two hours.
    await practice.passUntil(() => reminder() !== null && practice.clock.nowMs() % DAY >= EVENING - 900_000);
    await practice.text(ref, 'R');
    const times = waitingOf(practice, thread, ({ prompt }) => prompt?.step === 'times');
    expect(times?.prompt?.choices.map(({ key }) => key)).toContain('1');
    const feel = () =>
      waitingOf(practice, thread, ({ prompt, seq }) => prompt?.step === 'feel' && seq > (times?.seq ?? 0));
    await practice.passUntil(() => feel() !== null);
    const answered = await practice.text(ref, '1');
    expect(answered.answers && thread.lineOf(answered.answers.prompt)?.prompt?.step).toBe('feel');
    const before = JSON.stringify(practice.reminders.visits());
    const chosen = await practice.text(ref, '1');
    expect(chosen.answers?.prompt).toBe(times?.id);
    expect(JSON.stringify(practice.reminders.visits())).not.toBe(before);
    await practice.stop();
  });
});

/** The newest question of these that waits for its first answer. */
function waitingOf(
  { clock }: PracticeTogether,
  thread: SharedThread,
  isMeant: (line: SaidLine) => boolean,
): SaidLine | null {
  return thread.questions(clock.nowMs()).find((line) => !line.answered && isMeant(line)) ?? null;
}
