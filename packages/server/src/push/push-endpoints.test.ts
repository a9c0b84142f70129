import { describe, expect, it } from 'vitest';
import { createPushEndpoints } from './push-endpoints.ts';

const endpoints = createPushEndpoints(['127.0.0.1:4433', 'push.example']);

describe('push endpoints', () => {
  it.each([
    'https://fcm.googleapis.com/fcm/send/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/abc',
    'https://web.push.apple.com/abc',
    'https://wns2-by3p.notify.windows.com/w/?token=abc',
  ])('takes %s', (endpoint) => {
    expect(endpoints.judge(endpoint)).toMatchObject({ trusted: false });
  });

  it.each(['https://127.0.0.1:4433/x', 'https://push.example/x'])(
    'takes %s, which the operator added',
    (endpoint) => {
      expect(endpoints.judge(endpoint)).toMatchObject({ trusted: true });
    },
  );

  it.each([
    'http://fcm.googleapis.com/x',
    'https://fcm.googleapis.com:8443/x',
    'https://fcm.googleapis.com.evil.example/x',
    'https://evilpush.apple.com.example/x',
    'https://evil-fcm.googleapis.com/x',
    'https://fcm.googleapis.com@127.0.0.1/x',
    'https://user:pass@fcm.googleapis.com/x',
    'https://notify.windows.com/x',
    'https://127.0.0.1/x',
    'https://127.0.0.1:4434/x',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/x',
    'file:///etc/passwd',
    'data:text/plain,x',
    'x',
  ])('refuses %s', (endpoint) => {
    expect(endpoints.judge(endpoint)).toBeNull();
  });
});
