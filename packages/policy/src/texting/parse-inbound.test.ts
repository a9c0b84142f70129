import { describe, expect, it } from 'vitest';
import { REVOCATION_PHRASES } from './fixtures/revocation-phrases.ts';
import { REVOCATION_SENTENCES } from './fixtures/revocation-sentences.ts';
import { HELP_WORDS, OPT_IN_WORDS, OPT_OUT_WORDS } from './keywords.ts';
import { type Inbound, type OpenPrompt, parseInbound } from './parse-inbound.ts';

const read = (
  text: string,
  prompts: readonly OpenPrompt[] = [],
  language: 'en' | 'es' | null = null,
): Inbound => parseInbound(text, { language, prompts });

describe('labelled wordings', () => {
  it('are many, in both languages and of both kinds', () => {
    const count = (language: string, label: string) =>
      REVOCATION_PHRASES.filter((phrase) => phrase.language === language && phrase.label === label).length;
    expect(REVOCATION_PHRASES.length).toBeGreaterThan(300);
    for (const language of ['en', 'es'])
      for (const label of ['yes', 'no']) expect(count(language, label)).toBeGreaterThan(50);
  });

  it.each([
    ['short ones', REVOCATION_PHRASES],
    ['whole texts', REVOCATION_SENTENCES],
  ])('end all texts exactly where they say so: %s', (_which, phrases) => {
    const wrong = phrases.filter(({ text, label }) => (read(text).kind === 'opt-out') !== (label === 'yes'));
    expect(wrong.map(({ text, label }) => `${label}: ${text}`)).toEqual([]);
  });

  it('end them whatever else the text says', () => {
    const wishes = ['please stop texting me', 'Stop.', 'take me off your list', 'dejen de mandarme mensajes'];
    const others = [
      'Why do I keep getting these?',
      'My nose won\u2019t stop bleeding.',
      'I signed up by mistake.',
      'Should I stop the antibiotic?',
      'Did I opt out by mistake?',
      '¿Puedo dejar de tomar la pastilla?',
      'Me los mandan por error.',
    ];
    for (const wish of wishes)
      for (const other of others)
        for (const text of [`${other} ${wish}`, `${wish.replace(/\.?$/u, '.')} ${other}`])
          expect([text, read(text).kind]).toEqual([text, 'opt-out']);
  });
});

describe('keywords', () => {
  it('count as the whole text, however they are written', () => {
    for (const word of OPT_OUT_WORDS) {
      for (const text of [
        word,
        word.toLowerCase(),
        ` ${word}. `,
        `"${word}"!`,
        `${word}\u200b`,
        `\n${word},`,
      ])
        expect({ text, kind: read(text).kind }).toEqual({ text, kind: 'opt-out' });
    }
    // Full-width letters are the same letters (NFKC).
    expect(read('ＳＴＯＰ').kind).toBe('opt-out');
    for (const word of HELP_WORDS) expect(read(` ${word.toLowerCase()}!`).kind).toBe('help');
    for (const word of OPT_IN_WORDS) expect(read(word.toLowerCase()).kind).toBe('opt-in');
  });

  it('cover what each carrier acts on by itself', () => {
    const carriers = {
      twilio: ['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'],
      aws: ['ARRET', 'CANCEL', 'END', 'OPT-OUT', 'OPTOUT', 'QUIT', 'REMOVE', 'STOP', 'TD', 'UNSUBSCRIBE'],
      telnyx: ['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'],
    };
    for (const word of Object.values(carriers).flat()) expect(OPT_OUT_WORDS.has(word)).toBe(true);
  });

  it('mean the same in both languages; the answer is in the language of the patient, or of the word', () => {
    expect(read('ALTO', [], 'en')).toMatchObject({ kind: 'opt-out', language: 'en' });
    expect(read('STOP', [], 'es')).toMatchObject({ kind: 'opt-out', language: 'es' });
    expect(read('alto')).toMatchObject({ language: 'es' });
    expect(read('ayuda')).toMatchObject({ kind: 'help', language: 'es' });
    expect(read('STOP')).toMatchObject({ language: 'en' });
    expect(read('Tengo una pregunta para la doctora')).toMatchObject({ kind: 'message', language: 'es' });
  });

  it('do not turn YES into anything', () => {
    for (const text of ['YES', 'yes', 'Y', 'si', 'sí']) expect(read(text).kind).toBe('message');
  });

  it('tell a phone that changed hands', () => {
    expect(read('wrong number')).toMatchObject({ kind: 'opt-out', wrongNumber: true });
    expect(read('Número equivocado')).toMatchObject({ kind: 'opt-out', wrongNumber: true });
    expect(read('You have this number by mistake, stop texting me')).toMatchObject({ wrongNumber: true });
    expect(read('please stop')).toMatchObject({ kind: 'opt-out', wrongNumber: false });
    expect(read('Please stop texting me, I signed up by mistake')).toMatchObject({ wrongNumber: false });
  });

  it('bear anything that is sent, in time that no pattern runs away with', { timeout: 60_000 }, () => {
    const started = performance.now();
    const filler = [
      'no quiero recibir mas sus los de ',
      'please stop the these your all ',
      'do not text me again ',
      'i dont want to get the ',
    ];
    for (const part of filler) expect(typeof read(`${part.repeat(200)}x`).kind).toBe('string');
    expect(performance.now() - started).toBeLessThan(10_000);
    for (const text of ['', ' ', '\u0000', '😀', '?'.repeat(3000), 'stop '.repeat(400), 'no me '.repeat(600)])
      expect(typeof read(text).kind).toBe('string');
  });
});

