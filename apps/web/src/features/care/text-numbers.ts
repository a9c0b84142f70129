import type { Chart } from '@baton/client';
import type { Reach } from '@baton/wire';

type Phones = Reach['phones'];

/** The numbers of a patient, the one that texts go to first: a consent for another one allows nothing. */
export function numbersForConsent(chart: Pick<Chart, 'reach' | 'textNumber'>): readonly string[] {
  const numbers = (chart.reach?.phones ?? []).map(({ number }) => number);
  const { textNumber } = chart;
  return textNumber === null ? numbers : [textNumber, ...numbers.filter((number) => number !== textNumber)];
}

/** Numbers on file that are not said to be mobile: nothing is texted there before somebody says so. */
export function otherNumbers(chart: Pick<Chart, 'reach'>): readonly string[] {
  return (chart.reach?.phones ?? []).filter(({ use }) => use !== 'mobile').map(({ number }) => number);
}

/** Of the numbers as typed, the one that texts go to as long as nobody chooses another: the first that is mobile, or new. */
export function guessTextNumber(numbers: readonly string[], before: Phones): string | null {
  return numbers.find((number) => kindOf(number, before) === 'mobile') ?? null;
}

/** The numbers as typed, where the chosen one is the first mobile. null: texts go to none of them. */
export function arrangePhones(numbers: readonly string[], textNumber: string | null, before: Phones): Phones {
  const rest = numbers.filter((number) => number !== textNumber);
  const phones: Phones = textNumber === null ? [] : [{ number: textNumber, use: 'mobile' }];
  for (const number of rest) {
    const use = kindOf(number, before);
    phones.push({ number, use: textNumber === null && use === 'mobile' ? 'home' : use });
  }
  return phones;
}

function kindOf(number: string, before: Phones): Phones[number]['use'] {
  return before.find((phone) => phone.number === number)?.use ?? 'mobile';
}
