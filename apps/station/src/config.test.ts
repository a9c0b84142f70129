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
        demo: null,
      },
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
  ])('names %s when it is wrong, without repeating the value', (name, value) => {
    const config = readStationConfig({ [name]: value });
    expect(config.ok).toBe(false);
    if (!config.ok) expect(config.error).toMatch(new RegExp(`^${name} `));
    if (!config.ok) expect(config.error).not.toContain(`"${value}"`);
  });
});
