import type { Person, Role } from '@baton/client';
import type { Job, PracticeCard } from '@baton/wire';
import { dice } from '../dice.ts';

function person(name: string, kind: Person['kind'], jobs: readonly Job[]): Person {
  const id = dice.id('account');
  return {
    kind,
    id,
    name,
    jobs,
    active: true,
    keysChanged: null,
    verified: true,
    problem: null,
    fingerprint: '',
  };
}

export const ME = person('Patient', 'patient', ['patient']);
export const GRANDMOTHER = person('Patient', 'patient', ['proxy']);
export const MARIA = person('Maria Lopez', 'person', ['nurse']);
export const OKONKWO = person('Dr. Adaeze Okonkwo', 'person', ['physician']);
export const LONG = person('Dr. Wolfgang-Sebastian Freiherr von Hohenstein', 'person', ['physician']);
export const TEXTING = person('Texting assistant', 'agent', ['agent']);
export const REMINDERS = person('Visit assistant', 'agent', ['agent']);
export const CHECK_INS = person('Check-in assistant', 'agent', ['agent']);
export const TRIAGE = person('Triage assistant', 'agent', ['agent']);

function role(name: string, holders: readonly Person[]): Role {
  return {
    kind: 'role',
    id: dice.id('role'),
    name,
    unit: null,
    use: 'team',
    keyring: dice.id('conversation'),
    holders,
    heldByMe: false,
  };
}

export const NURSES = role('Triage nurse', [MARIA]);
export const DOCTORS = role('Your doctors', [OKONKWO, LONG]);
export const DESK = role('Front desk', []);

const topic = (id: string, en: string, es: string) => ({ id, en, es, askTo: null });

export function cardAbout(about: string): PracticeCard {
  const open = [1, 2, 3, 4, 5].map((day) => ({ day, from: 8 * 60, to: 17 * 60 }));
  return {
    t: 'card',
    name: 'Harbor Family Practice',
    about,
    phone: '(555) 010-0100',
    replyTime: {
      en: 'We answer within 1 work day.',
      es: 'Respondemos en 1 día de trabajo.',
    },
    hours: { timeZone: 'America/New_York', open },
    afterHours: {
      en: 'We are closed now. We answer when we open.',
      es: 'Ahora está cerrado. Respondemos al abrir.',
    },
    topics: [
      topic('question', 'A health question', 'Una pregunta de salud'),
      topic('refill', 'Refill of a medicine', 'Más de una medicina'),
      topic('visit', 'A visit', 'Una cita'),
      topic('bill', 'A bill', 'Una cuenta'),
    ],
    askTo: NURSES.id,
    withinMs: 86_400_000,
    urgentTo: NURSES.id,
    urgentWithinMs: 600_000,
    boxTo: [NURSES.id],
  };
}
