import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { LoadResult } from './load.ts';
import { forkScript, runLoad } from './processes.ts';

/** Measures the bare relay with `senders` closed-loop senders of `each` messages whose bodies are `bodyBytes` long. */
export async function measureRelay(input: {
  databaseUrl: string;
  folder: string;
  senders: number;
  each: number;
  bodyBytes: number;
}): Promise<LoadResult> {
  const { child, message } = await forkScript<{ port: number }>('bare-relay.ts', [input.databaseUrl]);
  try {
    const key = generateKeyPairSync('ed25519');
    const publicRaw = Buffer.from(key.publicKey.export({ format: 'jwk' }).x as string, 'base64url');
    const senders = Array.from({ length: input.senders }, () => ({
      url: `ws://127.0.0.1:${message.port}`,
      headers: {},
      hello: null,
      frames: makeFrames({ key: key.privateKey, publicRaw, count: input.each, bodyBytes: input.bodyBytes }),
    }));
    return await runLoad({ senders, ackMark: '', failMark: '' }, input.folder);
  } finally {
    child.disconnect();
  }
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
