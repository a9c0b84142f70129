import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import pg from 'pg';
import type { LoadResult } from './load.ts';
import { forkScript, runLoad } from './processes.ts';

/** The bare relay, running: the limit for accepts a second. */
export interface Relay {
  /** `senders` closed-loop senders of `each` messages whose bodies are `bodyBytes` long. */
  measure(load: { senders: number; each: number; bodyBytes: number }): Promise<LoadResult>;
  /** Rows in its database. */
  countRows(): Promise<number>;
  stop(): Promise<void>;
}

export async function startRelay(options: { databaseUrl: string; folder: string }): Promise<Relay> {
  const { child, message } = await forkScript<{ port: number }>('bare-relay.ts', [options.databaseUrl]);
  const database = new pg.Client(options.databaseUrl);
  await database.connect();
  const pair = generateKeyPairSync('ed25519');
  const publicRaw = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x as string, 'base64url');
  return {
    measure({ senders: count, each, bodyBytes }) {
      const senders = Array.from({ length: count }, () => ({
        url: `ws://127.0.0.1:${message.port}`,
        headers: {},
        hello: null,
        frames: makeFrames({ key: pair.privateKey, publicRaw, count: each, bodyBytes }),
      }));
      return runLoad({ senders, listeners: [], ackMark: '', failMark: '' }, options.folder);
    },
    async countRows() {
      const { rows } = await database.query<{ n: number }>('SELECT count(*)::integer AS n FROM items');
      return rows[0]?.n ?? 0;
    },
    async stop() {
      await database.end();
      child.disconnect();
    },
  };
}

function makeFrames(input: {
  key: KeyObject;
  publicRaw: Buffer;
  count: number;
  bodyBytes: number;
}): string[] {
  const conv = `c_${randomBytes(16).toString('base64url')}`;
  return Array.from({ length: input.count }, () => {
    const body = randomBytes(input.bodyBytes);
    const id = `m_${randomBytes(16).toString('base64url')}`;
    return Buffer.concat([
      Buffer.from(conv + id, 'latin1'),
      input.publicRaw,
      sign(null, body, input.key),
      body,
    ]).toString('base64');
  });
}
