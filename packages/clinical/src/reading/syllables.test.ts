import { expect, it } from 'vitest';
import { countSyllables } from './syllables.ts';

const ENGLISH: Readonly<Record<number, string>> = {
  1: 'you the made care through health wait eat us time sent takes walked asked been here there friend nurse sick help pain call calls loved bed eyes hours our please one',
  2: 'doctor open table people water before after over today clinic patient started needed again sugar problem tired careful every being message cancel because number nurses changes little',
  3: 'medicine possible hospital family important remember appointment however together directions prescription telephone another',
  4: 'medication diabetes information emergency temperature usually',
};
const SPANISH: Readonly<Record<number, string>> = {
  1: 'sí no pan que más bien hay quien yo',
  2: 'doctor dolor pecho agua causa cita llame bueno puede quiere siente cuerpo ojos leer ruido',
  3: 'médico respirar clínica mensaje oído hospital pregunta medico farmacia guitarra aquello',
  4: 'medicina enfermera teléfono inmediato emergencia',
  5: 'medicamento antibiótico enfermedades',
};

function check(table: Readonly<Record<number, string>>, language: 'en' | 'es'): [string, number, number][] {
  return Object.entries(table).flatMap(([count, words]) =>
    words
      .split(' ')
      .map((word): [string, number, number] => [word, countSyllables(word, language), Number(count)])
      .filter(([, counted, known]) => counted !== known),
  );
}

it('counts English words as they are spoken', () => {
  expect(check(ENGLISH, 'en')).toEqual([]);
});

it('counts Spanish words by their vowels', () => {
  expect(check(SPANISH, 'es')).toEqual([]);
});

it('keeps apart what an accent keeps apart', () => {
  expect(countSyllables('día', 'es')).toBe(2);
  expect(countSyllables('guía', 'es')).toBe(2);
  expect(countSyllables('país', 'es')).toBe(2);
  expect(countSyllables('rehúso', 'es')).toBe(3);
  expect(countSyllables('pingüino', 'es')).toBe(3);
});
