// Words that mean something when they are the whole text. The union of what Twilio, Telnyx and AWS act on by default, our own, and the same in
// Spanish: a carrier that has stopped a number for a word must not find us thinking otherwise. Sources: the carriers' documentation
// of their default keywords; 47 CFR 64.1200(a)(10).

const SPANISH_OPT_OUT = [
  'ALTO',
  'PARE',
  'PARA',
  'PARAR',
  'PAREN',
  'BASTA',
  'BAJA',
  'DETENER',
  'DETENGASE',
  'DETÉNGASE',
  'CANCELAR',
  'CANCELE',
  'TERMINAR',
  'REVOCAR',
  'DESUSCRIBIR',
  'DESUSCRIBIRME',
  'NO MAS',
  'NO MÁS',
] as const;
const SPANISH_OPT_IN = ['INICIAR', 'COMENZAR', 'REANUDAR'] as const;
const SPANISH_HELP = ['AYUDA', 'INFORMACION', 'INFORMACIÓN'] as const;

/** Who answers by one of these is answered in Spanish. */
export const SPANISH_WORDS: ReadonlySet<string> = new Set([
  ...SPANISH_OPT_OUT,
  ...SPANISH_OPT_IN,
  ...SPANISH_HELP,
]);

export const OPT_OUT_WORDS: ReadonlySet<string> = new Set([
  'STOP',
  'STOPALL',
  'STOP ALL',
  'UNSUBSCRIBE',
  'CANCEL',
  'END',
  'QUIT',
  'REVOKE',
  'OPTOUT',
  'OPT OUT',
  'OPT-OUT',
  'REMOVE',
  'ARRET',
  'ARRÊT',
  'TD',
  ...SPANISH_OPT_OUT,
]);

export const OPT_IN_WORDS: ReadonlySet<string> = new Set(['START', 'UNSTOP', ...SPANISH_OPT_IN]);

export const HELP_WORDS: ReadonlySet<string> = new Set(['HELP', 'INFO', ...SPANISH_HELP]);

/**
 * Words that carriers act on by themselves, in whichever set: never offered as the answer to a question (collision rule). YES is Twilio's opt-in
 * word. The notices of opting out, in and of help name STOP, START and HELP and are the exception.
 */
export const CARRIER_WORDS: ReadonlySet<string> = new Set([
  ...OPT_OUT_WORDS,
  ...OPT_IN_WORDS,
  ...HELP_WORDS,
  'YES',
  'SI',
  'SÍ',
]);

/** Answers that a prompt may offer: confirm, reschedule, can't come, or a number. */
export const PROMPT_CHOICES = ['C', 'R', 'X', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
