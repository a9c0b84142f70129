import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { realTimers } from '../carriers/fixtures/surroundings.ts';
import { createSmtpSender } from './smtp-sender.ts';

/** None of these servers is silent: it is never used up. */
const LIMIT_MS = 15_000;

let server: Server | null = null;
afterEach(() => {
  server?.close();
  server = null;
});

/** A mail server in a few lines (RFC 5321), without STARTTLS unless it says so. Keeps every line that it was sent. */
async function startSmtp(answers: { readonly rcpt?: string; readonly ehlo?: string } = {}) {
  const lines: string[] = [];
  server = createServer((socket) => {
    let inData = false;
    socket.on('error', () => {});
    socket.write('220 here\r\n');
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString('utf8')).split('\r\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        if (inData) {
          if (line !== '.') continue;
          inData = false;
          socket.write('250 taken\r\n');
        } else if (/^EHLO/i.test(line)) socket.write(answers.ehlo ?? '250 here\r\n');
        else if (/^STARTTLS/i.test(line)) socket.write('502 not here\r\n');
        else if (/^RCPT/i.test(line)) socket.write(answers.rcpt ?? '250 ok\r\n');
        else if (/^DATA/i.test(line)) {
          inData = true;
          socket.write('354 go on\r\n');
        } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
        else socket.write('250 ok\r\n');
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, lines };
}

const settings = (port: number) => ({
  host: '127.0.0.1',
  port,
  implicitTls: false,
  login: null,
  from: 'Harbor Family Practice <care@harbor.example>',
});
const MAIL = {
  to: 'rosa@example.org',
  subject: 'Su invitación',
  text: 'Abra https://baton.example/p#i.s.h\nGracias',
};

it('sends plain text to one address', async () => {
  const { port, lines } = await startSmtp();
  const sender = createSmtpSender(settings(port), realTimers, LIMIT_MS);
  expect(await sender.send(MAIL)).toEqual({ ok: true, isPassing: false });
  const all = lines.join('\n');
  expect(lines).toContain('RCPT TO:<rosa@example.org>');
  expect(all).toContain('care@harbor.example');
  expect(all).toMatch(/Content-Type: text\/plain/i);
  expect(all).toMatch(/https:\/\/baton\.example\/p#i\.s\.h/);
});

it('lets nothing in an address or subject become another header or another address', async () => {
  const { port, lines } = await startSmtp();
  const sender = createSmtpSender(settings(port), realTimers, LIMIT_MS);
  await sender.send({
    ...MAIL,
    subject: 'a\r\nBcc: evil@example.org',
    to: 'rosa@example.org, evil@example.org',
  });
  await sender.send({ ...MAIL, to: 'rosa@example.org>\r\nRCPT TO:<evil@example.org' });
  expect(lines.filter((line) => /^RCPT/i.test(line) && /TO:<evil@example\.org>/.test(line))).toEqual([]);
  expect(lines.filter((line) => /^bcc:/i.test(line))).toEqual([]);
});

it('tells what is for good from what may pass', async () => {
  const gone = await startSmtp({ rcpt: '550 no such mailbox\r\n' });
  expect(await createSmtpSender(settings(gone.port), realTimers, LIMIT_MS).send(MAIL)).toEqual({
    ok: false,
    isPassing: false,
  });
  server?.close();
  const busy = await startSmtp({ rcpt: '451 later\r\n' });
  expect(await createSmtpSender(settings(busy.port), realTimers, LIMIT_MS).send(MAIL)).toEqual({
    ok: false,
    isPassing: true,
  });
  expect(await createSmtpSender(settings(1), realTimers, LIMIT_MS).send(MAIL)).toEqual({
    ok: false,
    isPassing: true,
  });
});

it('gives no password to a server without encryption', async () => {
  const { port, lines } = await startSmtp({ ehlo: '250-here\r\n250 AUTH PLAIN LOGIN\r\n' });
  const login = { user: 'care', password: 'a secret of ours' };
  const sender = createSmtpSender({ ...settings(port), login }, realTimers, LIMIT_MS);
  expect(await sender.send(MAIL)).toMatchObject({ ok: false });
  expect(lines.join('\n')).not.toContain('AUTH');
  expect(lines.join('\n')).not.toContain(Buffer.from('\0care\0a secret of ours').toString('base64'));
});
