import type { Language } from '@baton/wire';
import { countSyllables } from './syllables.ts';

export interface ReadingLevel {
  /** US school grade that the text can be read with, one decimal; 0 for a text without words. Target for patients: 6 at most. */
  readonly grade: number;
  /** The formula's own score: Flesch-Kincaid grade (English), Fernández Huerta's lecturabilidad, 0-100 and higher is easier (Spanish). */
  readonly score: number;
  readonly sentences: number;
  readonly words: number;
  readonly syllables: number;
}

/** Highest grade for patients' texts (shared target of AMA and NIH: sixth grade). */
export const PATIENT_GRADE = 6;

const WORD = /\p{L}[\p{L}\p{M}'’]*/gu;
const PLACE = /\{[^{}]{0,40}\}/g;

/**
 * How hard a text is to read.
 *
 * English: Flesch-Kincaid grade level (Kincaid, Fishburne, Rogers, Chissom, Research Branch Report 8-75, Naval Technical Training, 1975):
 * `0.39 words/sentence + 11.8 syllables/word - 15.59`.
 *
 * Spanish: Fernández Huerta, Medidas sencillas de lecturabilidad, Consigna 214 (1959): `206.84 - 60 syllables/word - 1.02 words/sentence`, with the school
 * grades of its own table (90-100: 4th, 80-90: 5th, 70-80: 6th, 60-70: 7th-8th, 50-60: before university, below: university), joined by straight lines.
 *
 * Placeholders in braces count as one short word; lines and list items end a sentence. A short text gives a rough figure only.
 */
export function readingLevel(text: string, language: Language): ReadingLevel {
  const read = text.replace(PLACE, language === 'es' ? 'Ana' : 'Ann');
  const parts = read.split(/[.!?…;:]+(?=\s|$)|[\n\r]+/u).filter((part) => part.search(/\p{L}/u) >= 0);
  const words = parts.flatMap((part) => part.match(WORD) ?? []);
  if (words.length === 0) return { grade: 0, score: 0, sentences: 0, words: 0, syllables: 0 };
  const syllables = words.reduce((sum, word) => sum + countSyllables(word, language), 0);
  const perWord = syllables / words.length;
  const perSentence = words.length / parts.length;
  const counts = { sentences: parts.length, words: words.length, syllables };
  if (language === 'es') {
    const score = 206.84 - 60 * perWord - 1.02 * perSentence;
    return { grade: round(gradeOfLecturabilidad(score)), score: round(score), ...counts };
  }
  const score = 0.39 * perSentence + 11.8 * perWord - 15.59;
  return { grade: round(Math.max(0, score)), score: round(score), ...counts };
}

/** Corners of Fernández Huerta's table: score and the highest grade of its band. */
const CORNERS: readonly (readonly [number, number])[] = [
  [100, 3],
  [90, 4],
  [80, 5],
  [70, 6],
  [60, 8],
  [50, 12],
  [30, 14],
  [0, 17],
];

function gradeOfLecturabilidad(score: number): number {
  let [above, gradeAbove] = CORNERS[0] ?? [100, 3];
  if (score >= above) return gradeAbove;
  for (const [corner, grade] of CORNERS.slice(1)) {
    if (score >= corner) return gradeAbove + ((above - score) / (above - corner)) * (grade - gradeAbove);
    [above, gradeAbove] = [corner, grade];
  }
  return gradeAbove;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
