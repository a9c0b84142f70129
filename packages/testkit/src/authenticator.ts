import { createHmac } from 'node:crypto';
import { decodeBase32 } from './base32.ts';

/** What an authenticator app shows now, `step` half minutes later: RFC 6238 with SHA-1, 30 s, six digits. */
export function totp(secret: string, step = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + step));
  const mac = createHmac('sha1', decodeBase32(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}
