import type { Baton, Owner, Person } from '@baton/client';
import { makeBaton } from './baton-model.ts';
import { SUPERVISOR } from './duty-data.ts';
import { ME, OTHERS, PERSONAS, ROLES } from './people.ts';
import { scenario } from './scenario.ts';

function someone(index: number): Person {
  const found = OTHERS[index];
  if (found === undefined) throw new Error('no such person');
  return found;
}

function roleAt(index: number): Owner {
  const found = ROLES[index];
  if (found === undefined) throw new Error('no such role');
  return found;
}

const [hohenstein, sam, jin, beatriz, tomas, grace, noor] = [0, 1, 2, 3, 4, 5, 6].map(someone) as [
  Person,
  Person,
  Person,
  Person,
  Person,
  Person,
  Person,
];
const [charge, cardiology, , pharmacy] = [0, 1, 2, 3].map(roleAt) as [Owner, Owner, Owner, Owner];
/** A role that I hold, so that what it is asked is mine. */
const mine: Owner = ME.id === PERSONAS.nurse.id ? charge : ME;

function escalating(): readonly Baton[] {
  return [
    makeBaton({
      contract: 'stat',
      from: sam,
      to: mine,
      agoMin: 6,
      withinMin: 5,
      text: 'Bed 9B: new chest pain 8/10, BP 84/50, heart rate 132. Rapid response is called. I need you in the room now.',
      patient: 'García-Márquez, Lourdes Amara',
      callback: '617-555-0149',
      quote: {
        author: jin.name,
        text: 'Please put her on the monitor right away and repeat the ECG at 15:00.',
      },
      steps: [[5, charge, charge.kind === 'role' ? charge.holders : []]],
    }),
    makeBaton({
      contract: 'reply',
      from: beatriz,
      to: ME,
      agoMin: 75,
      withinMin: 60,
      text: 'The consent form for the wound debridement of bed 12 is still missing the witness. The OR wants it by 15:30.',
      steps: [[60, ME, [ME]]],
    }),
  ];
}

function owed(): readonly Baton[] {
  return [
    makeBaton({
      contract: 'talk',
      from: hohenstein,
      to: ME,
      agoMin: 9,
      withinMin: 15,
      text: 'About the transfer from the ICU: please call me before you take report. There are two drips that your unit does not usually run.',
      patient: 'Thistlethwaite-Montgomery, Quentin',
      callback: '617-555-0171',
    }),
    makeBaton({
      contract: 'reply',
      from: jin,
      to: mine,
      agoMin: 52,
      withinMin: 60,
      text: 'Potassium for bed 7 was 5.6. Did the repeat come back?',
      patient: 'Hoang, Esther',
    }),
    makeBaton({
      contract: 'reply',
      from: grace,
      to: ME,
      agoMin: 20,
      withinMin: 240,
      acknowledged: [4, ME],
      text: 'Vancomycin level for bed 3 was drawn late. Redraw at 19:30, before the dose at 20:00? Please confirm that somebody on the evening shift has it.',
    }),
    makeBaton({
      contract: 'reply',
      from: { reference: 'TRIAGE-20418' },
      to: charge,
      agoMin: 31,
      withinMin: 120,
      text: null,
    }),
    makeBaton({
      contract: 'reply',
      from: noor,
      to: ME,
      agoMin: 180,
      withinMin: 1440,
      text: 'Family meeting for bed 3: would 10:00 or 14:00 tomorrow suit the unit?',
      offer: { to: sam, by: ME, note: 'I am off tomorrow.' },
    }),
  ];
}

function offered(): readonly Baton[] {
  return [
    makeBaton({
      contract: 'reply',
      from: PERSONAS.physician,
      to: sam,
      agoMin: 40,
      withinMin: 90,
      text: 'Bladder scan for bed 5 after the catheter came out at noon, please. Straight cath if more than 400 ml.',
      offer: { to: ME, by: sam, note: 'I am in with 9B and cannot leave. Scanner is by the linen cupboard.' },
      mine: 'reached',
    }),
  ];
}

