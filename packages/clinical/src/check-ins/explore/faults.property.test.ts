import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EXAMPLE_PROTOCOLS } from '../example-protocols.ts';
import { TEST_CHECKS } from '../fixtures/test-checks.ts';
import { type Branch, type Protocol, protocolSchema, type Question } from '../protocol.ts';
import { exploreProtocol } from './explore-protocol.ts';

// A protocol with a fault must not get through: each kind of fault, anywhere in any of the examples, is found under its name.

type Draft = { -readonly [K in keyof Protocol]: Protocol[K] };
interface Pick {
  readonly protocol: Draft;
  readonly question: Question;
  readonly branch: Branch;
}

const rulesOf = (protocol: Protocol): ReadonlySet<string> =>
  new Set(exploreProtocol(protocol, TEST_CHECKS).problems.map(({ rule }) => rule));

/** The long example is explored in tests of its own; here hundreds of them are. */
const examples = EXAMPLE_PROTOCOLS.filter(({ id }) => id !== 'capecitabine-monotherapy');

const anyBranch = fc
  .tuple(fc.nat(examples.length - 1), fc.nat(1000), fc.nat(1000))
  .map(([at, question, branch]): Pick => {
    const protocol: Draft = structuredClone(examples[at] as Protocol);
    const asked = protocol.questions[question % protocol.questions.length] as Question;
    return { protocol, question: asked, branch: asked.branches[branch % asked.branches.length] as Branch };
  });

const FAULTS: Readonly<Record<string, { make: (pick: Pick) => boolean; rules: readonly string[] }>> = {
  'a branch is gone': {
    make: ({ question, branch }) => {
      question.branches.splice(question.branches.indexOf(branch), 1);
      return question.branches.length > 0;
    },
    // One that counts earlier answers ended a wait that has no end without it; or it was the only way to a question.
    rules: ['unhandled', 'loop', 'unreachable'],
  },
  'a question is asked for that is not there': {
    make: ({ branch }) => branch.asks.push('nowhere') > 0,
    rules: ['dangling'],
  },
  'an escalation is not there': {
    make: ({ protocol, branch }) => {
      branch.alert = { escalation: 'nobody', kind: 'asked' };
      return protocol.escalations.length > 0;
    },
    rules: ['dangling'],
  },
  'a text is not in the signed list': {
    make: ({ branch }) => branch.advise.push('made-up') > 0,
    rules: ['unsigned-text'],
  },
  'a text of the list is taken out': {
    make: ({ protocol }) => {
      protocol.advice = protocol.advice.filter(({ id }) => id !== protocol.closing);
      return true;
    },
    rules: ['unsigned-text'],
  },
  'an answer leads back to its question': {
    make: ({ question, branch }) => branch.asks.push(question.id) > 0,
    rules: ['loop'],
  },
  'a wait without an end': {
    make: ({ protocol, question, branch }) => {
      if (question.id === protocol.afterAlert || branch.band === 'red') return false;
      if (branch.when.t === 'code' && branch.when.earlier > 0) return false;
      question.branches = question.branches.filter(({ when }) => when.t !== 'code' || when.earlier === 0);
      branch.next = { t: 'wait', minutes: 60 };
      return true;
    },
    rules: ['loop'],
  },
  'red tells nobody': {
    make: ({ branch }) => {
      branch.band = 'red';
      branch.alert = null;
      return true;
    },
    rules: ['untold'],
  },
  'a line without a source': {
    make: ({ branch }) => {
      branch.sources = ['hearsay'];
      return true;
    },
    rules: ['no-source'],
  },
  'two branches take the same answer': {
    make: ({ protocol, question, branch }) => {
      if (branch.when.t === 'code' && branch.when.earlier > 0) return false;
      question.branches.push({ ...branch, id: 'again-the-same' });
      return protocol.v === 1;
    },
    rules: ['overlap'],
  },
  'a text too long': {
    make: ({ question }) => {
      question.text = { ...question.text, es: `${question.text.es} `.repeat(14).slice(0, 899) };
      return question.text.es.length > 700;
    },
    rules: ['text-length'],
  },
  'a text too hard': {
    make: ({ question }) => {
      const hard =
        'Discontinuation of antineoplastic pharmacotherapy necessitates multidisciplinary reevaluation of individualized supportive interventions and contraindicated concomitant administration possibilities immediately.';
      question.again = { ...question.again, en: hard };
      return true;
    },
    rules: ['text-reading'],
  },
  'a text that changes a dose': {
    make: ({ question }) => {
      question.text = { en: 'Take half of it today. How are you?', es: question.text.es };
      return true;
    },
    rules: ['dose-change'],
  },
  'a text in Spanish that stops a dose': {
    make: ({ protocol }) => {
      const [advice] = protocol.advice;
      if (advice !== undefined) advice.text = { ...advice.text, es: 'Suspenda su medicina hoy.' };
      return true;
    },
    rules: ['dose-change'],
  },
  'a text with an amount': {
    make: ({ question }) => {
      question.text = { en: 'Did you take your 2 tablets?', es: question.text.es };
      return true;
    },
    rules: ['dose-amount'],
  },
  'a text that names a grade': {
    make: ({ question }) => {
      question.text = { ...question.text, es: 'Tiene grado 2. ¿Cómo está?' };
      return true;
    },
    rules: ['text-grade'],
  },
  'a word of the carrier is offered': {
    make: ({ question }) => {
      const [choice] = question.choices;
      if (choice === undefined) return false;
      choice.label = { ...choice.label, es: 'Sí' };
      return true;
    },
    rules: ['carrier-word'],
  },
  'a letter of visits is offered': {
    make: ({ question }) => {
      const [choice] = question.choices;
      if (choice === undefined) return false;
      choice.key = 'X';
      return true;
    },
    rules: ['taken-letter'],
  },
  'red goes on': {
    make: ({ branch }) => {
      if (branch.band !== 'red') return false;
      branch.next = { t: 'on' };
      return true;
    },
    rules: ['unasked'],
  },
  'an end asks for more': {
    make: ({ protocol, question, branch }) => {
      const more = protocol.questions.find(({ id }) => id !== question.id && id !== protocol.afterAlert);
      if (more === undefined || (branch.next.t !== 'end' && branch.next.t !== 'stop')) return false;
      branch.asks = [more.id];
      return true;
    },
    rules: ['unasked'],
  },
  'a text tells to answer with a word of the carrier': {
    make: ({ question }) => {
      question.again = { ...question.again, en: 'Reply HELP if you need us.' };
      return true;
    },
    rules: ['carrier-word'],
  },
  'a place without a value': {
    make: ({ question }) => {
      question.text = { ...question.text, en: 'Your pills: {plan}. OK?' };
      return true;
    },
    rules: ['empty-place'],
  },
  'the ladder ends with a last check': {
    make: ({ protocol }) => {
      protocol.silence.ladder.push({ t: 'last-check', after: 19, asks: protocol.questions[0]?.id ?? '' });
      return true;
    },
    rules: ['silence'],
  },
  'a concern ends in thanks': {
    make: ({ protocol, question, branch }) => {
      if (!['worse', 'said'].some((code) => branch.when.t === 'code' && branch.when.codes.includes(code)))
        return false;
      Object.assign(branch, { band: 'green', alert: null, asks: [], next: { t: 'end' } });
      return protocol.questions.includes(question) && question.kind === 'wellbeing';
    },
    rules: ['alarm-ignored'],
  },
  'a question that nobody gets to': {
    make: ({ protocol, question }) => {
      protocol.questions.push({ ...structuredClone(question), id: 'lonely' });
      return true;
    },
    rules: ['unreachable'],
  },
  'a setting that cannot be given': {
    make: ({ protocol }) => {
      const [setting] = protocol.settings;
      if (setting !== undefined) Object.assign(setting, { choices: [], range: null });
      return protocol.settings.length > 0;
    },
    rules: ['setting', 'settings'],
  },
};

