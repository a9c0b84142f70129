import type { Consent, ConsentPurpose } from '@baton/wire';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

export const PURPOSE_NAMES: Readonly<Record<ConsentPurpose, MessageDescriptor>> = {
  texts: msg`Texts that a message waits`,
  'plain-text': msg`Content in plain text messages`,
  reminders: msg`Appointment reminders`,
  'check-ins': msg`Daily check-ins`,
  outreach: msg`Invitations to screening and check-ups`,
  proxy: msg`Somebody else reads and writes for the patient`,
};

export const WAY_NAMES: Readonly<Record<Consent['given']['how'], MessageDescriptor>> = {
  'in-person': msg`in person`,
  paper: msg`on paper`,
  phone: msg`on the telephone`,
  web: msg`on the web`,
  text: msg`by text`,
};

/**
 * The warning before content goes as plain text: the individual is told of the risk and still prefers it (Omnibus Rule, 78 FR 5634). The
 * version goes on record with the consent; the practice signs the wording off.
 */
export const PLAIN_TEXT_WARNING = {
  version: 'plain-text-warning-1',
  en: 'Plain text messages are not private. Your phone company, and anyone who can see your phone, can read them. We can send you a secure link instead. Do you still want us to put health information in plain text messages? You can stop at any time. Text STOP, or tell us.',
  es: 'Los mensajes de texto simples no son privados. Su compañía de teléfono, y quien pueda ver su teléfono, puede leerlos. Podemos enviarle un enlace seguro. ¿Quiere de todos modos que pongamos datos de su salud en mensajes de texto simples? Puede dejarlo cuando quiera. Envíe STOP o díganoslo.',
} as const;
