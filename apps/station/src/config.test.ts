import { describe, expect, it } from 'vitest';
import { readStationConfig } from './config.ts';

describe('readStationConfig', () => {
  it('has defaults that fit one machine and makes no demo by itself', () => {
    expect(readStationConfig({})).toEqual({
      ok: true,
      value: {
        serverUrl: 'http://localhost:8420',
        publicUrl: 'http://localhost:8420',
        dataDir: '.baton/station',
        listener: { host: '127.0.0.1', port: 8421 },
        mllp: null,
        demo: null,
      },
    });
  });

  it('listens beside the server, unless told where', () => {
    const listenerOf = (environment: Readonly<Record<string, string>>): unknown => {
      const config = readStationConfig(environment);
      return config.ok && config.value.listener;
    };
    expect(listenerOf({ BATON_STATION_SERVER_URL: 'http://localhost:9000' })).toEqual({
      host: '127.0.0.1',
      port: 9001,
    });
    expect(listenerOf({ BATON_STATION_SERVER_URL: 'https://baton.example.org' })).toMatchObject({
      port: 8421,
    });
    expect(listenerOf({ BATON_STATION_PORT: '8999', BATON_STATION_HOST: '0.0.0.0' })).toEqual({
      host: '0.0.0.0',
      port: 8999,
    });
  });

  it('opens the door for HL7 v2 interfaces only where it is told a port, on this machine unless told otherwise', () => {
    const mllpOf = (environment: Readonly<Record<string, string>>): unknown => {
      const config = readStationConfig(environment);
      return config.ok && config.value.mllp;
    };
    expect(mllpOf({ BATON_MLLP_HOST: '10.0.0.5' })).toBeNull();
    expect(mllpOf({ BATON_MLLP_PORT: '2575' })).toEqual({ host: '127.0.0.1', port: 2575 });
    expect(mllpOf({ BATON_MLLP_PORT: '2575', BATON_MLLP_HOST: '10.0.0.5' })).toEqual({
      host: '10.0.0.5',
      port: 2575,
    });
  });

  it('takes the demo only with a token', () => {
    const environment = {
      BATON_STATION_DEMO_TOKEN: 'x'.repeat(43),
      BATON_STATION_DEMO_DIR: '/tmp/demo',
      BATON_STATION_SERVER_URL: 'http://127.0.0.1:9/',
    };
    const config = readStationConfig(environment);
    expect(config.ok && config.value).toMatchObject({
      serverUrl: 'http://127.0.0.1:9',
      demo: { seedToken: 'x'.repeat(43), dir: '/tmp/demo' },
    });
    expect(readStationConfig({ BATON_STATION_DEMO_DIR: '/tmp/demo' })).toMatchObject({
      value: { demo: null },
    });
  });

  it.each([
    ['BATON_STATION_SERVER_URL', 'localhost'],
    ['BATON_STATION_PUBLIC_URL', 'ftp://host'],
    ['BATON_STATION_DEMO_TOKEN', 'short'],
    ['BATON_STATION_PORT', '0'],
    ['BATON_STATION_PORT', '65536'],
    ['BATON_STATION_HOST', 'a b'],
    ['BATON_MLLP_PORT', '70000'],
    ['BATON_MLLP_HOST', 'a/b'],
  ])('names %s when it is wrong, without repeating the value', (name, value) => {
    const config = readStationConfig({ [name]: value });
    expect(config.ok).toBe(false);
    if (!config.ok) expect(config.error).toMatch(new RegExp(`^${name} `));
    if (!config.ok) expect(config.error).not.toContain(`"${value}"`);
  });
});
