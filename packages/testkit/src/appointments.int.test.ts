import type { Visit } from '@baton/client';
import {
  appointmentsCodec,
  PATIENT_REF_SYSTEM,
  type PatientMap,
  patientMapKey,
  patientMapShard,
  type Slot,
} from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEN, type CareScene, createCareScene, LENA, ROSA, TEEN } from './care-scene.ts';
import type { Device } from './practice.ts';
import { until } from './until.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let scene: CareScene;
let maria: Device;
let finn: Device;

beforeAll(async () => {
  scene = await createCareScene();
  ({ maria, finn } = scene);
}, 90_000);

afterAll(() => scene?.close());

function slot(id: string, startMs: number): Slot {
  return {
    t: 'slot',
    id,
    start: startMs,
    end: startMs + HOUR / 2,
    timeZone: 'America/New_York',
    service: { code: null, text: 'Follow-up' },
    practitioner: { code: null, text: 'Luz Rivera' },
    location: 'Room 3',
    state: 'free',
    holder: null,
    updatedAt: 0,
  };
}

function wish(ref: string, slotId: string | null) {
  const start = scene.clock.nowMs() + 3 * DAY;
  return {
    ref,
    start,
    end: start + HOUR / 2,
    timeZone: 'America/New_York',
    service: { code: null, text: 'Follow-up' },
    practitioner: null,
    location: null,
    reason: null,
    preparation: null,
    slot: slotId,
  };
}

const seesSlot = (device: Device, id: string, holds: (slot: Slot) => boolean) =>
  until(device.session.appointments.slots, (slots) => slots.some((one) => one.id === id && holds(one)));
const visitOf = (device: Device, id: string): Visit | undefined =>
  device.session.appointments.visits.read().find(({ appointment }) => appointment.id === id);

