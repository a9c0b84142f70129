import type { Language } from '@baton/wire';
import { HELP_WORDS, OPT_IN_WORDS, OPT_OUT_WORDS, SPANISH_WORDS } from './keywords.ts';
import { normaliseKeyword } from './normalise-text.ts';
import { findRevocation } from './revocation.ts';
import { findWriter, type WriterCandidate } from './who-writes.ts';

/** A question that this number was asked and has not answered. */
export type OpenPrompt =
  | { readonly kind: 'choice'; readonly id: string; readonly choices: readonly string[] }
  /** Whose message it is; the candidates were not named. */
  | { readonly kind: 'writer'; readonly id: string; readonly candidates: readonly WriterCandidate[] };

/** What an inbound text is (docs/protocol/patients.md §4). Every one is kept and has an owner, whatever it is. */
export type Inbound =
  /** All texts to the number end now. `rule`: `keyword`, or the wording that was found. */
  | {
      readonly kind: 'opt-out';
      readonly rule: string;
      /** The phone has another owner: consents for it are void. */
      readonly wrongNumber: boolean;
      readonly language: Language;
    }
  /** Counts only where consent was given before (`mayOptIn`). */
  | { readonly kind: 'opt-in'; readonly language: Language }
  | { readonly kind: 'help'; readonly language: Language }
  | { readonly kind: 'choice'; readonly prompt: string; readonly choice: string; readonly language: Language }
  | { readonly kind: 'writer'; readonly prompt: string; readonly ref: string; readonly language: Language }
  | { readonly kind: 'message'; readonly language: Language };

export interface InboundContext {
  /** Of the patient; null where the number belongs to nobody or to several. */
  readonly language: Language | null;
  readonly prompts: readonly OpenPrompt[];
}

const SPANISH_HINT =
  /[¿¡ñ]|\b(?:el|la|los|las|de|que|por|para|con|una?|mi|me|no se|estoy|tengo|hola|gracias|cuando|mensajes?|quiero|ya|este|numero|cita)\b/iu;

/** Pure, and the same in both languages: who writes Spanish may well answer STOP. */
export function parseInbound(text: string, { language, prompts }: InboundContext): Inbound {
  const word = normaliseKeyword(text);
  const answered = language ?? languageOf(text, word);
  if (OPT_OUT_WORDS.has(word))
    return { kind: 'opt-out', rule: 'keyword', wrongNumber: false, language: answered };
  if (HELP_WORDS.has(word)) return { kind: 'help', language: answered };
  if (OPT_IN_WORDS.has(word)) return { kind: 'opt-in', language: answered };
  for (const prompt of prompts) {
    if (prompt.kind === 'choice' && prompt.choices.includes(word))
      return { kind: 'choice', prompt: prompt.id, choice: word, language: answered };
  }
  const revocation = findRevocation(text);
  if (revocation) return { kind: 'opt-out', ...revocation, language: answered };
  for (const prompt of prompts) {
    const ref = prompt.kind === 'writer' ? findWriter(text, prompt.candidates) : null;
    if (ref !== null) return { kind: 'writer', prompt: prompt.id, ref, language: answered };
  }
  return { kind: 'message', language: answered };
}

/** Only for the words of an automatic answer to somebody whose language is not known. */
function languageOf(text: string, word: string): Language {
  if (SPANISH_WORDS.has(word)) return 'es';
  return !/^[A-Z]+$/.test(word) && SPANISH_HINT.test(text) ? 'es' : 'en';
}