it.each(Object.entries(FAULTS))(
  '%s',
  (_, { make, rules }) => {
    let made = 0;
    fc.assert(
      fc.property(anyBranch, (pick) => {
        fc.pre(make(pick));
        made += 1;
        expect(protocolSchema.safeParse(pick.protocol).success, 'still has the shape of a protocol').toBe(
          true,
        );
        const found = rulesOf(pick.protocol);
        expect(
          rules.some((rule) => found.has(rule)),
          `${pick.protocol.id} ${pick.question.id}/${pick.branch.id}: ${[...found].join(', ')}`,
        ).toBe(true);
      }),
      { numRuns: 12, maxSkipsPerRun: 2000 },
    );
    expect(made).toBeGreaterThan(0);
  },
  60_000,
);

it('shows how a patient gets to a letter that answers visits as well', () => {
  const protocol: Draft = structuredClone(
    examples.find(({ id }) => id === 'wound-photo-after-surgery') as Protocol,
  );
  const [choice] = protocol.questions.find(({ id }) => id === 'temperature')?.choices ?? [];
  if (choice !== undefined) choice.key = 'X';
  const found = exploreProtocol(protocol, TEST_CHECKS).problems.filter(({ rule }) => rule === 'taken-letter');
  expect(found).toMatchObject([{ at: 'temperature', words: /visits/ }]);
  expect(found[0]?.dialogue.at(-1)?.words).toContain('What is your temperature?');
});

it('shows a fault as the dialogue that gets there', () => {
  const protocol: Draft = structuredClone(examples[0] as Protocol);
  const breathe = protocol.questions.find(({ id }) => id === 'breathe') as Question;
  breathe.branches = breathe.branches.filter(({ id }) => id !== 'harder');
  const [problem] = exploreProtocol(protocol, TEST_CHECKS).problems.filter(
    ({ rule }) => rule === 'unhandled',
  );
  expect(problem?.dialogue.map(({ who, words }) => `${who}: ${words}`)).toEqual([
    'time: Morning',
    'programme: How are you feeling compared to 12 hours ago?',
    'patient: 3 (Worse)',
    'programme: Is it harder than usual for you to breathe?',
    'patient: 1 (Harder)',
    'programme: Harder to breathe than usual: reply 1 if so, 2 if not.',
  ]);
});
