import { describe, expect, it } from 'vitest';
import { type ReadAnswer, readAnswer } from './read-answer.ts';

const VISIT = { choices: [{ key: 'C' }, { key: 'R' }, { key: 'X' }] };
const SLOTS = { choices: [{ key: '1' }, { key: '2' }, { key: '3' }, { key: 'X' }] };
const reads = (text: string, open = VISIT): ReadAnswer | null => readAnswer(text, 'en', open);

describe('an answer about a visit', () => {
  it.each([
    ['c', 'confirm'],
    [' C. ', 'confirm'],
    ['“R”', 'reschedule'],
    ['x', 'cannot'],
    ['Yes', 'confirm'],
    ['ok 👍', 'confirm'],
    ["Yes, I'll be there. Thank you!", 'confirm'],
    ['confirmed', 'confirm'],
    ['See you tomorrow', 'confirm'],
    ['I am coming', 'confirm'],
    ['Sí, ahí estaré', 'confirm'],
    ['Confirmo, gracias', 'confirm'],
    ['claro que si, nos vemos', 'confirm'],
    ['can’t make it', 'cannot'],
    ["Sorry, I won't be able to make it", 'cannot'],
    ['i cannot come', 'cannot'],
    ['please cancel my appointment', 'cannot'],
    ['No puedo ir', 'cannot'],
    ['lo siento, no voy a poder', 'cannot'],
    ['cancelar mi cita por favor', 'cannot'],
    ['I need to reschedule', 'reschedule'],
    ['can I come another day?', 'reschedule'],
    ["I can't make it, can I get a different time?", 'reschedule'],
    ['Necesito cambiar la cita', 'reschedule'],
    ['¿puedo otro dia por favor?', null],
    ['otra hora por favor', 'reschedule'],
  ] as const)('%s', (text, meaning) => expect(reads(text)).toBe(meaning));

  it.each([
    'Yes but I have chest pain',
    'Is parking free?',
    'yes?',
    'C?',
    'Confirm or cancel, what do you need',
    'no',
    'no thanks',
    'I will come but I cannot come at that time',
    'Who is this',
    'My mother died, she will not be coming',
    "I'll be there, can I bring my daughter?",
    'Should I take my pills before?',
    '',
    '👎',
    '2',
    'I have a fever, cannot come',
  ])('leaves to a person: %s', (text) => expect(reads(text)).toBeNull());

  it('takes nothing that was not offered', () => {
    const open = { choices: [{ key: 'R' }, { key: 'X' }] };
    expect(reads('c', open)).toBeNull();
    expect(reads('see you then', open)).toBeNull();
    expect(reads('cannot come', open)).toBe('cannot');
  });
});

describe('an answer to numbered times', () => {
  it.each([
    ['2', 1],
    ['#3', 2],
    ['1 please', 0],
    ['the second one', 1],
    ['I will take number 3, thanks', 2],
    ['la primera por favor', 0],
    ['x', 'cannot'],
  ] as const)('%s', (text, index) => expect(reads(text, SLOTS)).toBe(index));

  it.each(['1 or 2', '4', '2?', 'the one at 2 if my sister can drive me', 'none', '12'])(
    'leaves to a person: %s',
    (text) => expect(reads(text, SLOTS)).toBeNull(),
  );
});
