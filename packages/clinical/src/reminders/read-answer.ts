import type { Language } from '@baton/wire';

/** What an open question of the reminders assistant takes: the keys that it offered. */
export interface OpenQuestion {
  readonly choices: readonly { readonly key: string }[];
}

/** `confirm`, `reschedule`, `cannot`, or the index (from 0) of a numbered choice. */
export type ReadAnswer = 'confirm' | 'reschedule' | 'cannot' | number;

/** Words that say nothing by themselves. What is left over after them and what was understood makes it a person's to read. */
const FILLER: ReadonlySet<string> = new Set(
  (
    'hi hello hey good morning afternoon evening thanks thank you so very much ty thx please pls yes yeah yep yup ok okay sure great perfect fine no problem sorry ' +
    'i im ill we well will would like love want need to the a an my our your this that for it its is am be have got just and then of at on in dear again very ' +
    'hola buenos buenas dias tardes noches gracias muchas muchisimas por favor si claro vale bueno bien perfecto perdon disculpe lo siento ' +
    'yo nosotros voy a el la los las mi su un una de en que y para es le les me quiero quisiera necesito deseo con todo bendiciones'
  ).split(' '),
);

type Meaning = 'confirm' | 'reschedule' | 'cannot';
type Pattern = readonly [RegExp, Meaning];

const EN: readonly Pattern[] = [
  [
    /\b(?:i |we )?(?:can ?not|cant|can not|wont|will not|am not able to|im not able to|not able to|unable to|not going to|couldnt|could not) (?:be able to )?(?:come(?: in)?|make it|make (?:the|my|this|that)(?: appointment| visit)?|be there|attend|go|keep (?:the|my|this|it)(?: appointment| visit)?)\b/,
    'cannot',
  ],
  [/\b(?:not coming|cant|cannot)\b/, 'cannot'],
  [
    /\b(?:cancel|cancell?ed|call off|delete) (?:my |the |this |that |it|our )?(?:appointment|appt|visit|it)?\b/,
    'cannot',
  ],
  [
    /\b(?:re ?schedul\w*|re ?book\w*|postpone|push (?:it )?back|move (?:my |the |it|this )?(?:appointment|appt|visit|it)?|change (?:my |the |it|this )?(?:appointment|appt|visit|date|day|time|it)?)\b(?: to)?/,
    'reschedule',
  ],
  [
    /\b(?:can i|could i|can we|could we|may i|is there)? ?(?:get|have|come(?: in)?|do|find|pick|make it|try|got)? ?(?:an? )?(?:other|another|different|new|later|earlier|better) (?:day|time|date|week|slot|appointment|appt)\b/,
    'reschedule',
  ],
  [
    /\b(?:i |we )?(?:can ?not|cant|wont|will not)? ?(?:need|want) (?:a )?new (?:appointment|appt|time|date|day)\b/,
    'reschedule',
  ],
  [
    /\b(?:i |we )?(?:will|ill|well|am going to|im going to|plan to|can) (?:be (?:there|here)|come(?: in)?|make it|attend|go|see you(?: there| then| tomorrow| soon)?)\b/,
    'confirm',
  ],
  [
    /\b(?:confirm(?:ed|ing)?|see you(?: there| then| tomorrow| soon)?|(?:i |im |we |were )?coming|(?:ill |i will |im )?be there|count me in|works(?: for me)?|sounds good)\b/,
    'confirm',
  ],
];
const ES: readonly Pattern[] = [
  [
    /\bno (?:voy a )?(?:puedo|podre|podemos|podremos|poder|pudiera|podria)(?: (?:ir|asistir|venir|llegar|acudir|estar))?\b/,
    'cannot',
  ],
  [
    /\bno (?:voy|ire|iremos|vamos|asistire|vendre|llego|llegare|estare)(?: a (?:ir|poder(?: ir)?|asistir|llegar|venir))?\b/,
    'cannot',
  ],
  [/\b(?:cancel(?:ar|en|e|o|ela|emos)?|anular|anulen)(?: (?:mi|la|esta|esa))?(?: cita| visita)?\b/, 'cannot'],
  [
    /\b(?:re ?program\w*|re ?agend\w*|posponer|aplazar|cambi(?:ar|arla|o|en|e|armela)|mover|moverla)(?: (?:mi|la|de|el|esta))?(?: cita| visita| dia| fecha| hora)?\b/,
    'reschedule',
  ],
  [
    /\b(?:para |en |a )?(?:otro|otra|nueva|diferente) (?:dia|hora|fecha|cita|semana|horario|momento)\b/,
    'reschedule',
  ],
  [
    /\b(?:si )?(?:confirm(?:o|ado|ada|amos|ar)|ahi estar(?:e|emos)|alli estar(?:e|emos)|alla estar(?:e|emos)|estar(?:e|emos) (?:ahi|alli|alla)|ire|iremos|asistire|voy a (?:ir|asistir|estar(?: ahi| alli)?)|si voy|alla voy|nos vemos(?: alla| ahi| manana)?|cuente conmigo|puedo ir)\b/,
    'confirm',
  ],
];

