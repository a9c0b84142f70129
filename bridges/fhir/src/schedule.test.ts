import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appointmentOf, FhirServer, LOCATION, PATIENT, type Resource } from './fixtures/fhir-server.ts';
import { PATIENT_REF_SYSTEM } from '@baton/wire';
import { feedContext, MemoryValues } from './fixtures/memory-feed.ts';
import { FhirSchedule } from './schedule.ts';
import { type FhirSettings, readFhirSettings } from './settings.ts';

const ADA = 'Patient/ada';
let server: FhirServer;
let values: MemoryValues;
let schedule: FhirSchedule | null = null;
/** Ahead of the record system's clock, which moves with each change. */
const NOW = Date.parse('2026-11-21T00:00:00Z');

beforeEach(async () => {
  server = await FhirServer.start();
  values = new MemoryValues();
  for (const resource of [PATIENT, LOCATION]) server.put(resource);
  await values.know(ADA, [{ system: 'urn:mrn', value: '00042' }], '1958-03-14');
});
afterEach(async () => {
  await schedule?.stop();
  schedule = null;
  await server.stop();
});

function settingsWith(more: Partial<Record<keyof FhirSettings, unknown>> = {}): FhirSettings {
  const read = readFhirSettings({
    baseUrl: server.base,
    auth: { kind: 'none' },
    timeZone: 'America/New_York',
    everySeconds: 10,
    ...more,
  });
  if (!read.ok) throw new Error(read.error.sentence);
  return read.value;
}

function start(more: Partial<Record<keyof FhirSettings, unknown>> = {}): void {
  schedule = new FhirSchedule(
    feedContext(() => NOW),
    { settings: settingsWith(more), appointments: values, texting: null },
  );
  schedule.start();
}

const visit = (id: string) =>
  values.of('appointment').find((one) => one.id === `fhir/127.0.0.1:${server.port}/${id}`);
const searches = () => server.asked.filter(({ path }) => path.endsWith('/Appointment'));
const fail =
  (status: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(status, headers);
    response.end();
  };

