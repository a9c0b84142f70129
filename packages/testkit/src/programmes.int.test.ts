import type { LiveSession } from '@baton/client';
import { canonicalProtocol, EXAMPLE_PROTOCOLS, type Protocol } from '@baton/clinical';
import { nodeRng } from '@baton/client-node';
import { type EventId, newId } from '@baton/kernel';
import {
  type CheckInAlert,
  programmesCodec,
  programmesKey,
  type ProgrammesValue,
  type Regimen,
} from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEN, type CareScene, createCareScene, LENA, messagesOf, ROSA, text } from './care-scene.ts';
import type { Device } from './practice.ts';
import { until } from './until.ts';

// Patients on a protocol, and what staff do with them (docs/protocol/programmes.md §2 and §5).

const PROTOCOL = EXAMPLE_PROTOCOLS[0] as Protocol;
const ORDER: Omit<Regimen, 'version' | 'confirmedBy' | 'confirmedAt'> = {
  drug: 'Capecitabine',
  order: 'MedicationRequest/1',
  cycleStart: '2026-11-16',
  cycleDays: 21,
  onDays: [1, 2, 3],
  cycles: 2,
  times: [{ id: 'morning', doses: [{ strengthMg: 500, tablets: 3 }] }],
  holds: [],
  reviewBy: '2026-12-20',
};

let scene: CareScene;
let admin: Device;
let maria: Device;
let finn: Device;

beforeAll(async () => {
  scene = await createCareScene();
  ({ admin, maria, finn } = scene);
  await admin.session.programmes.establish();
  for (const { session } of [admin, maria, finn])
    await until(session.programmes.state, ({ established, ready }) => established && ready);
  await admin.session.programmes.saveDraft({
    id: PROTOCOL.id,
    version: 1,
    name: PROTOCOL.name.en,
    body: canonicalProtocol(PROTOCOL),
  });
}, 120_000);

afterAll(() => scene?.close());

const sign = async (version: number): Promise<void> => {
  await admin.session.programmes.sign(PROTOCOL.id, version, 'author');
  await maria.session.programmes.sign(PROTOCOL.id, version, 'clinician');
  await until(maria.session.programmes.protocols, (all) =>
    all.some((view) => view.mayRun && view.version.version === version && view.version.state === 'signed'),
  );
};

const consentOf = (ref: string, purpose: 'check-ins' | 'texts' = 'check-ins'): Promise<EventId> =>
  maria.session.care.giveConsent({ ref, purpose, phone: null, how: 'in-person', warning: null, note: '' });

async function wishFor(ref: string, consent: EventId) {
  const [view] = maria.session.programmes.protocols.read();
  if (!view) throw new Error('no protocol');
  const { id, version, hash } = view.version;
  const standing = { version: 1, confirmedBy: maria.account, confirmedAt: scene.clock.nowMs() };
  return {
    ref,
    protocol: { id, version, hash },
    consent,
    language: 'en' as const,
    timeZone: 'America/New_York',
    times: { morning: 510 },
    proxy: null,
    startsOn: '2026-11-16',
    regimen: { ...ORDER, ...standing },
    settings: {},
    askTo: null,
  };
}

const lineAt = (session: LiveSession, id: EventId) =>
  session.programmes.cohort.read().find(({ enrolment }) => enrolment.id === id);

async function sees(
  device: Device,
  id: EventId,
  holds: (line: NonNullable<ReturnType<typeof lineAt>>) => boolean,
) {
  await until(device.session.programmes.cohort, () => {
    const line = lineAt(device.session, id);
    return line !== undefined && holds(line);
  });
  return lineAt(device.session, id)!;
}

/** As the assistant writes. */
async function write(session: LiveSession, value: ProgrammesValue): Promise<void> {
  const collection = await session.collections.named('programmes');
  await collection.put(programmesKey(value), () => programmesCodec.encode(value));
}