describe('appointments of a practice', () => {
  it('are made for the team at the same time by two, once, and an assistant of reminders is let in', async () => {
    await scene.addAgent('Reminder assistant', 'reminders', [
      { kind: 'collection', history: true, writes: ['put'] },
      { kind: 'patient', history: false, writes: ['message'] },
    ]);
    await Promise.all([maria.session.appointments.establish(), finn.session.appointments.establish()]);
    for (const { session } of [maria, finn])
      await until(session.appointments.state, ({ established, ready }) => established && ready);
    const collection = await maria.session.collections.named('appointments');
    const members = maria.session.parts.book.get(collection.id)?.members ?? [];
    // The team's role and the assistant, nobody else.
    expect(members).toHaveLength(2);
  });

  it('give one slot to one of two who book it at the same moment, and the other is told', async () => {
    const { appointments } = maria.session;
    await appointments.saveSlot(slot('race', scene.clock.nowMs() + 2 * DAY));
    await seesSlot(finn, 'race', ({ state }) => state === 'free');
    const results = await Promise.allSettled([
      appointments.book(wish(ROSA, 'race')),
      finn.session.appointments.book(wish(BEN, 'race')),
    ]);
    const won = results.filter((result) => result.status === 'fulfilled');
    const lost = results.filter((result) => result.status === 'rejected');
    expect(won).toHaveLength(1);
    expect(lost[0]?.reason).toMatchObject({ code: 'policy.forbidden', at: 'slot' });
    const [winner, id] = results[0].status === 'fulfilled' ? [ROSA, results[0].value] : [BEN, won[0]?.value];
    for (const device of [maria, finn]) {
      await seesSlot(device, 'race', ({ state, holder }) => state === 'booked' && holder?.ref === winner);
      const there = device.session.appointments.visits.read();
      expect(there.filter(({ appointment }) => appointment.slot === 'race')).toHaveLength(1);
      expect(there[0]?.appointment).toMatchObject({ id, location: 'Room 3', source: { kind: 'slot' } });
    }
  });

  it('free the slot of a visit that is cancelled, and undo that only while nobody else has it', async () => {
    const { appointments } = maria.session;
    await appointments.saveSlot(slot('again', scene.clock.nowMs() + 4 * DAY));
    const id = await appointments.book(wish(ROSA, 'again'));
    await appointments.setStatus(id, 'cancelled');
    await seesSlot(finn, 'again', ({ state, holder }) => state === 'free' && holder === null);
    await appointments.setStatus(id, 'booked');
    await seesSlot(finn, 'again', ({ state, holder }) => state === 'booked' && holder?.id === id);
    await appointments.setStatus(id, 'cancelled');
    await seesSlot(finn, 'again', ({ state }) => state === 'free');
    await finn.session.appointments.book(wish(BEN, 'again'));
    await expect(appointments.setStatus(id, 'booked')).rejects.toMatchObject({ code: 'policy.forbidden' });
    expect(visitOf(maria, id)?.appointment.status).toBe('cancelled');
  });

  it('become one line again where a visit that was booked here comes back from the record system', async () => {
    const { appointments, collections } = maria.session;
    await appointments.saveSlot(slot('same', scene.clock.nowMs() + 4 * DAY));
    await seesSlot(maria, 'same', () => true);
    const here = await appointments.book(wish(BEN, 'same'));
    await until(appointments.visits, () => visitOf(maria, here) !== undefined);
    await appointments.change(here, { answer: 'confirmed' });
    await until(appointments.visits, () => visitOf(maria, here)?.appointment.answer.state === 'confirmed');
    const booked = visitOf(maria, here)?.appointment;
    if (!booked) throw new Error('nothing was booked');
    const there = {
      ...booked,
      id: 'fhir/77',
      slot: null,
      answer: { state: 'none', at: null, by: null },
      source: { kind: 'fhir', system: 'https://ehr.test', version: 1, message: '1' },
    } as const;
    const collection = await collections.named('appointments');
    await collection.put('appointment:fhir/77', () => appointmentsCodec.encode(there));
    await until(appointments.visits, () => appointments.twinOf(here)?.id === 'fhir/77');
    await appointments.mergeTwin(here);
    for (const { session } of [maria, finn])
      await until(
        session.appointments.of(BEN),
        (visits) =>
          visits.some(({ appointment }) => appointment.id === 'fhir/77' && appointment.slot === 'same') &&
          !visits.some(({ appointment }) => appointment.id === here),
      );
    expect(visitOf(maria, 'fhir/77')).toMatchObject({
      appointment: { answer: { state: 'confirmed' }, slot: 'same' },
      writeBack: { answer: 'confirmed', state: 'waiting' },
    });
    await seesSlot(finn, 'same', ({ state, holder }) => state === 'booked' && holder?.id === 'fhir/77');
    expect(appointments.twinOf('fhir/77')).toBeNull();
  });

  it('read a file dry, write nothing before somebody says so, and know the same file again', async () => {
    const { appointments } = finn.session;
    const file = [
      'Appt ID,Patient Name,DOB,Date,Time,Duration,Visit Type,Provider,Status',
      'A-1,"Young, Tia",01/01/2012,12/01/2031,2:30 PM,20,Follow-up,Luz Rivera,Scheduled',
      'A-2,"Adler, Ben",03/12/1958,12/02/2031,09:00,30,Annual visit,,No Show',
      'A-3,Nobody Here,01/01/1990,12/02/2031,09:30,30,Annual visit,,Scheduled',
    ].join('\n');
    const mapping = appointments.suggestMapping(file)!;
    expect(mapping).toMatchObject({
      dateFormat: 'MM/dd/yyyy',
      columns: { id: 'Appt ID', name: 'Patient Name', birthDate: 'DOB', minutes: 'Duration' },
    });
    const before = appointments.visits.read().length;
    const dry = appointments.readCsv(file, { ...mapping, timeZone: 'America/New_York' });
    expect(dry.counts).toEqual({ new: 2, changed: 0, same: 0, error: 1 });
    expect(dry.rows[2]?.problems).toEqual([{ field: 'name', value: 'Nobody Here', code: 'patient-unknown' }]);
    expect(appointments.visits.read()).toHaveLength(before);
    const told: number[] = [];
    await appointments.importCsv(dry, mapping, (done) => told.push(done));
    expect(told).toEqual([0, 1, 2]);
    await until(maria.session.appointments.of(TEEN), (visits) =>
      visits.some(({ appointment }) => appointment.start === Date.UTC(2031, 11, 1, 19, 30)),
    );
    scene.clock.step(1000);
    const second = appointments.readCsv(file.replace('09:00', '10:00'), {
      ...mapping,
      timeZone: 'America/New_York',
    });
    expect(second.counts).toEqual({ new: 0, changed: 1, same: 1, error: 1 });
  });

  it('tell feeds which patient an identifier is, as the registry says, and nothing twice', async () => {
    const { parts } = maria.session;
    await parts.appointments.keepMap();
    const collection = await finn.session.collections.named('appointments');
    await collection.refresh();
    const shard = patientMapShard(PATIENT_REF_SYSTEM, LENA);
    const put = await collection.get(patientMapKey(shard));
    const decoded = appointmentsCodec.decode(put!.value!);
    const map = (decoded.ok ? decoded.value : null) as PatientMap;
    expect(map.systems.flatMap(({ patients }) => patients.map(({ ref }) => ref))).toContain(LENA);
    await until(finn.session.appointments.state, ({ ready }) => ready);
    await finn.session.parts.appointments.keepMap();
    await collection.refresh();
    expect((await collection.get(patientMapKey(shard)))?.version).toBe(put?.version);
  });
});
