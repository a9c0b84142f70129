import type { Timers } from '@baton/kernel';
import type { MailSender, OutgoingMail } from '../carriers/carrier.ts';
import type { SmsSettings } from '../carriers/settings.ts';

const LIMIT_MS = 20_000;

type MailSettings = NonNullable<SmsSettings['mail']>;

/** E-mail over the practice's own mail server: plain text, encrypted on the way or not at all. The package is loaded with the first one. */
export function createSmtpSender(settings: MailSettings, wait: Timers, limitMs = LIMIT_MS): MailSender {
  return {
    name: 'smtp',
    async send(mail) {
      let cancel = (): void => {};
      const late = new Promise<{ ok: false; isPassing: true }>((resolve) => {
        cancel = wait.after(limitMs, () => resolve({ ok: false, isPassing: true }));
      });
      try {
        return await Promise.race([deliver(mail, settings, limitMs), late]);
      } finally {
        cancel();
      }
    },
  };
}

async function deliver(
  { to, subject, text }: OutgoingMail,
  { host, port, implicitTls, login, from }: MailSettings,
  limitMs: number,
): Promise<{ readonly ok: boolean; readonly isPassing: boolean }> {
  const { createTransport } = await import('nodemailer');
  const isHere = host === 'localhost' || host.startsWith('127.');
  const transport = createTransport({
    host,
    port,
    secure: implicitTls,
    // A relay on this machine may have no certificate; a password goes nowhere without encryption.
    requireTLS: !implicitTls && (!isHere || login !== null),
    ...(login && { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: limitMs,
    greetingTimeout: limitMs,
    socketTimeout: limitMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ from, to: { name: '', address: to }, subject, text });
    return { ok: true, isPassing: false };
  } catch (error) {
    const { responseCode } = error as { readonly responseCode?: unknown };
    // 5xx is for good (RFC 5321 §4.2.1); everything else may pass.
    return { ok: false, isPassing: typeof responseCode !== 'number' || responseCode < 500 };
  } finally {
    transport.close();
  }
}
