import { encodeHex, encodeUtf8 } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { argon2idWasm } from './argon2id-wasm.ts';
import { describeDevice } from './device-label.ts';
import { createSoon, webRng, webTimers } from './system-ports.ts';

describe('the ports over the browser', () => {
  it('draw more random bytes than the browser gives at once', () => {
    const bytes = webRng.bytes(200_000);
    expect(bytes).toHaveLength(200_000);
    const end = bytes.subarray(-64);
    expect(end.some((byte) => byte !== 0)).toBe(true);
    expect(webRng.bytes(0)).toHaveLength(0);
  });

  it('run a task in a later turn, in order', async () => {
    const soon = createSoon();
    const log: string[] = [];
    await new Promise<void>((resolve) => {
      soon(() => log.push('first'));
      soon(() => {
        log.push('second');
        resolve();
      });
      log.push('now');
    });
    expect(log).toEqual(['now', 'first', 'second']);
  });

  it('do not fire a delay beyond 24 days at once, and cancel as often as asked', async () => {
    let fired = false;
    const cancel = webTimers.after(2 ** 31 + 1000, () => {
      fired = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(fired).toBe(false);
    cancel();
    cancel();
  });

  it('derive Argon2id as RFC 9106 §5.3 says', async () => {
    const derived = await argon2idWasm({
      password: encodeUtf8('password'),
      salt: encodeUtf8('somesalt'),
      t: 2,
      mKiB: 65_536,
      p: 1,
      length: 32,
    });
    // Reference implementation (phc-winner-argon2, src/test.c, version 0x13, argon2id).
    expect(encodeHex(derived)).toBe('09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7');
  });

  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      'Chrome on Windows',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
      'Safari on iPhone',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    ['curl/8', 'Browser'],
  ])('name a browser so that its owner knows it: %s', (userAgent, label) => {
    expect(describeDevice(userAgent)).toBe(label);
  });
});