describe('a schedule', () => {
  it('is fetched page by page, then only what changed', async () => {
    server.pageSize = 2;
    for (const id of ['a1', 'a2', 'a3', 'a4', 'a5']) server.put(appointmentOf(id));
    start();
    await expect.poll(() => values.of('appointment').length).toBe(5);
    expect(visit('a3')).toMatchObject({ ref: ADA, status: 'booked', location: 'Oncology, second floor' });
    server.clockMs += 3_600_000;
    const versionOf = (id: string) => values.rows.get(`appointment:${visit(id)?.id ?? ''}`)?.version;
    const others = ['a1', 'a3', 'a4', 'a5'].map(versionOf);
    server.put(appointmentOf('a2', { status: 'cancelled' }));
    await expect.poll(() => visit('a2')?.status).toBe('cancelled');
    expect(['a1', 'a3', 'a4', 'a5'].map(versionOf)).toEqual(others);
    const since = searches().at(-1)?.query.get('_lastUpdated');
    expect(since).toMatch(/^ge2026-11-20T/);
    // Nothing new: the server says so without a body.
    const asked = searches().length;
    await expect
      .poll(() =>
        searches()
          .slice(asked)
          .some(({ headers }) => headers['if-none-match'] !== undefined),
      )
      .toBe(true);
  });

  it('asks again where the server is not there, and leaves out nothing', async () => {
    server.pageSize = 1;
    for (const id of ['a1', 'a2', 'a3']) server.put(appointmentOf(id));
    server.instead.push(fail(503, { 'retry-after': '1' }), (response) => response.destroy(), fail(429));
    start();
    await expect.poll(() => values.of('appointment').length).toBe(3);
    // Away for good: the next look begins where this one did.
    server.put(appointmentOf('a4'));
    server.instead.push(...Array.from({ length: 9 }, () => fail(500)));
    await expect.poll(() => visit('a4')?.ref).toBe(ADA);
  });

  it('goes on where a page is missing in the middle', async () => {
    server.pageSize = 1;
    for (const id of ['a1', 'a2']) server.put(appointmentOf(id));
    const page = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'application/fhir+json' });
      response.end(
        JSON.stringify({
          resourceType: 'Bundle',
          link: [{ relation: 'next', url: 'https://evil.example/x' }],
        }),
      );
    };
    server.instead.push(page);
    start();
    await expect.poll(() => values.of('appointment').length).toBe(2);
    await expect.poll(() => values.of('feed')[0]?.problems[0]?.code).toBe('foreign-address');
  });

  it('keeps what does not fit for a person, and takes the rest', async () => {
    server.put(appointmentOf('a1', { status: 'bogus' }));
    server.put(appointmentOf('a2'));
    start();
    await expect.poll(() => visit('a2')?.ref).toBe(ADA);
    expect(values.of('held')).toMatchObject([{ code: 'unreadable', feed: 'fhir' }]);
    expect(visit('a1')).toBeUndefined();
  });

  it('holds a visit of somebody unknown until they are known, or a person says who', async () => {
    const unknown = (id: string, patient: string): Resource =>
      appointmentOf(id, {
        participant: [{ actor: { reference: `Patient/${patient}` }, status: 'accepted' }],
      });
    server.put({ ...PATIENT, id: 'p2', identifier: [{ system: 'urn:mrn', value: '77' }] });
    server.put(unknown('a1', 'p2'));
    server.put(unknown('a2', 'p3'));
    start();
    await expect.poll(() => values.of('held').length).toBe(2);
    expect(visit('a1')).toMatchObject({ ref: null });
    await values.know('Patient/bea', [{ system: 'urn:mrn', value: '77' }], '1958-03-14');
    await expect.poll(() => visit('a1')?.ref).toBe('Patient/bea');
    await expect.poll(() => values.of('held').length).toBe(1);
    const [held] = values.of('held');
    if (held) await values.update(`held:${held.id}`, () => ({ ...held, ref: ADA }));
    await expect.poll(() => visit('a2')?.ref).toBe(ADA);
    await expect.poll(() => values.of('held').length).toBe(0);
    // Held once more by a look that had begun before somebody said whose it is.
    if (held) await values.update(`held:${held.id}`, () => ({ ...held, ref: null }));
    await expect.poll(() => values.of('held').length).toBe(0);
    expect(visit('a2')).toMatchObject({ ref: ADA });
  });

  it('goes on asking what changed when an appointment is dated ahead of the server', async () => {
    server.put(appointmentOf('a1'));
    const ahead = server.resources.get('Appointment/a1');
    if (ahead) ahead.meta = { lastUpdated: '2099-01-01T00:00:00Z', versionId: '1' };
    start();
    await expect.poll(() => visit('a1')?.status).toBe('booked');
    await expect.poll(() => values.of('feed')[0]?.problems.map(({ code }) => code)).toContain('dated-ahead');
    server.clockMs += 3_600_000;
    server.put(appointmentOf('a2'));
    await expect.poll(() => visit('a2')?.ref).toBe(ADA);
  });

  it('takes no reference of the registry from outside, unless the site says that its ids are the same', async () => {
    server.put({ ...PATIENT, id: 'p9', identifier: [{ system: PATIENT_REF_SYSTEM, value: ADA }] });
    server.put(
      appointmentOf('a1', { participant: [{ actor: { reference: 'Patient/p9' }, status: 'accepted' }] }),
    );
    start();
    await expect.poll(() => values.of('held')[0]?.code).toBe('unknown-patient');
    expect(visit('a1')).toMatchObject({ ref: null });
  });

  it('believes that somebody died only with the birth date that the registry has', async () => {
    server.put({ ...PATIENT, birthDate: '1958', deceasedBoolean: true });
    server.put(appointmentOf('a1'));
    start();
    await expect
      .poll(() => values.of('feed')[0]?.problems.map(({ code }) => code))
      .toContain('deceased-unsure');
    expect(visit('a1')).toMatchObject({ ref: ADA });
  });

  it('does not believe an identifier with another birth date', async () => {
    server.put({ ...PATIENT, birthDate: '1990-01-01' });
    server.put(appointmentOf('a1'));
    start();
    await expect.poll(() => values.of('held')[0]?.code).toBe('unknown-patient');
    expect(visit('a1')).toMatchObject({ ref: null });
  });
});

