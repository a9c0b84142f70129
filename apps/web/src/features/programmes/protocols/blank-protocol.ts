import { EXAMPLE_PROTOCOLS, type Protocol } from '@baton/clinical';

type Words = Protocol['name'];

/** Whose frame it is: invitation, silence, emergency and the ways to a person, without anything of a disease. */
const FRAME = 'better-same-worse';
const CITED = ['proposal'];
/** Until whoever writes it says otherwise, the patient is called within a day. */
const CALLED_WITHIN_MINUTES = 1440;

const TEXTS: Readonly<Record<string, Words>> = {
  welcome: {
    en: 'Thank you. We will ask you every day. If you feel worse, write to us at any time. In an emergency, call 911.',
    es: 'Gracias. Le preguntaremos cada día. Si se siente peor, escríbanos a cualquier hora. En una emergencia, llame al 911.',
  },
  'told-now': {
    en: 'A nurse will call you within {within}. In an emergency, call 911.',
    es: 'Una enfermera le llamará en {within}. En una emergencia, llame al 911.',
  },
};
const FEEL: { readonly text: Words; readonly again: Words } = {
  text: { en: 'How do you feel compared to yesterday?', es: '¿Cómo se siente comparado con ayer?' },
  again: {
    en: 'Compared to yesterday: reply 1 for better, 2 for the same, 3 for worse.',
    es: 'Comparado con ayer: responda 1 si mejor, 2 si igual, 3 si peor.',
  },
};
const INVITE: Words = {
  en: 'Hello {name}. This is {practice}. We would like to ask you every day how you feel. Texts are not 100% secure. Message and data rates may apply. You can end it at any time: just tell us. Do you want this?',
  es: 'Hola {name}. Le escribe {practice}. Queremos preguntarle cada día cómo se siente. Los textos no son 100% seguros. Su compañía puede cobrarle. Puede terminar cuando quiera: solo díganos. ¿Lo quiere?',
};

/** The least that a protocol can be: one question a day, whose worst answer asks a person. Everything else is for whoever writes it. */
export function blankProtocol(id: string): Protocol {
  const frame = EXAMPLE_PROTOCOLS.find((one) => one.id === FRAME);
  const proposal = frame?.sources['proposal'];
  if (!frame || !proposal) throw new Error('the frame of a new protocol is missing');
  const bare = citing(frame);
  return {
    ...bare,
    id,
    name: { en: 'New protocol', es: 'Protocolo nuevo' },
    about:
      'Say here what it is for, and for whom it is not. Then write what is asked, told and done about each answer.',
    sources: { proposal },
    settings: [],
    invite: { ...bare.invite, text: INVITE },
    slots: bare.slots
      .slice(0, 1)
      .map((slot) => ({ ...slot, days: { t: 'every', from: 0, until: null, step: 1 } })),
    questions: bare.questions.filter(({ id: name }) => name !== 'breathe').map(plainQuestion),
    advice: bare.advice.map((one) => ({ ...one, text: TEXTS[one.id] ?? one.text })),
    escalations: bare.escalations.map((one) =>
      one.band === 'amber' ? { ...one, callBack: { t: 'minutes', minutes: CALLED_WITHIN_MINUTES } } : one,
    ),
    symptoms: { unwell: ['feel'] },
    stops: bare.stops.slice(0, 1),
  };
}

/** What led to the frame's own question leads to a person. */
function plainQuestion(question: Protocol['questions'][number]): Protocol['questions'][number] {
  const branches = question.branches.map((branch): typeof branch =>
    branch.asks.includes('breathe')
      ? {
          ...branch,
          about: question.id === 'feel' ? 'Worse than yesterday' : branch.about,
          asks: [],
          band: 'amber',
          alert: branch.alert ?? { escalation: 'nurse-today', kind: 'symptom' },
        }
      : { ...branch, about: branch.about.replace('12 hours ago', 'yesterday') },
  );
  return { ...question, ...(question.id === 'feel' ? FEEL : {}), branches };
}

/** The same with no source but "proposed": what is written from here on is the writer's own. */
function citing(protocol: Protocol): Protocol {
  return JSON.parse(
    JSON.stringify(protocol, (key, value: unknown) =>
      key === 'sources' && Array.isArray(value) ? CITED : value,
    ),
  ) as Protocol;
}
