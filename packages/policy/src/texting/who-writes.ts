import { foldWords } from './normalise-text.ts';

export interface WriterCandidate {
  readonly ref: string;
  /** Given names, as the patient would type them. */
  readonly given: readonly string[];
  /** The full name: its other parts may stand beside the given one. */
  readonly name: string;
}

/** A short answer is a name and little else; a longer text that happens to hold a name is no answer. */
const MOST_WORDS = 10;

/** What may stand beside the name in an answer to "whose message is it": nothing that is said of the person, and no "not". */
const BESIDE: ReadonlySet<string> = new Set(
  `hi hello hey good morning afternoon evening sorry please thanks thank you thx ok okay yes yeah oh
  it its is this thats that the a for about of from on behalf im i am me here my our name names first given patient patients
  mom mum mommy mother mama dad daddy father papa parent guardian ms mr mrs miss
  hola buenos buenas dias tardes noches perdon disculpe gracias por favor porfavor porfa si
  es soy se trata de del la el lo un una para sobre mi nuestro nuestra nombre primer paciente pacientes llama habla
  madre padre mami papi tutor tutora senor senora sr sra don dona`.split(/\s+/),
);
/** Whose it is only with "my" before it: "Ana's brother" is somebody else. */
const KIN: ReadonlySet<string> = new Set(
  `son daughter kid child baby boy girl husband wife brother sister grandson granddaughter
  hijo hija hijito hijita nino nina bebe esposo esposa marido hermano hermana nieto nieta`.split(/\s+/),
);
const OWN: ReadonlySet<string> = new Set(['my', 'our', 'mi', 'nuestro', 'nuestra']);
const OF: ReadonlySet<string> = new Set(['of', 'de', 'del']);

/**
 * Which patient's message it is, from the answer to the question that named nobody (docs/protocol/patients.md §4). Exactly one candidate has a given
 * name that stands in the answer as a word of its own, and the rest of the answer says nothing else; null otherwise: two who share a name stay open, and so
 * do a nickname, "not Ana" and "Ana gave him the pills".
 */
export function findWriter(text: string, candidates: readonly WriterCandidate[]): string | null {
  const words = foldWords(text).split(' ');
  if (words.length > MOST_WORDS) return null;
  const fits = candidates.filter(({ given }) =>
    given.some((name) => {
      const wanted = partsOf(name).filter((part) => part.length > 1);
      return wanted.length > 0 && wanted.every((part) => words.some((word) => isName(word, part)));
    }),
  );
  const [found] = fits;
  if (!found || new Set(fits.map(({ ref }) => ref)).size !== 1) return null;
  const own = [...found.given, found.name].flatMap(partsOf);
  const isOwn = (word: string): boolean => own.some((part) => isName(word, part));
  const isPlain = words.every((word, index) => {
    if (isOwn(word) || BESIDE.has(word)) return true;
    return KIN.has(word) && OWN.has(words[index - 1] ?? '') && !OF.has(words[index + 1] ?? '');
  });
  return isPlain ? found.ref : null;
}

/** "Maria's" has become one word. */
function isName(word: string, part: string): boolean {
  return word === part || (part.length > 1 && word === `${part}s`);
}

function partsOf(name: string): readonly string[] {
  return foldWords(name)
    .split(' ')
    .filter((part) => part !== '');
}
