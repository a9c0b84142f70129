import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

function read(env: Record<string, string>) {
  const result = readConfig(env);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

function refusal(env: Record<string, string>): string {
  const result = readConfig(env);
  return result.ok ? 'accepted' : result.error;
}

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(read({})).toMatchObject({
      databaseUrl: null,
      host: '127.0.0.1',
      port: 8420,
      publicUrl: 'http://localhost:8420',
      dataDir: resolve('.baton'),
      demo: true,
      station: true,
      stationListener: { host: '127.0.0.1', port: 8421 },
      mllpListener: null,
      logLevel: 'warn',
      noticeChannels: ['console', 'file'],
      pushHosts: [],
      loopbackWebhooks: false,
      s3: null,
    });
  });

  it('sends notices nowhere outside the demo unless it is told where', () => {
    expect(read({ BATON_DEMO: '0' }).noticeChannels).toEqual([]);
    expect(read({ BATON_DEMO: '0', BATON_NOTICE_CHANNEL: 'file' }).noticeChannels).toEqual(['file']);
    expect(read({ BATON_NOTICE_CHANNEL: 'none' }).noticeChannels).toEqual([]);
    expect(read({ BATON_NOTICE_CHANNEL: 'file,console' }).noticeChannels).toEqual(['console', 'file']);
  });

  it('takes every setting', () => {
    const config = read({
      BATON_DATABASE_URL: 'postgres://u:p@db.example:5432/baton',
      BATON_HOST: '0.0.0.0',
      BATON_PORT: '9000',
      BATON_PUBLIC_URL: 'https://baton.example/',
      BATON_DATA_DIR: '/srv/baton',
      BATON_DEMO: '0',
      BATON_STATION: '0',
      BATON_LOG_LEVEL: 'info',
      BATON_NOTICE_CHANNEL: 'file',
      BATON_PUSH_HOSTS: 'push.example, 10.0.0.7:8443',
      BATON_WEBHOOK_LOOPBACK: '1',
    });
    expect(config).toMatchObject({ noticeChannels: ['file'], loopbackWebhooks: true });
    expect(config.pushHosts).toEqual(['push.example', '10.0.0.7:8443']);
    expect(config.databaseUrl?.reveal()).toBe('postgres://u:p@db.example:5432/baton');
    expect(config).toMatchObject({ host: '0.0.0.0', port: 9000, publicUrl: 'https://baton.example' });
    expect(config).toMatchObject({ dataDir: '/srv/baton', demo: false, station: false, logLevel: 'info' });
  });

  it('lets the station listen beside the server, and never on the same port', () => {
    expect(read({ BATON_PORT: '9000' }).stationListener.port).toBe(9001);
    expect(read({ BATON_MLLP_PORT: '2575' }).mllpListener).toEqual({ host: '127.0.0.1', port: 2575 });
    expect(read({ BATON_STATION_PORT: '9100', BATON_STATION_HOST: '0.0.0.0' }).stationListener).toEqual({
      host: '0.0.0.0',
      port: 9100,
    });
    expect(refusal({ BATON_PORT: '9000', BATON_STATION_PORT: '9000' })).toMatch(
      /BATON_STATION_PORT.*BATON_PORT/,
    );
    expect(refusal({ BATON_STATION_PORT: 'next' })).toContain('a port number from 1 to 65535');
  });

  it('counts an empty value as none, and makes the public address follow the port', () => {
    expect(read({ BATON_PORT: '9001', BATON_DATA_DIR: '', BATON_DEMO: '' })).toMatchObject({
      publicUrl: 'http://localhost:9001',
      dataDir: resolve('.baton'),
      demo: true,
    });
  });

  it.each([
    [{}, true],
    [{ BATON_HOST: 'localhost' }, true],
    [{ BATON_HOST: '::1' }, true],
    [{ BATON_HOST: '0.0.0.0' }, false],
    [{ BATON_HOST: '127.0.0.1.example' }, false],
    [{ BATON_DATABASE_URL: 'postgres://u:p@127.0.0.1/baton' }, false],
    [{ BATON_STATION: '0' }, false],
    [{ BATON_HOST: '0.0.0.0', BATON_DEMO: '1' }, true],
    [{ BATON_DEMO: '0' }, false],
  ])('shows the demo by default only on this machine with the embedded database: %j', (env, demo) => {
    expect(read(env).demo).toBe(demo);
  });

  it.each([
    ['BATON_PORT', '0', 'a port number from 1 to 65535'],
    ['BATON_PORT', '65536', 'a port number from 1 to 65535'],
    ['BATON_PORT', '8420x', 'a port number from 1 to 65535'],
    ['BATON_PORT', '-1', 'a port number'],
    ['BATON_HOST', 'http://x', 'the IP address or host name'],
    ['BATON_DEMO', 'yes', '1 (with the demo practice) or 0'],
    ['BATON_STATION', 'true', '1 (start the station'],
    ['BATON_LOG_LEVEL', 'loud', 'one of error, warn, info, debug'],
    ['BATON_NOTICE_CHANNEL', 'sms', 'none, or one or both of console, file'],
    ['BATON_NOTICE_CHANNEL', 'none,file', 'none, or one or both of console, file'],
    ['BATON_PUSH_HOSTS', 'https://push.example', 'host names or IP addresses'],
    ['BATON_PUSH_HOSTS', 'push.example/x', 'host names or IP addresses'],
    ['BATON_PUSH_HOSTS', 'push.example,', 'host names or IP addresses'],
    ['BATON_WEBHOOK_LOOPBACK', 'yes', '1 (webhooks may go'],
    ['BATON_PUBLIC_URL', 'baton.example', 'the address people open'],
    ['BATON_PUBLIC_URL', 'https://baton.example/app', 'the address people open'],
    ['BATON_PUBLIC_URL', 'http://baton.example', 'http only for localhost'],
    ['BATON_PUBLIC_URL', 'ftp://baton.example', 'the address people open'],
  ])('refuses %s=%s in one sentence with name, value and what is expected', (name, value, expected) => {
    const sentence = refusal({ [name]: value });
    expect(sentence).toContain(name);
    expect(sentence).toContain(JSON.stringify(value));
    expect(sentence).toContain(expected);
    expect(sentence.split('\n')).toHaveLength(1);
  });

  it.each(['mysql://u:sesame@h/d', 'postgres://u:sesame@h', 'sesame', 'postgres://u:sesame@h:notaport/d'])(
    'never repeats a database URL: %s',
    (url) => {
      const sentence = refusal({ BATON_DATABASE_URL: url });
      expect(sentence).toContain('BATON_DATABASE_URL');
      expect(sentence).not.toContain('sesame');
    },
  );

  const S3 = {
    BATON_BLOB_S3_BUCKET: 'practice-files',
    BATON_BLOB_S3_REGION: 'eu-central-1',
    BATON_BLOB_S3_ACCESS_KEY_ID: 'AKIA',
    BATON_BLOB_S3_SECRET_ACCESS_KEY: 'sesame',
  };

  it('takes S3 whole, with or without a server and a prefix', () => {
    expect(read({}).s3).toBeNull();
    const config = read(S3);
    expect(config.s3).toMatchObject({ bucket: 'practice-files', endpoint: null, prefix: '' });
    expect(config.s3?.secretAccessKey.reveal()).toBe('sesame');
    expect(inspect(config) + JSON.stringify(config)).not.toContain('sesame');
    const more = { BATON_BLOB_S3_ENDPOINT: 'https://s3.example/', BATON_BLOB_S3_PREFIX: 'baton/files/' };
    expect(read({ ...S3, ...more }).s3).toMatchObject({
      endpoint: 'https://s3.example',
      prefix: 'baton/files/',
    });
  });

  it.each([...Object.keys(S3)])('refuses S3 without %s, and names it', (name) => {
    const sentence = refusal({ ...S3, [name]: '' });
    expect(sentence).toContain(`but not ${name}:`);
    expect(sentence).not.toContain('sesame');
  });

  it.each([
    ['BATON_BLOB_S3_BUCKET', 'A B', 'the name of a bucket'],
    ['BATON_BLOB_S3_ENDPOINT', 'http://s3.example', 'https://host'],
    ['BATON_BLOB_S3_PREFIX', '/x', 'each end with a slash'],
    ['BATON_BLOB_S3_PREFIX', 'x/../y/', 'each end with a slash'],
  ])('refuses %s=%s', (name, value, expected) => {
    expect(refusal({ ...S3, [name]: value })).toContain(expected);
  });

  it('takes a database on a Unix socket, and prints no password with the settings', () => {
    const config = read({ BATON_DATABASE_URL: 'postgres://u:sesame@/baton?host=/run/postgresql' });
    expect(config.databaseUrl?.reveal()).toContain('/run/postgresql');
    expect(inspect(config) + JSON.stringify(config)).not.toContain('sesame');
  });

  it('refuses a name it does not know, so that no misspelt setting is silently lost', () => {
    expect(refusal({ BATON_PROT: '1' })).toMatch(/BATON_PROT is not a setting.*BATON_PORT/);
  });

  it('refuses a demo without the station that makes it', () => {
    expect(refusal({ BATON_DEMO: '1', BATON_STATION: '0' })).toMatch(/BATON_DEMO.*BATON_STATION/);
  });

  it("hands children neither our settings nor anyone else's secrets", () => {
    const env = {
      PATH: '/bin',
      BATON_DATABASE_URL: 'postgres://u:p@h/d',
      PGPASSWORD: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    };
    expect(read(env).childEnv).toEqual({ PATH: '/bin' });
  });
});
