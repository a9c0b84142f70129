import {
  createDecipheriv,
  createECDH,
  createHmac,
  createPublicKey,
  createSign,
  type ECDH,
  generateKeyPairSync,
  hkdfSync,
  verify,
} from 'node:crypto';
import { createServer as createPlainServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { nodePorts } from '../adapters/node-ports.ts';

const randomBytes = (length: number): Buffer => Buffer.from(nodePorts.rng.bytes(length));

// What lies outside of a server under test: somebody who takes webhooks, a push service, a browser that is subscribed to it.

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface OutsideServer {
  readonly url: string;
  /** `host:port`. */
  readonly host: string;
  /** PEM of the certificate; empty without TLS. */
  readonly certificate: string;
  readonly received: Received[];
  /** What the next requests are answered; 200 from then on. */
  readonly answers: (number | { status: number; location: string } | 'hang')[];
  /** The first so many, once they are there. */
  until(count: number, waitMs?: number): Promise<Received[]>;
  stop(): Promise<void>;
}

/** Listens on a free loopback port. */
export async function startOutsideServer(options: { tls: boolean }): Promise<OutsideServer> {
  const received: Received[] = [];
  const answers: OutsideServer['answers'] = [];
  const identity = options.tls ? makeCertificate() : null;
  const server =
    identity === null
      ? createPlainServer()
      : createTlsServer({ key: identity.key, cert: identity.certificate });
  server.on('request', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
      const answer = answers.shift() ?? 200;
      if (answer === 'hang') return;
      if (typeof answer === 'number') response.writeHead(answer).end();
      else response.writeHead(answer.status, { location: answer.location }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  return {
    url: `${identity === null ? 'http' : 'https'}://${host}`,
    host,
    certificate: identity?.certificate ?? '',
    received,
    answers,
    async until(count, waitMs = 15_000) {
      const end = nodePorts.clock.nowMs() + waitMs;
      while (received.length < count) {
        if (nodePorts.clock.nowMs() > end) throw new Error(`${received.length} of ${count} requests came`);
        await new Promise<void>((resolve) => void nodePorts.timers.after(20, resolve));
      }
      return received;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Whether a webhook is signed with this secret, as a receiver checks it (Standard Webhooks). */
export function isSignedWith(secretText: string, received: Received): boolean {
  const secret = Buffer.from(secretText.replace(/^whsec_/, ''), 'base64');
  const id = String(received.headers['webhook-id']);
  const timestamp = String(received.headers['webhook-timestamp']);
  const expected = createHmac('sha256', secret)
    .update(`${id}.${timestamp}.`)
    .update(received.body)
    .digest('base64');
  return received.headers['webhook-signature'] === `v1,${expected}`;
}

/** A browser's side of web push: its keys, and what it makes of what arrives. */
export class TestBrowser {
  readonly #keys: ECDH = createECDH('prime256v1');
  readonly #auth = randomBytes(16);
  readonly #path: string;

  constructor() {
    this.#keys.generateKeys();
    this.#path = `/push/${randomBytes(8).toString('hex')}`;
  }

  subscription(service: OutsideServer): { endpoint: string; p256dh: string; auth: string } {
    return {
      endpoint: service.url + this.#path,
      p256dh: this.#keys.getPublicKey().toString('base64url'),
      auth: this.#auth.toString('base64url'),
    };
  }

  /** RFC 8291 §4 over RFC 8188 §2: one record, opened with nothing but node's own primitives. */
  open(received: Received): string {
    const { body } = received;
    const salt = body.subarray(0, 16);
    const idLength = body[20] ?? 0;
    const sender = body.subarray(21, 21 + idLength);
    const sealed = body.subarray(21 + idLength);
    const shared = this.#keys.computeSecret(sender);
    const keyInfo = Buffer.concat([Buffer.from('WebPush: info\0'), this.#keys.getPublicKey(), sender]);
    const ikm = Buffer.from(hkdfSync('sha256', shared, this.#auth, keyInfo, 32));
    const derive = (info: string, length: number): Buffer =>
      Buffer.from(hkdfSync('sha256', ikm, salt, `Content-Encoding: ${info}\0`, length));
    const decipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12));
    decipher.setAuthTag(sealed.subarray(-16));
    const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    return padded.subarray(0, padded.lastIndexOf(2)).toString();
  }
}

/** Whether a push is signed by this server's key for this push service (RFC 8292). */
export function isPushSignedBy(key: string, received: Received, service: OutsideServer): boolean {
  const given = /^vapid t=([^.]+)\.([^.]+)\.([^,]+), ?k=(.+)$/.exec(received.headers.authorization ?? '');
  if (given === null || given[4] !== key) return false;
  const [, head = '', claims = '', signature = ''] = given;
  const { aud, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
    aud: string;
    exp: number;
  };
  const point = Buffer.from(key, 'base64url');
  const publicKey = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  });
  const fits = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  return fits && aud === service.url && exp * 1000 > nodePorts.clock.nowMs();
}

/** A certificate for 127.0.0.1 that signs itself (RFC 5280), made anew for each test. */
function makeCertificate(): { key: string; certificate: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = (tag: number, ...parts: Buffer[]): Buffer => {
    const content = Buffer.concat(parts);
    const { length } = content;
    const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
    return Buffer.concat([Buffer.from([tag, ...size]), content]);
  };
  const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
  const time = (text: string): Buffer => der(0x17, Buffer.from(text));
  const ecdsaSha256 = der(0x30, oid('2a8648ce3d040302'));
  const name = der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from('127.0.0.1')))));
  const altName = der(0x30, oid('551d11'), der(0x04, der(0x30, der(0x87, Buffer.from([127, 0, 0, 1])))));
  const isCa = der(0x30, oid('551d13'), der(0x04, der(0x30, der(0x01, Buffer.from([255])))));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaSha256,
    name,
    der(0x30, time('200101000000Z'), time('491231235959Z')),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, der(0x30, altName, isCa)),
  );
  const signature = createSign('sha256').update(body).sign(privateKey);
  const whole = der(0x30, body, ecdsaSha256, der(0x03, Buffer.from([0]), signature));
  const text = whole.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
  };
}
