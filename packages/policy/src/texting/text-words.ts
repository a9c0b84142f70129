import type { TimestampMs } from '@baton/kernel';
import type { Language } from '@baton/wire';
import { foldAccents } from './normalise-text.ts';

// What automatic texts say (docs/protocol/patients.md §4): who it is from, no patient data, no sender's name, no specialty, at most 160 characters of GSM-7 where
// names are of ordinary length (á, í, ó and ú are not in GSM-7; the Spanish words do without them), and no word that a carrier acts on as an answer.

/** Changes with every change of a text below: by it they are signed off. What was sent is kept as the message itself. */
export const TEXT_WORDS_VERSION = '2026-11-1';

/** Names of practices that would say what somebody is treated for. */
const SPECIALTY =
  /\b(?:onco\w*|cancer\w*|hemato\w*|haemato\w*|hematolog\w*|hiv|sida|aids|psych\w*|psiqui\w*|psicol\w*|mental|behaviou?r\w*|conductual|addict\w*|adicc\w*|recovery|methadone|metadona|suboxone|substance|detox\w*|rehab\w*|fertil\w*|reproduct\w*|abortion\w*|aborto|planned parenthood|obstet\w*|gyn\w*|gine\w*|matern\w*|prenatal|urolog\w*|nephro\w*|nefro\w*|dialys\w*|dialisis|cardio\w*|heart|derma\w*|rheuma\w*|reuma\w*|neuro\w*|hepat\w*|liver|infect\w*|std|sti|sexual\w*|gender|trans|eating|bariatr\w*|hospice|hospicio|palliat\w*|paliat\w*|transplant\w*|diabet\w*|endocrin\w*|epilep\w*|dement\w*|alzheimer\w*|memory)\b/iu;

const NEUTRAL = { en: 'your care team', es: 'su equipo de salud' } as const;
const MAX_NAME = 40;

/** The practice's name as a text may say it: one that tells a specialty is not said; a long one is cut between words. */
export function nameForText(practice: string, language: Language): string {
  const name = practice.replace(/\s+/gu, ' ').trim();
  if (name === '' || revealsSpecialty(name)) return NEUTRAL[language];
  if (name.length <= MAX_NAME) return name;
  const cut = name.slice(0, MAX_NAME + 1).replace(/\s+\S*$/u, '');
  return cut.length <= MAX_NAME ? cut : cut.slice(0, MAX_NAME);
}

/** For the screen on which the name is set: texts will not say it. */
export function revealsSpecialty(practice: string): boolean {
  return SPECIALTY.test(foldAccents(practice));
}

/** A text says how to end texts the first time, and again when it has not for this long (at least monthly). */
const STOP_NOTICE_EVERY_MS = 28 * 86_400_000;

export function needsStopNotice(lastAt: TimestampMs | null, nowMs: TimestampMs): boolean {
  return lastAt === null || nowMs - lastAt >= STOP_NOTICE_EVERY_MS;
}

const STOP_NOTICE = {
  en: 'Reply STOP to end texts.',
  es: 'Responda STOP para no recibir textos.',
} as const;

export function withStopNotice(text: string, language: Language): string {
  return `${text} ${STOP_NOTICE[language]}`;
}

export function hasStopNotice(text: string): boolean {
  return /\bSTOP\b/u.test(text);
}

export interface PracticeWords {
  readonly practice: string;
  readonly phone: string;
  readonly language: Language;
}

/** A message of the practice waits. `url`: the page, without anything that opens it. */
export function textForLink(
  language: Language,
  practice: string,
  url: string,
  what: 'new' | 'reminder' | 'file' = 'new',
): string {
  const name = nameForText(practice, language);
  if (language === 'es') {
    const said = {
      new: `Tiene un mensaje seguro de ${name}.`,
      reminder: `Recordatorio: tiene un mensaje seguro de ${name} sin leer.`,
      file: `Tiene un archivo seguro de ${name}.`,
    }[what];
    return `${said} Abra: ${url}`;
  }
  const said = {
    new: `You have a secure message from ${name}.`,
    reminder: `Reminder: you have an unread secure message from ${name}.`,
    file: `You have a secure file from ${name}.`,
  }[what];
  return `${said} Open: ${url}`;
}

