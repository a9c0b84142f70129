import { describe, expect, it } from 'vitest';
import { FOLLOW_UP, publishedSamples } from '../fixtures/published-samples.ts';
import { settingsWith, SYSTEM } from '../fixtures/settings.ts';
import { readMessage } from '../message/read-message.ts';
import { readPatient } from '../people/read-patient.ts';
import { readVisit } from './read-visit.ts';

const NOW = Date.UTC(2026, 10, 25);
const at = (text: string): number => Date.parse(text);

function read(text: string, settings = settingsWith()) {
  const message = readMessage(new TextEncoder().encode(text), 'utf-8');
  if (!message.ok) throw new Error(message.error.t);
  return { visit: readVisit(message.value, settings, NOW), patient: readPatient(message.value, settings) };
}
const changed = (...changes: readonly (readonly [string, string])[]): string =>
  changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`not there: ${from}`);
    return text.replace(from, to);
  }, FOLLOW_UP);
const statusIn = (text: string): string | null => {
  const { visit } = read(text);
  return visit.ok ? visit.value.visit.status : visit.error.condition;
};

describe('a visit', () => {
  it('is what the message says', () => {
    expect(read(FOLLOW_UP)).toEqual({
      visit: {
        ok: true,
        value: {
          visit: {
            t: 'appointment',
            id: 'hl7v2/EPIC/FILL7781',
            status: 'booked',
            timeZone: 'America/New_York',
            service: { code: 'ONCFU', text: 'Oncology follow-up' },
            practitioner: { code: '1234567893', text: 'Dr Luz Rivera' },
            location: 'ONC R3',
            reason: 'Follow up',
            source: {
              kind: 'hl7v2',
              system: 'EPIC HOSP',
              version: at('2026-11-20T15:15:00Z'),
              message: 'MSG00042',
            },
          },
          when: { start: at('2026-11-24T15:30:00Z'), end: at('2026-11-24T16:00:00Z') },
        },
      },
      patient: {
        identifiers: [{ system: SYSTEM, value: '00042' }],
        born: '1958-03-14',
        isDeceased: false,
        former: [],
      },
    });
  });

  it('is at a place with a name and a zone of its own', () => {
    const settings = settingsWith({
      locations: { ONC: { name: 'Oncology, second floor', timeZone: 'America/Chicago' } },
    });
    const { visit } = read(changed(['20261124103000-0500|||30', '20261124103000|||30']), settings);
    expect(visit.ok && visit.value).toMatchObject({
      visit: { location: 'Oncology, second floor', timeZone: 'America/Chicago' },
      when: { start: at('2026-11-24T16:30:00Z') },
    });
  });

  it.each([
    ['S12', 'Booked', 'booked'],
    ['S12', '', 'booked'],
    ['S13', 'Rescheduled', 'booked'],
    ['S14', 'Pending', 'pending'],
    ['S12', 'WAITLIST', 'waitlist'],
    ['S14', 'Complete', 'fulfilled'],
    ['S14', 'Started', 'arrived'],
    ['S14', 'Checked In', 'checked-in'],
    ['S14', 'Noshow', 'noshow'],
    ['S14', 'Canceled', 'cancelled'],
    ['S15', 'Booked', 'cancelled'],
    ['S16', 'Dc', 'cancelled'],
    ['S17', 'Booked', 'entered-in-error'],
    ['S19', 'Booked', 'booked'],
    ['S26', 'Booked', 'noshow'],
    ['S01', 'Booked', 'unknown-event'],
  ])('%s with %s is %s', (event, word, expected) => {
    expect(statusIn(changed(['SIU^S12', `SIU^${event}`], ['Booked', word]))).toBe(expected);
  });

  it('has a time by what is said, the service first', () => {
    const timeIn = (text: string): unknown => {
      const { visit } = read(text);
      return visit.ok && visit.value.when;
    };
    const noService = changed(['AIS|1|A|ONCFU^Oncology follow-up|20261124103000-0500|||30|MIN', 'NTE|1']);
    expect(timeIn(changed(['^^30^20261124103000-0500', '^^30^20261124113000-0500']))).toEqual({
      start: at('2026-11-24T15:30:00Z'),
      end: at('2026-11-24T16:00:00Z'),
    });
    expect(timeIn(noService)).toMatchObject({ start: at('2026-11-24T15:30:00Z') });
    expect(timeIn(noService.replace('|30|MIN|^^30^', '|1.5|HR|^^30^'))).toMatchObject({
      end: at('2026-11-24T17:00:00Z'),
    });
    const bare = noService.replace(/\|30\|MIN\|[^|]*\|/, '||||').replace(/AIP[^\r]*/, '');
    expect(timeIn(bare)).toBeNull();
    expect(timeIn(`${bare}\rTQ1|1||||||20261124103000-0500|20261124104500-0500`)).toEqual({
      start: at('2026-11-24T15:30:00Z'),
      end: at('2026-11-24T15:45:00Z'),
    });
  });

  it('needs an id, and no clock that is ahead', () => {
    expect(read(changed(['|PL55^EPIC|FILL7781^EPIC', '||'])).visit).toMatchObject({
      ok: false,
      error: { condition: 'missing-field' },
    });
    const placer = read(changed(['FILL7781^EPIC', '']));
    expect(placer.visit.ok && placer.visit.value.visit.id).toBe('hl7v2/EPIC/PL55');
    expect(read(changed(['SCH|', 'ZCH|'])).visit).toMatchObject({
      ok: false,
      error: { condition: 'segment-sequence' },
    });
    const ahead = read(changed(['20261120101500-0500', '20991120101500-0500']));
    expect(ahead.visit.ok && ahead.visit.value.visit.source.version).toBe(NOW);
  });
});