describe('open questions', () => {
  const choice: OpenPrompt = { kind: 'choice', id: 'appointment', choices: ['C', 'R', 'X'] };
  const writer: OpenPrompt = {
    kind: 'writer',
    id: 'who',
    candidates: [
      { ref: 'p1', given: ['María', 'Elena'], name: 'María Elena Silva' },
      { ref: 'p2', given: ['Jose'], name: 'Jose Silva' },
    ],
  };

  it('are answered by their choices, and only while they are open', () => {
    expect(read('c.', [choice])).toEqual({
      kind: 'choice',
      prompt: 'appointment',
      choice: 'C',
      language: 'en',
    });
    expect(read('C').kind).toBe('message');
    expect(read('YES', [choice]).kind).toBe('message');
    // An opt-out is one whatever is asked.
    expect(read('CANCEL', [choice]).kind).toBe('opt-out');
  });

  it('of who writes are answered by a given name', () => {
    const ref = (text: string) => {
      const found = read(text, [writer]);
      return found.kind === 'writer' ? found.ref : found.kind;
    };
    expect(ref('Maria')).toBe('p1');
    expect(ref('it is MARÍA')).toBe('p1');
    expect(ref("Maria's mom")).toBe('p1');
    expect(ref('José')).toBe('p2');
    expect(ref('es para Elena')).toBe('p1');
    expect(ref('Maria and Jose')).toBe('message');
    expect(ref('me')).toBe('message');
    expect(ref('Ana')).toBe('message');
    expect(ref('My daughter has had a fever since Monday, is it ok if Jose gives her Tylenol')).toBe(
      'message',
    );
    expect(ref('stop')).toBe('opt-out');
  });

  it('of who writes are answered by a name and little else, and nothing that takes it back', () => {
    const ref = (text: string) => {
      const found = read(text, [writer]);
      return found.kind === 'writer' ? found.ref : found.kind;
    };
    for (const text of [
      'Hi, it is about my daughter Maria, thanks',
      'Maria Silva',
      'the patient is Maria',
      'Soy la mamá de María',
      'hola, se trata de mi hija Elena',
      'María Elena por favor',
    ])
      expect([text, ref(text)]).toEqual([text, 'p1']);
    for (const text of [
      'Not Maria',
      'no es Maria',
      'Maria no',
      'this is not about Maria',
      'it isnt Jose',
      'Maria?',
      'Jose gave him the pills',
      'Maria is sick again',
      'Maria le dio la pastilla',
      "Maria's brother",
      "Jose's son",
      'el hijo de Jose',
      'my son of Jose',
      'neither Maria nor him',
      'ask Jose',
      'Silva',
    ])
      expect([text, ref(text)]).toEqual([text, 'message']);
  });
});