/** The message itself, after the warning and with consent. Says who sends it, as every text does. */
export function textForPlain(language: Language, practice: string, text: string): string {
  return `${nameForText(practice, language)}: ${text.trim()}`;
}

/** The one confirmation. It asks nothing: silence means all texts, and so does it. */
export function textForOptOut(words: PracticeWords, mayComeBack: boolean): string {
  const name = nameForText(words.practice, words.language);
  if (words.language === 'es') {
    const back = mayComeBack ? ' Para recibirlos otra vez responda START.' : '';
    return `${name}: no le enviaremos textos a este numero.${back} Preguntas: ${words.phone}`;
  }
  const back = mayComeBack ? ' To get them again reply START.' : '';
  return `${name}: you will get no more texts at this number.${back} Questions: ${words.phone}`;
}

export function textForOptIn({ practice, phone, language }: PracticeWords): string {
  const name = nameForText(practice, language);
  if (language === 'es')
    return `${name}: le enviaremos textos otra vez. La cantidad varia. Puede haber cargos por mensajes y datos. AYUDA para ayuda, STOP para terminar. Tel. ${phone}`;
  return `${name}: you will get texts again. How many varies. Msg & data rates may apply. Reply HELP for help, STOP to end texts. Call ${phone}`;
}

export function textForHelp({ practice, phone, language }: PracticeWords): string {
  const name = nameForText(practice, language);
  if (language === 'es')
    return `${name}: mensajes con su equipo. Ayuda: ${phone}. Emergencia: llame al 911. Puede haber cargos por mensajes y datos. STOP para no recibir textos.`;
  return `${name}: messages with your care team. Help: ${phone}. Emergency: call 911. Msg & data rates may apply. Reply STOP to end texts.`;
}

/** To the first text of a run. */
export function textForReceived({
  practice,
  language,
}: Pick<PracticeWords, 'practice' | 'language'>): string {
  const name = nameForText(practice, language);
  if (language === 'es')
    return `${name}: recibimos su mensaje. Este numero no se vigila para emergencias. Si es una emergencia, llame al 911.`;
  return `${name}: we got your message. This number is not monitored for emergencies. If this is an emergency, call 911.`;
}

/** Out of hours: what the practice says of it, and where to turn. */
export function textForAfterHours(
  { practice, language }: Pick<PracticeWords, 'practice' | 'language'>,
  said: string,
): string {
  const name = nameForText(practice, language);
  const own = plainSentence(said);
  // Where the practice says it itself, it is not said twice: a text is short.
  const where = own.includes('911');
  if (language === 'es')
    return `${name}: ${own}No se vigila para emergencias.${where ? '' : ' Si es una emergencia, llame al 911.'}`;
  return `${name}: ${own}Not monitored for emergencies.${where ? '' : ' If this is an emergency, call 911.'}`;
}

/** Red flags were found in the text. */
export function textForEmergency({
  practice,
  language,
}: Pick<PracticeWords, 'practice' | 'language'>): string {
  const name = nameForText(practice, language);
  if (language === 'es')
    return `${name}: si es una emergencia, llame al 911 ahora. En crisis puede llamar o textear al 988. Este numero no se vigila para emergencias.`;
  return `${name}: if this is an emergency, call 911 now. In a crisis you can call or text 988. This number is not monitored for emergencies.`;
}

/** The number belongs to several: asked without giving anybody away. */
export function textForWhoWrites({
  practice,
  language,
}: Pick<PracticeWords, 'practice' | 'language'>): string {
  const name = nameForText(practice, language);
  if (language === 'es')
    return `${name}: recibimos su mensaje. De quien se trata? Responda con el primer nombre del paciente. Emergencia: llame al 911.`;
  return `${name}: we got your message. Who is it about? Reply with the first name of the patient. Emergency: call 911.`;
}

function plainSentence(said: string): string {
  const text = said.replace(/\s+/gu, ' ').trim();
  if (text === '') return '';
  return /[.!?]$/u.test(text) ? `${text} ` : `${text}. `;
}