function waiting(): readonly Baton[] {
  return [
    makeBaton({
      contract: 'stat',
      from: ME,
      to: cardiology,
      owner: someone(11),
      agoMin: 14,
      withinMin: 5,
      text: 'ST elevation in II, III and aVF for bed 9B, troponin pending. Cath lab?',
      steps: [[5, charge, charge.kind === 'role' ? charge.holders : []]],
      acknowledged: [8, someone(11)],
      mine: 'waiting',
    }),
    makeBaton({
      contract: 'reply',
      from: ME,
      to: pharmacy,
      agoMin: 25,
      withinMin: 60,
      text: 'Can heparin run in the same line as the vancomycin for bed 3?',
      mine: 'waiting',
    }),
    makeBaton({
      contract: 'reply',
      from: ME,
      to: tomas,
      agoMin: 90,
      withinMin: 60,
      text: 'MRI for bed 5 at 16:00: with the mask, please.',
      steps: [
        [60, tomas, [tomas]],
        [75, SUPERVISOR, SUPERVISOR.holders],
      ],
      mine: 'waiting',
    }),
  ];
}

function reached(): readonly Baton[] {
  return [
    makeBaton({
      contract: 'stat',
      from: someone(11),
      to: roleAt(5),
      agoMin: 4,
      withinMin: 5,
      text: 'Room 4 W-14: unresponsive after the dressing change, glucose 38. D50 is going in. Need a second nurse and a physician.',
      patient: 'Papadimitriou, Wanda',
      callback: '617-555-0114',
      steps: [[0, charge, charge.kind === 'role' ? charge.holders : []]],
      mine: 'reached',
      readVia: 'escalation',
    }),
  ];
}

function ended(): readonly Baton[] {
  return [
    makeBaton({
      contract: 'reply',
      from: jin,
      to: ME,
      agoMin: 130,
      withinMin: 30,
      acknowledged: [3, ME],
      ended: [12, ME, 'answered'],
      text: 'Is 9B clean?',
    }),
    makeBaton({
      contract: 'talk',
      from: ME,
      to: cardiology,
      agoMin: 240,
      withinMin: 15,
      acknowledged: [6, jin],
      ended: [9, jin, 'handled-elsewhere'],
      text: 'Please call about the rhythm on bed 2.',
    }),
  ];
}

/** Twelve and more at once, from people with the longest names. */
function many(): readonly Baton[] {
  return Array.from({ length: 12 }, (_, index) =>
    makeBaton({
      contract: index === 3 ? 'talk' : 'reply',
      from: index % 3 === 0 ? hohenstein : someone((index * 5) % 13),
      to: index % 2 === 0 ? ME : mine,
      agoMin: 5 + index * 3,
      withinMin: [30, 60, 120, 240, 480, 1440, 2880][index % 7] ?? 60,
      text:
        [
          'Interpreter (Vietnamese) is confirmed for 10:00 tomorrow, room 2. Who takes the family down?',
          'Home health referral needs the face-to-face note today, otherwise the visit on Monday falls through and the family has nobody for the wound.',
          'Can we have the telemetry pack back?',
        ][index % 3] ?? null,
      ...(index % 2 === 0 ? { patient: 'Thistlethwaite-Montgomery, Ximena Guadalupe' } : {}),
    }),
  );
}

export function makeBatons(): readonly Baton[] {
  const how = scenario.batons;
  if (how === 'none' || scenario.state === 'empty' || scenario.state === 'loading') return [];
  if (how === 'calm') return [...owed(), ...waiting(), ...ended()];
  return [
    ...escalating(),
    ...reached(),
    ...offered(),
    ...owed(),
    ...(how === 'many' ? many() : []),
    ...waiting(),
    ...ended(),
  ];
}
