import { describe, expect, it } from 'vitest';
import type { Preparation } from '@baton/wire';
import { PATIENT_GRADE, readingLevel } from '../reading/reading-level.ts';
import { DEFAULT_REMINDER_SETTINGS, DEFAULT_REMINDER_STEPS } from './default-steps.ts';
import { HOUR, visit } from './fixtures/visits.ts';
import { fillPlaces, reminderText, type ReminderTextInput } from './reminder-text.ts';
import { REPLY_TEXTS } from './reply-texts.ts';

const start = Date.parse('2026-11-24T14:30:00Z');
const names = { practice: 'Elm Street Clinic', phone: '555-0100', given: 'Rosa' };
const step = (id: string) => DEFAULT_REMINDER_STEPS.find((one) => one.id === id) as ReminderTextInput['step'];
const about = (change: Partial<ReminderTextInput> = {}): ReminderTextInput => {
  const visits = [visit({ start })] as const;
  return {
    step: step('three-days'),
    visits,
    language: 'en',
    names,
    settings: DEFAULT_REMINDER_SETTINGS,
    preparations: [],
    ...change,
  };
};
/** GSM 03.38, its basic table. */
const GSM7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/;

describe('what a reminder says', () => {
  it('is day and time by the clocks of the place, and how to answer', () => {
    expect(reminderText(about())).toEqual({
      text: 'Hi Rosa. You have a visit on Tuesday, November 24 at 9:30 AM. Reply C to confirm, R for another time, or X if you cannot come. Questions? Call 555-0100.',
      short:
        'Elm Street Clinic: you have a visit on Tuesday, November 24 at 9:30 AM. Reply C to confirm, R for another time, X if you cannot come.',
      choices: [
        { key: 'C', label: 'I will be there' },
        { key: 'R', label: 'I need another time' },
        { key: 'X', label: 'I cannot come' },
      ],
    });
    expect(reminderText(about({ language: 'es' })).text).toContain(
      'Tiene una cita el martes, 24 de noviembre a las 9:30 a.m.',
    );
  });

  it('is one for all visits of the day', () => {
    const visits = [
      visit({ start }),
      visit({ id: 'b', start: start + 3 * HOUR }),
      visit({ id: 'c', start: start + 5 * HOUR }),
    ] as const;
    expect(reminderText(about({ visits: [...visits] })).text).toContain('at 9:30 AM, 12:30 PM and 2:30 PM.');
    expect(reminderText(about({ visits: [...visits], language: 'es' })).text).toContain(
      '12:30 p.m. y 2:30 p.m. Responda',
    );
  });

  it('brings what is to be prepared for, once, and not in the short form', () => {
    const preparation = (id: string, service: string | null, active = true): Preparation => {
      return {
        t: 'preparation',
        id,
        name: id,
        service,
        text: { en: `Prepare ${id} {date}`, es: id },
        active,
      };
    };
    const preparations = [
      preparation('fast', 'blood test'),
      preparation('form', null),
      preparation('old', 'Blood test', false),
    ];
    const blood = { service: { code: null, text: 'Blood test' } };
    const visits = [
      visit({ start, ...blood }),
      visit({ id: 'b', start, ...blood }),
      visit({ id: 'c', start, preparation: 'preparation:form' }),
    ] as const;
    const { text, short } = reminderText(about({ visits: [...visits], preparations }));
    expect(text.split('\n\n').slice(1)).toEqual([
      'Prepare fast Tuesday, November 24',
      'Prepare form Tuesday, November 24',
    ]);
    expect(short).not.toContain('Prepare');
    expect(
      reminderText(about({ step: step('missed'), visits: [visit({ start, ...blood })], preparations })).text,
    ).not.toContain('Prepare');
  });

  it('leaves no gap where no given name is known', () => {
    const nobody = { ...names, given: '' };
    expect(reminderText(about({ names: nobody })).text).toMatch(/^Hi\. You have/);
    expect(reminderText(about({ names: nobody, language: 'es' })).text).toMatch(/^Hola\. Tiene/);
  });

  it('asks a survey in the practice’s own words, by numbers', () => {
    const { text, choices, short } = reminderText(about({ step: step('survey') }));
    expect(text).toBe(DEFAULT_REMINDER_SETTINGS.survey.question.en);
    expect(choices.map(({ key }) => key)).toEqual(['1', '2', '3', '4', '5']);
    expect(short).toBeNull();
  });
});

describe('the texts that a practice starts with', () => {
  for (const one of DEFAULT_REMINDER_STEPS)
    for (const language of ['en', 'es'] as const) {
      it(`${one.id} (${language}) can be read by a sixth grader, and its short form is at most two texts of GSM-7`, () => {
        const { text, short } = reminderText(about({ step: one, language }));
        expect(readingLevel(text, language).grade).toBeLessThanOrEqual(PATIENT_GRADE);
        if (one.kind === 'survey') return;
        expect(short).toMatch(GSM7);
        // 153 characters each, of which the first leaves 30 for how to end texts.
        expect(short?.length).toBeLessThanOrEqual(2 * 153 - 40);
        expect(text).not.toMatch(/[{}]/);
        expect(short).not.toMatch(/[{}]/);
        expect(short).not.toContain('Rosa');
      });
    }
});

describe('the texts of its answers', () => {
  for (const [name, { text, short }] of Object.entries(REPLY_TEXTS))
    for (const language of ['en', 'es'] as const)
      it(`${name} (${language}) can be read by a sixth grader, and its short form is of GSM-7`, () => {
        expect(readingLevel(text[language], language).grade).toBeLessThanOrEqual(PATIENT_GRADE);
        const filled = fillPlaces(short[language], {
          practice: 'Elm Street Clinic',
          phone: '555-0100',
          date: 'Wednesday, November 24',
          time: '10:30 AM',
          until: '10:30 AM',
          times: '1: Tue, Nov 24, 9:30 AM; 2: Tue, Nov 24, 11:30 AM; 3: Wed, Nov 25, 9:30 AM',
        });
        expect(filled).toMatch(GSM7);
        expect(filled.length).toBeLessThanOrEqual(2 * 153);
        expect(filled).not.toMatch(/[{}]/);
      });
});