describe('SMART Backend Services', () => {
  it('gets in by a signed assertion, and again when a token ends early', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, [
      'sign',
      'verify',
    ]);
    const key = { ...(await crypto.subtle.exportKey('jwk', pair.privateKey)), kid: 'k1' };
    server.client = { id: 'baton', publicJwk: await crypto.subtle.exportKey('jwk', pair.publicKey) };
    server.put(appointmentOf('a1'));
    start({ auth: { kind: 'smart', tokenUrl: server.tokenUrl, clientId: 'baton', key } });
    await expect.poll(() => visit('a1')?.ref).toBe(ADA);
    server.expireTokens();
    server.put(appointmentOf('a2'));
    await expect.poll(() => visit('a2')?.ref).toBe(ADA);
    expect(server.asked.filter(({ path }) => path === '/token')).toHaveLength(2);
  });

  it('stays out with another key, and says so', async () => {
    const pair = async () =>
      crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, ['sign', 'verify']);
    const key = { ...(await crypto.subtle.exportKey('jwk', (await pair()).privateKey)), kid: 'k1' };
    server.client = {
      id: 'baton',
      publicJwk: await crypto.subtle.exportKey('jwk', (await pair()).publicKey),
    };
    start({ auth: { kind: 'smart', tokenUrl: server.tokenUrl, clientId: 'baton', key } });
    await expect.poll(() => values.of('feed')[0]?.problems[0]?.code).toBe('token-401');
    expect(searches()).toEqual([]);
  });
});

describe('what Baton changed', () => {
  async function change(
    id: string,
    more: Partial<{ answer: string; status: string; start: number }>,
  ): Promise<void> {
    const current = visit(id);
    if (!current) throw new Error('no visit');
    const next = { ...current, answer: { ...current.answer, state: (more.answer ?? 'none') as 'confirmed' } };
    await values.update(`appointment:${current.id}`, () => next);
    await values.update(`write-back:${current.id}`, () => ({
      t: 'write-back',
      appointment: current.id,
      status: (more.status ?? 'booked') as 'booked',
      answer: (more.answer ?? 'none') as 'confirmed',
      start: more.start ?? current.start,
      end: (more.start ?? current.start) + (current.end - current.start),
      at: NOW,
      state: 'waiting',
      code: null,
      tries: 0,
    }));
  }
  const outcome = () => values.of('write-back')[0];

  beforeEach(
    () => void server.put(appointmentOf('a1', { extension: [{ url: 'urn:theirs', valueString: 'kept' }] })),
  );

  it('is marked as one for a person where nothing takes it', async () => {
    start();
    await expect.poll(() => visit('a1')?.ref).toBe(ADA);
    await change('a1', { answer: 'confirmed' });
    await expect.poll(() => outcome()?.state).toBe('no-adapter');
  });

  it('goes as one response, however often it is offered', async () => {
    start({ writeBack: 'response' });
    await expect.poll(() => visit('a1')?.ref).toBe(ADA);
    await change('a1', { answer: 'confirmed' });
    await expect.poll(() => outcome()?.state).toBe('taken');
    await change('a1', { answer: 'confirmed' });
    await expect.poll(() => outcome()?.state).toBe('taken');
    expect(server.of('AppointmentResponse')).toMatchObject([
      {
        participantStatus: 'accepted',
        actor: { reference: 'Patient/p1' },
        appointment: { reference: 'Appointment/a1' },
      },
    ]);
  });

  it('changes their appointment under its version, and nothing else in it', async () => {
    start({ writeBack: 'appointment' });
    await expect.poll(() => visit('a1')?.ref).toBe(ADA);
    // Somebody over there is faster, once.
    server.instead.push((response, asked) => {
      response.writeHead(asked.method === 'PUT' ? 412 : 503);
      response.end();
    });
    await change('a1', { answer: 'declined', status: 'cancelled' });
    await expect.poll(() => outcome()?.state).toBe('taken');
    expect(server.resources.get('Appointment/a1')).toMatchObject({
      status: 'cancelled',
      cancelationReason: { coding: [{ code: 'pat-crs' }] },
      extension: [{ url: 'urn:theirs', valueString: 'kept' }],
      participant: [{ status: 'declined' }, { status: 'accepted' }, { status: 'accepted' }],
    });
    const puts = server.asked.filter(({ method }) => method === 'PUT');
    expect(puts.every(({ headers }) => headers['if-match'] !== undefined)).toBe(true);
  });

  it('is refused with their number, or waits while they are away', async () => {
    start({ writeBack: 'appointment' });
    await expect.poll(() => visit('a1')?.ref).toBe(ADA);
    server.resources.delete('Appointment/a1');
    await change('a1', { answer: 'confirmed' });
    await expect.poll(() => outcome()).toMatchObject({ state: 'refused', code: 'http-404' });
  });
});
