import { cutText, measureText, plainName } from './gsm-text.ts';

export const NOTICE_LANGUAGES = ['en', 'es'] as const;
export type NoticeLanguage = (typeof NOTICE_LANGUAGES)[number];

/** All that a notice may be made of: visible data of the organisation, nothing of any message (docs/protocol/batons.md §6). */
export interface NoticeParts {
  readonly contract: 'reply' | 'talk' | 'stat';
  /** Addressed role, if it was one, and the unit. */
  readonly role: string | null;
  readonly unit: string | null;
  /** Telephone to call back. */
  readonly callback: string | null;
  /** Staff name of who asks; null where the unit does not allow it. */
  readonly sender: string | null;
  readonly language: NoticeLanguage;
}

export interface ComposedNotice {
  readonly text: string;
  /** Parts that a text message of it takes. */
  readonly segments: number;
}

interface Words {
  readonly contract: Readonly<Record<NoticeParts['contract'], string>>;
  for(where: string): string;
  from(name: string): string;
  call(number: string): string;
  readonly open: string;
  readonly notAlarm: string;
}

const WORDS: Readonly<Record<NoticeLanguage, Words>> = {
  en: {
    contract: { stat: 'STAT', talk: 'Call requested', reply: 'Answer requested' },
    for: (where) => ` for ${where}`,
    from: (name) => ` From ${name}.`,
    call: (number) => ` Call ${number}.`,
    open: ' Open Baton.',
    notAlarm: ' This is not a primary alarm.',
  },
  es: {
    contract: { stat: 'STAT', talk: 'Piden llamada', reply: 'Piden respuesta' },
    for: (where) => ` para ${where}`,
    from: (name) => ` De ${name}.`,
    call: (number) => ` Llame al ${number}.`,
    open: ' Abra Baton.',
    notAlarm: ' Esta no es una alarma primaria.',
  },
};

/** Share of the 160 that each part may take, so that a long one does not push out the callback number or the last sentence. */
const LIMITS = { role: 26, unit: 18, sender: 22, callback: 24 } as const;

/**
 * The one text that leaves the server towards a person's telephone. One part wherever the names are in the alphabet of text messages,
 * at most three where they are in another script. No line breaks, no control characters, whatever the names hold.
 */
export function composeNotice(parts: NoticeParts): ComposedNotice {
  const words = WORDS[parts.language];
  const part = (name: keyof typeof LIMITS): string => {
    const given = parts[name];
    return given === null ? '' : cutText(plainName(given), LIMITS[name]);
  };
  const where = [part('role'), part('unit')].filter((name) => name !== '').join(', ');
  const sender = part('sender');
  const callback = part('callback');
  const text = [
    `Baton: ${words.contract[parts.contract]}`,
    where === '' ? '' : words.for(where),
    '.',
    sender === '' ? '' : words.from(sender),
    callback === '' ? '' : words.call(callback),
    words.open,
    words.notAlarm,
  ].join('');
  return { text, segments: measureText(text).segments };
}
