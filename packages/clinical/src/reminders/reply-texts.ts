import type { Language, Prompt } from '@baton/wire';

/** What the reminders assistant says beside the practice's own steps. Changes with every change of a text below. */
export const REPLY_TEXTS_VERSION = '2026-11-1';

interface Words {
  readonly en: string;
  readonly es: string;
}

/** In full, and as a text may say it (`short`: practice, day and time, letters, nothing else). `{date} {time} {practice} {phone} {times}`. */
interface Reply {
  readonly text: Words;
  readonly short: Words;
}

export const REPLY_TEXTS = {
  confirmed: {
    text: {
      en: 'Thank you. Your visit on {date} at {time} is confirmed.',
      es: 'Gracias. Su cita del {date} a las {time} queda confirmada.',
    },
    short: {
      en: '{practice}: thank you. Your visit on {date} at {time} is confirmed.',
      es: '{practice}: gracias. Su cita del {date} a las {time} queda confirmada.',
    },
  },
  cancelled: {
    text: {
      en: 'Thank you for telling us. Your visit on {date} at {time} is cancelled. To book a new time, call {phone} or write to us here.',
      es: 'Gracias por avisar. Ya no tiene la cita del {date} a las {time}. Para otra cita, llame al {phone} o escriba aquí.',
    },
    short: {
      en: '{practice}: thank you for telling us. Your visit on {date} at {time} is cancelled. For a new time call {phone}.',
      es: '{practice}: gracias por avisar. Ya no tiene la cita del {date} a las {time}. Para otra cita llame al {phone}.',
    },
  },
  choices: {
    text: {
      en: 'These times are free: {times}. Reply with the number, or X if none of them is good. We hold them for you for a short time.',
      es: 'Estas horas están libres: {times}. Responda con el número, o X si ninguna le sirve. Las guardamos por poco tiempo.',
    },
    short: {
      en: '{practice}: free times: {times}. Reply with the number, or X for none.',
      es: '{practice}: horas libres: {times}. Responda con el numero, o X si ninguna.',
    },
  },
  booked: {
    text: {
      en: 'Your visit is set for {date} at {time}. See you then. Questions? Call {phone}.',
      es: 'Su cita es el {date} a las {time}. Le esperamos. ¿Preguntas? Llame al {phone}.',
    },
    short: {
      en: '{practice}: your visit is set for {date} at {time}.',
      es: '{practice}: su cita es el {date} a las {time}.',
    },
  },
  taken: {
    text: {
      en: 'Sorry, that time is gone. Someone from our office will help you find a new one.',
      es: 'Lo sentimos, esa hora ya no está libre. Alguien de la oficina le ayudará a buscar otra.',
    },
    short: {
      en: '{practice}: sorry, that time is gone. Our office will help you find a new one.',
      es: '{practice}: lo sentimos, esa hora ya no esta libre. La oficina le ayudara a buscar otra.',
    },
  },
  offerGone: {
    text: {
      en: 'Sorry, that time is gone. You are still on our list.',
      es: 'Lo sentimos, esa hora ya no está libre. Usted sigue en la lista.',
    },
    short: {
      en: '{practice}: sorry, that time is gone. You are still on our list.',
      es: '{practice}: lo sentimos, esa hora ya no esta libre. Usted sigue en la lista.',
    },
  },
  noTime: {
    text: {
      en: 'We have no free time to offer right now. Someone from our office will call or write to you.',
      es: 'Ahora no hay horas libres. Alguien de la oficina le va a llamar o escribir.',
    },
    short: {
      en: '{practice}: we have no free time to offer right now. Our office will call or write to you.',
      es: '{practice}: ahora no hay horas libres. La oficina le va a llamar o escribir.',
    },
  },
  person: {
    text: {
      en: 'Thank you. Someone from our office will read this and answer you. If this is an emergency, call 911.',
      es: 'Gracias. Alguien de la oficina lo leerá y le responderá. Si es una emergencia, llame al 911.',
    },
    short: {
      en: '{practice}: thank you. Our office will read this and answer you. If this is an emergency, call 911.',
      es: '{practice}: gracias. La oficina lo leera y le respondera. Si es una emergencia, llame al 911.',
    },
  },
  offer: {
    text: {
      en: 'A time is free on {date} at {time}. Reply 1 to take it or 2 to pass. We hold it for you until {until}.',
      es: 'Hay una hora libre el {date} a las {time}. Responda 1 para tomarla o 2 para no. La guardamos hasta las {until}.',
    },
    short: {
      en: '{practice}: a time is free on {date} at {time}. Reply 1 to take it or 2 to pass. Held until {until}.',
      es: '{practice}: hay una hora libre el {date} a las {time}. Responda 1 para tomarla o 2 para no. Hasta las {until}.',
    },
  },
  passed: {
    text: {
      en: 'Thank you. You stay on our list, and we will write when another time is free.',
      es: 'Gracias. Sigue en la lista y le escribimos cuando haya otra hora.',
    },
    short: {
      en: '{practice}: thank you. You stay on our list.',
      es: '{practice}: gracias. Usted sigue en la lista.',
    },
  },
  noted: {
    text: { en: 'Thank you for your answer.', es: 'Gracias por su respuesta.' },
    short: { en: '{practice}: thank you for your answer.', es: '{practice}: gracias por su respuesta.' },
  },
} as const satisfies Readonly<Record<string, Reply>>;
export type ReplyName = keyof typeof REPLY_TEXTS;

const CHOICE_LABELS = {
  none: { en: 'None of these', es: 'Ninguna' },
  take: { en: 'Take this time', es: 'Tomar esta hora' },
  pass: { en: 'No, thank you', es: 'No, gracias' },
  another: { en: 'Find me a time', es: 'Quiero una hora' },
  notNow: { en: 'Not now', es: 'Ahora no' },
} as const;

/** An offer's two answers. Figures, so that no letter of a reminder that is open too is taken for one. */
export function offerChoices(language: Language): Prompt['choices'] {
  return [
    { key: '1', label: CHOICE_LABELS.take[language] },
    { key: '2', label: CHOICE_LABELS.pass[language] },
  ];
}

/** Numbered times, and none of them. */
export function timeChoices(times: readonly string[], language: Language): Prompt['choices'] {
  return [
    ...times.map((time, index) => ({ key: String(index + 1), label: time.slice(0, 80) })),
    { key: 'X', label: CHOICE_LABELS.none[language] },
  ];
}

export function recallChoices(language: Language): Prompt['choices'] {
  return [
    { key: 'R', label: CHOICE_LABELS.another[language] },
    { key: 'X', label: CHOICE_LABELS.notNow[language] },
  ];
}
