import { parseId } from '@baton/kernel';
import { nameForText } from '@baton/policy';
import type { Language, TextOrder } from '@baton/wire';

const FRAGMENT = /\/p#(?<invitation>[\w-]{20,40})\.(?<secret>[\w-]{22})\.(?<root>[\w-]{43})(?=[\s.,)]|$)/u;

export interface MailFacts {
  readonly practice: string;
  readonly timeZone: string;
  /** Where people open Baton. */
  readonly publicUrl: string;
}

/**
 * What an e-mail says: that a link waits, from whom, until when, and nothing else (patients.md §4). Of the order only the link's own secret is
 * taken, because an e-mail lies open on its way and nobody's mistake is to put more into one. null: the order holds no invitation.
 */
export function invitationMail(
  order: Pick<TextOrder, 'purpose' | 'text' | 'language' | 'notAfter'>,
  { practice, timeZone, publicUrl }: MailFacts,
): { readonly subject: string; readonly text: string } | null {
  if (order.purpose !== 'invitation') return null;
  const { invitation = '', secret, root } = FRAGMENT.exec(order.text)?.groups ?? {};
  if (parseId('invitation', invitation) === null) return null;
  const link = `${publicUrl}/p#${invitation}.${secret}.${root}`;
  const name = nameForText(practice, order.language);
  const until = new Intl.DateTimeFormat(LOCALES[order.language], { dateStyle: 'long', timeZone }).format(
    order.notAfter,
  );
  return WORDS[order.language]({ name, link, until });
}

const LOCALES = { en: 'en-US', es: 'es-US' } as const satisfies Record<Language, string>;

interface Facts {
  readonly name: string;
  readonly link: string;
  readonly until: string;
}

/** A subject says who writes: it lies open even where the text does not. */
const WORDS: Readonly<
  Record<Language, (facts: Facts) => { readonly subject: string; readonly text: string }>
> = {
  en: ({ name, link, until }) => ({
    subject: `A message from ${name}`,
    text: `${name}: you can message us in private.\n\nOpen this link and use the code we gave you:\n${link}\n\nThe link works until ${until}.\n`,
  }),
  es: ({ name, link, until }) => ({
    subject: `Un mensaje de ${name}`,
    text: `${name}: puede escribirnos en privado.\n\nAbra este enlace y use la clave que le dimos:\n${link}\n\nEl enlace vale hasta el ${until}.\n`,
  }),
};