const YES: ReadonlySet<string> = new Set(
  'yes yeah yep yup ok okay sure si claro vale perfecto perfect great fine si senor si senora good bien listo 👍'.split(
    ' ',
  ),
);
const LETTERS: Readonly<Record<string, Meaning>> = { c: 'confirm', r: 'reschedule', x: 'cannot' };
const NUMBER_WORDS: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  uno: 1,
  una: 1,
  dos: 2,
  tres: 3,
  cuatro: 4,
  cinco: 5,
  primera: 1,
  primero: 1,
  segunda: 2,
  segundo: 2,
  tercera: 3,
  tercero: 3,
};
const AROUND_NUMBER =
  /^(?:the|el|la|number|numero|no|option|opcion|choice|i|ill|will|want|take|like|prefer|quiero|prefiero|please|por|favor|time|slot|hora|one|thanks|gracias|me|gustaria)$/;
/** A longer text says more than an answer. */
const MOST_WORDS = 16;
const QUESTION = /[?¿]/;

/**
 * What an answer to an open question says: letters and numbers that were offered, and plain words in English and Spanish, whichever of them the patient's
 * language is. null wherever anything else is in it, two meanings are, or a question that is not itself the wish for another time: a person reads it.
 */
export function readAnswer(text: string, _language: Language, open: OpenQuestion): ReadAnswer | null {
  const folded = fold(text);
  const offered = new Set(open.choices.map(({ key }) => key.toLowerCase()));
  const bare = folded.replace(/[?]/g, '').trim();
  const exact = exactChoice(bare, offered);
  if (exact !== null) return QUESTION.test(text) ? null : exact;
  const words = folded.split(' ').filter((word) => word !== '');
  if (words.length === 0 || words.length > MOST_WORDS) return null;
  const numbered = numberIn(words, offered);
  if (numbered !== null) return QUESTION.test(text) ? null : numbered;
  return meaningOf(folded, { isAsked: QUESTION.test(text), offered });
}

function exactChoice(word: string, offered: ReadonlySet<string>): ReadAnswer | null {
  if (!offered.has(word)) return null;
  const letter = LETTERS[word];
  if (letter !== undefined) return letter;
  return /^[1-9]$/.test(word) ? Number(word) - 1 : null;
}

function numberIn(words: readonly string[], offered: ReadonlySet<string>): number | null {
  const found = new Set<number>();
  for (const word of words) {
    const value = /^\d$/.test(word) ? Number(word) : NUMBER_WORDS[word];
    if (value !== undefined && !(word === 'one' && words.length > 1)) found.add(value);
    else if (!AROUND_NUMBER.test(word)) return null;
  }
  const [only, ...more] = found;
  return only !== undefined && more.length === 0 && offered.has(String(only)) ? only - 1 : null;
}

function meaningOf(
  folded: string,
  { isAsked, offered }: { readonly isAsked: boolean; readonly offered: ReadonlySet<string> },
): Meaning | null {
  const plain = folded.replace(/[?]/g, ' ').replace(/\s+/g, ' ').trim();
  const found = new Set<Meaning>();
  let rest = plain;
  for (const [pattern, meaning] of [...EN, ...ES])
    rest = rest.replace(new RegExp(pattern, 'g'), (match) => {
      if (match.trim() === '') return match;
      found.add(meaning);
      return ' ';
    });
  const left = rest.split(' ').filter((word) => word !== '');
  if (left.some((word) => !FILLER.has(word) && !YES.has(word))) return null;
  const meaning =
    settle(found) ?? (found.size === 0 && left.some((word) => YES.has(word)) ? 'confirm' : null);
  if (meaning === null || (isAsked && meaning !== 'reschedule')) return null;
  // `no` beside a yes says neither.
  if (meaning === 'confirm' && left.includes('no')) return null;
  const letter = { confirm: 'c', reschedule: 'r', cannot: 'x' }[meaning];
  return offered.has(letter) ? meaning : null;
}

/** Who cannot come and asks for another time wants another time; every other pair contradicts itself. */
function settle(found: ReadonlySet<Meaning>): Meaning | null {
  if (found.size === 1) return [...found][0] ?? null;
  if (found.size === 2 && found.has('cannot') && found.has('reschedule')) return 'reschedule';
  return null;
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/['’‘`´]/g, '')
    .replace(/[^\p{L}\p{N}?👍]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
