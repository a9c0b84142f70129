import { expect, it } from 'vitest';
import { hostsFor, readFhirSettings } from './settings.ts';

const RIGHT = {
  baseUrl: 'https://ehr.example.org/fhir/r4',
  auth: { kind: 'none' },
  timeZone: 'America/New_York',
};

it('name the hosts that the manifest has to list', () => {
  const hosts = (given: object): readonly string[] | null => {
    const read = readFhirSettings({ ...RIGHT, ...given });
    return read.ok ? hostsFor(read.value) : null;
  };
  const key = { kty: 'EC', crv: 'P-384', kid: 'k', x: 'x', y: 'y', d: 'd' };
  const smart = { kind: 'smart', tokenUrl: 'https://login.example.org/token', clientId: 'baton', key };
  expect(hosts({})).toEqual(['ehr.example.org']);
  expect(hosts({ auth: smart })).toEqual(['ehr.example.org', 'login.example.org']);
  expect(hosts({ baseUrl: 'http://localhost:8080/fhir' })).toEqual(['localhost:8080']);
  expect(hosts({ baseUrl: 'https://ehr.example.org:8443/fhir' })).toEqual(['ehr.example.org:8443']);
});

it.each([
  [{ baseUrl: 'http://ehr.example.org/fhir' }, 'baseUrl'],
  [{ baseUrl: 'https://ehr.example.org/fhir/' }, 'baseUrl'],
  [{ baseUrl: 'https://user:word@ehr.example.org/fhir' }, 'baseUrl'],
  [{ timeZone: 'Springfield' }, 'timeZone'],
  [{ auth: { kind: 'bearer', token: 'secret' } }, 'auth.token'],
  [
    { auth: { kind: 'smart', tokenUrl: 'https://a.example/t', clientId: 'b', key: { kty: 'oct' } } },
    'auth.key',
  ],
  [{ pastDays: -1 }, 'pastDays'],
])('name what is wrong, without its value', (change, setting) => {
  const read = readFhirSettings({ ...RIGHT, ...change });
  expect(read).toMatchObject({ ok: false, error: { setting } });
  if (!read.ok)
    for (const value of ['user:word', 'Springfield', 'secret'])
      expect(read.error.sentence).not.toContain(value);
});