describe('enrolling', () => {
  it('needs a protocol that two have signed, and a consent to just that', async () => {
    const wish = await wishFor(ROSA, await consentOf(ROSA));
    await expect(maria.session.programmes.enrol(wish)).rejects.toMatchObject({ at: 'protocol.unsigned' });
    await sign(1);
    const texts = await consentOf(ROSA, 'texts');
    await expect(maria.session.programmes.enrol({ ...wish, consent: texts })).rejects.toMatchObject({
      at: 'enrolment.consent',
    });
    const revoked = await consentOf(ROSA);
    await maria.session.care.revokeConsent(ROSA, revoked, 'phone');
    await expect(maria.session.programmes.enrol({ ...wish, consent: revoked })).rejects.toMatchObject({
      at: 'enrolment.consent',
    });
    const other = { ...wish, protocol: { ...wish.protocol, hash: new Uint8Array(32) } };
    await expect(maria.session.programmes.enrol(other)).rejects.toMatchObject({
      code: 'ledger.wrong_purpose',
    });
    const id = await maria.session.programmes.enrol(wish);
    const line = await sees(finn, id, () => true);
    expect(line).toMatchObject({
      patient: 'Rosa Martinez',
      enrolment: { state: 'invited', by: maria.account },
    });
    await expect(maria.session.programmes.enrol(wish)).rejects.toMatchObject({ code: 'conflict.exists' });
    expect(finn.session.programmes.of(ROSA).read()).toHaveLength(1);
  });

  it('is not of somebody who has died', async () => {
    const wish = await wishFor(LENA, await consentOf(LENA));
    await expect(maria.session.programmes.enrol(wish)).rejects.toMatchObject({ code: 'policy.forbidden' });
  });
});

describe('an enrolment', () => {
  let id: EventId;

  beforeAll(async () => {
    id = await maria.session.programmes.enrol(await wishFor(BEN, await consentOf(BEN)));
    await sees(maria, id, () => true);
  });

  it('is not paused before the patient has said yes, then paused and resumed with why', async () => {
    const { programmes } = maria.session;
    await expect(programmes.pause(id, null, 'Away')).rejects.toMatchObject({ at: 'enrolment.invited' });
    await write(admin.session, { ...lineAt(maria.session, id)!.enrolment, state: 'active' });
    await sees(maria, id, ({ enrolment }) => enrolment.state === 'active');
    await programmes.pause(id, '2026-11-30', 'Away');
    const paused = await sees(finn, id, ({ enrolment }) => enrolment.state === 'paused');
    expect(paused.enrolment).toMatchObject({ reason: 'Away', resumesOn: '2026-11-30' });
    await finn.session.programmes.resume(id);
    await sees(maria, id, ({ enrolment }) => enrolment.state === 'active' && enrolment.resumesOn === null);
  });

  it('has a plan that somebody stands for: stale with an order, confirmed, on hold, each a version of its own', async () => {
    const { programmes } = maria.session;
    await programmes.markStale(id, 'Dose lowered');
    await sees(finn, id, ({ enrolment }) => enrolment.stale?.why === 'Dose lowered');
    const order = { ...ORDER, order: 'MedicationRequest/2' };
    // The front desk may say that it changed, and stands for no dose.
    for (const act of [
      () => finn.session.programmes.confirmRegimen(id, order),
      () => finn.session.programmes.hold(id, { from: '2026-11-20', until: null, reason: 'Fever' }),
      () => finn.session.programmes.liftHolds(id, '2026-11-22'),
    ])
      await expect(act()).rejects.toMatchObject({ code: 'policy.forbidden', at: 'regimen.confirm' });
    await programmes.confirmRegimen(id, order);
    const confirmed = await sees(maria, id, ({ enrolment }) => enrolment.stale === null);
    expect(confirmed.enrolment.regimen).toMatchObject({
      version: 2,
      order: 'MedicationRequest/2',
      confirmedBy: maria.account,
    });
    await programmes.hold(id, { from: '2026-11-20', until: null, reason: 'Fever' });
    await sees(maria, id, ({ enrolment }) => enrolment.regimen?.version === 3);
    await programmes.liftHolds(id, '2026-11-23');
    const lifted = await sees(maria, id, ({ enrolment }) => enrolment.regimen?.version === 4);
    expect(lifted.enrolment.regimen?.holds).toEqual([
      { from: '2026-11-20', until: '2026-11-22', reason: 'Fever' },
    ]);
  });

  it('stays on its version until somebody moves it to one that may run', async () => {
    const body = canonicalProtocol({ ...PROTOCOL, about: `${PROTOCOL.about} Second.` });
    await admin.session.programmes.saveDraft({ id: PROTOCOL.id, version: 2, name: 'Second', body });
    await until(maria.session.programmes.protocols, (all) => all.length === 2);
    await expect(maria.session.programmes.moveToVersion(id, 2)).rejects.toMatchObject({
      at: 'protocol.unsigned',
    });
    await sign(2);
    expect(lineAt(maria.session, id)?.enrolment.protocol.version).toBe(1);
    await maria.session.programmes.moveToVersion(id, 2);
    const moved = await sees(finn, id, ({ enrolment }) => enrolment.protocol.version === 2);
    const view = finn.session.programmes.protocols.read().find(({ version }) => version.version === 2);
    expect(moved.enrolment.protocol.hash).toEqual(view?.version.hash);
  });

  it('ends for good', async () => {
    await maria.session.programmes.end(id, 'Moved away');
    await sees(finn, id, ({ enrolment }) => enrolment.state === 'ended');
    await expect(finn.session.programmes.resume(id)).rejects.toMatchObject({ at: 'enrolment.ended' });
  });
});

