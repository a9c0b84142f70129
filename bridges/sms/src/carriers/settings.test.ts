import { describe, expect, it } from 'vitest';
import { makeTelnyxKeys, telnyxSettings, TWILIO } from './fixtures/signed-webhooks.ts';
import { hostsFor, readSmsSettings, SIMULATED } from './settings.ts';

const telnyx = telnyxSettings(makeTelnyxKeys().publicKey);
const faultOf = (carrier: object, more: object = {}): string => {
  const read = readSmsSettings({ carrier, ...more });
  return read.ok ? 'ok' : read.error.setting;
};

describe('settings of the texting assistant', () => {
  it('are whole with account, secret and number', () => {
    expect(faultOf(TWILIO)).toBe('ok');
    expect(faultOf(telnyx)).toBe('ok');
    expect(faultOf({ name: 'simulator' })).toBe('ok');
  });

  it.each(['account', 'authToken', 'number', 'publicUrl'])('T23 are refused without %s of Twilio', (name) => {
    const { [name as keyof typeof TWILIO]: _left, ...rest } = TWILIO;
    expect(faultOf(rest)).toBe(`carrier.${name}`);
    expect(faultOf({ ...TWILIO, [name]: '' })).toBe(`carrier.${name}`);
    expect(faultOf({ ...TWILIO, [name]: null })).toBe(`carrier.${name}`);
  });

  it.each(['apiKey', 'publicKey', 'number'])('T23 are refused without %s of Telnyx', (name) => {
    const { [name as keyof typeof telnyx]: _left, ...rest } = telnyx;
    expect(faultOf(rest)).toBe(`carrier.${name}`);
    expect(faultOf({ ...telnyx, [name]: '' })).toBe(`carrier.${name}`);
  });

  it('T23 are refused with a carrier or a field that is not known, and with a secret cut short', () => {
    expect(faultOf({ name: 'other' })).toBe('carrier.name');
    expect(faultOf({})).toBe('carrier.name');
    expect(faultOf({ ...TWILIO, verify: false })).toBe('carrier');
    expect(faultOf({ ...TWILIO, authToken: 'short' })).toBe('carrier.authToken');
    for (const given of [null, undefined, [], 'twilio', {}]) expect(readSmsSettings(given).ok).toBe(false);
  });

  it('go to the provider by encryption only, but for a fake on this machine', () => {
    for (const apiOrigin of [
      'http://api.twilio.com',
      'https://api.twilio.com/',
      'https://u:p@api.twilio.com',
      'api.twilio.com',
    ])
      expect(faultOf({ ...TWILIO, apiOrigin })).toBe('carrier.apiOrigin');
    expect(faultOf({ ...TWILIO, apiOrigin: 'http://127.0.0.1:9' })).toBe('ok');
    expect(faultOf({ ...TWILIO, publicUrl: 'http://texts.example' })).toBe('carrier.publicUrl');
  });

  it('never repeat what was given', () => {
    const secret = 'a-secret-with-ümlaut';
    const read = readSmsSettings({
      carrier: { ...TWILIO, account: secret, number: secret },
      mail: { host: secret },
    });
    expect(JSON.stringify(read)).not.toContain('secret');
  });

  it('name the hosts that the manifest has to list', () => {
    expect(hostsFor(SIMULATED)).toEqual([]);
    const read = readSmsSettings({
      carrier: { ...TWILIO, mediaOrigins: ['https://mms.twiliocdn.com', 'http://127.0.0.1:81'] },
      mail: {
        host: 'smtp.example.org',
        port: 587,
        implicitTls: false,
        login: null,
        from: 'care@example.org',
      },
      scanner: { host: 'localhost', port: 3310 },
    });
    expect(read.ok && hostsFor(read.value)).toEqual([
      'api.twilio.com',
      'mms.twiliocdn.com',
      '127.0.0.1:81',
      'smtp.example.org:587',
      'localhost:3310',
    ]);
  });
});