describe('a patient', () => {
  const patientIn = (pid: string, more = {}) =>
    read(FOLLOW_UP.replace(/PID[^\r]*/, pid), settingsWith(more)).patient;

  it('is known by the identifiers of the authorities that are set up', () => {
    expect(patientIn('PID|1||7^^^OTHER^MR~8^^^HOSP&1.2.3&ISO^MR~9^^^1.2.3^MR')?.identifiers).toEqual([
      { system: SYSTEM, value: '8' },
    ]);
    const more = {
      authorities: [
        { authority: '1.2.3', system: 's' },
        { authority: '', system: 'bare' },
      ],
    };
    expect(patientIn('PID|1||7~8^^^HOSP&1.2.3&ISO^MR~9^^^HOSP^SS', more)?.identifiers).toEqual([
      { system: 'bare', value: '7' },
      { system: 's', value: '8' },
    ]);
  });

  it('is never known by a social security number', () => {
    expect(patientIn('PID|1||123456789^^^HOSP^SS')?.identifiers).toEqual([]);
  });

  it('may have died', () => {
    expect(patientIn(`PID|1||8^^^HOSP${'|'.repeat(27)}Y`)?.isDeceased).toBe(true);
  });
});

describe('messages that others published', () => {
  const settings = settingsWith({
    timeZone: 'Europe/Paris',
    authorities: [{ authority: 'ODS', system: SYSTEM }],
  });

  it('are visits and their ends, from S12 to S26', () => {
    const samples = publishedSamples('rimitiSiu');
    const found = samples.map((sample) => {
      const { visit, patient } = read(sample, settings);
      return (
        visit.ok && [
          visit.value.visit.status,
          visit.value.visit.id,
          visit.value.when?.start,
          patient?.identifiers[0]?.value,
        ]
      );
    });
    const start = at('2016-12-31T10:00:00Z');
    const id = 'hl7v2/DimSolution/49849903800';
    expect(found).toEqual(
      ['booked', 'booked', 'booked', 'cancelled', 'entered-in-error', 'noshow'].map((status) => [
        status,
        id,
        start,
        '123456',
      ]),
    );
  });

  it('of a merge name both identifiers', () => {
    const merge = publishedSamples('rimitiAdt').find((sample) => sample.includes('A40')) ?? '';
    const both = settingsWith({
      authorities: [
        { authority: 'ODS', system: 's1' },
        { authority: 'DimSolution', system: 's2' },
      ],
    });
    expect(read(merge, both).patient).toMatchObject({
      identifiers: [{ system: 's1', value: '123456' }],
      former: [{ system: 's2', value: '21448557' }],
    });
  });

  it('that lack what is needed are refused by name', () => {
    const [sample = ''] = publishedSamples('nodeHl7').filter((text) => text.includes('SIU^S12'));
    const { visit, patient } = read(sample);
    expect(visit.ok && visit.value).toMatchObject({ visit: { id: 'hl7v2/HOSPITAL/67890' } });
    expect(patient).toBeNull();
  });
});