describe('an alert', () => {
  it('keeps its clock until what was chosen is done, and ends what was asked in the sidebar', async () => {
    const conversation = await maria.session.care.start(ROSA);
    const { sidebar } = maria.session.care.threads.read().find((one) => one.conversation === conversation)!;
    const notes = await admin.session.conversations.open(sidebar!);
    await notes.send(
      text('Vomited 7 times', {
        ask: { contract: 'stat', to: [maria.account], withinMs: 900_000, callback: null, patient: null },
      }),
    );
    await until(maria.session.batons.owe, (all) => all.length === 1);
    const [asked] = messagesOf(notes);
    const [line] = maria.session.programmes.of(ROSA).read();
    const at = scene.clock.nowMs();
    const alert: CheckInAlert = {
      t: 'alert',
      id: newId('event', nodeRng),
      enrolment: line!.enrolment.id,
      ref: ROSA,
      date: '2026-11-16',
      at,
      band: 'red',
      reason: 'Vomited 7 times',
      line: 'vomit: 6 or more',
      kind: 'symptom',
      message: asked!.id,
      callBackBy: at + 900_000,
      act: null,
      patientSays: null,
      nurseSays: null,
      shadow: null,
    };
    await write(admin.session, alert);
    const raised = await sees(maria, alert.enrolment, ({ alerts }) => alerts.length === 1);
    expect(raised.dueBy).toBe(alert.callBackBy);
    expect(maria.session.programmes.cohort.read()[0]?.enrolment.id).toBe(alert.enrolment);
    await expect(maria.session.programmes.finishAlert(alert.id, null)).rejects.toMatchObject({
      at: 'alert.act',
    });
    await maria.session.programmes.actOnAlert(alert.id, 'call', 'Ask for fluids');
    const chosen = await sees(finn, alert.enrolment, ({ alerts }) => alerts[0]?.act !== null);
    expect(chosen).toMatchObject({
      dueBy: alert.callBackBy,
      alerts: [{ act: { way: 'call', doneAt: null } }],
    });
    await maria.session.programmes.finishAlert(alert.id, null);
    expect((await sees(finn, alert.enrolment, ({ dueBy }) => dueBy === null)).alerts[0]?.act?.by).toBe(
      maria.account,
    );
    await until(maria.session.batons.owe, (all) => all.length === 0);
    await expect(finn.session.programmes.actOnAlert(alert.id, 'visit', '')).rejects.toMatchObject({
      at: 'alert.done',
    });
    await maria.session.programmes.rateAlert(alert.id, true);
    await sees(finn, alert.enrolment, ({ alerts }) => alerts[0]?.nurseSays === 'useful');
  });

  it('is a clinician’s to act on where it is red, and nobody’s to dismiss without a word', async () => {
    const [line] = maria.session.programmes.of(BEN).read();
    if (!line) throw new Error('nobody is enrolled');
    const alert: CheckInAlert = {
      t: 'alert',
      id: newId('event', nodeRng),
      enrolment: line.enrolment.id,
      ref: BEN,
      date: '2026-11-21',
      at: scene.clock.nowMs(),
      band: 'red',
      reason: 'Fever 38.6 °C',
      line: 'temp: 38 and more',
      kind: 'fever',
      message: null,
      callBackBy: scene.clock.nowMs() + 900_000,
      act: null,
      patientSays: null,
      nurseSays: null,
      shadow: null,
    };
    await write(admin.session, alert);
    for (const device of [finn, maria])
      await sees(device, alert.enrolment, ({ alerts }) => alerts.some(({ id }) => id === alert.id));
    const byFinn = finn.session.programmes;
    for (const act of [
      () => byFinn.actOnAlert(alert.id, 'message', ''),
      () => byFinn.finishAlert(alert.id, null),
    ])
      await expect(act()).rejects.toMatchObject({ code: 'policy.forbidden', at: 'alert.act.red' });
    await expect(maria.session.programmes.actOnAlert(alert.id, 'none', ' ')).rejects.toMatchObject({
      at: 'alert.note',
    });
    await maria.session.programmes.actOnAlert(alert.id, 'none', 'Thermometer was broken');
    await maria.session.programmes.finishAlert(alert.id, null);
  });
});
