import { createECDH } from 'node:crypto';
import { decodeBase64Url } from '@baton/kernel';

/** An uncompressed point on P-256 (RFC 8291 §2.1). */
export function isPushKey(text: string): boolean {
  const key = decodeBase64Url(text);
  if (key === null || key.length !== 65 || key[0] !== 4) return false;
  try {
    const probe = createECDH('prime256v1');
    probe.generateKeys();
    probe.computeSecret(key);
    return true;
  } catch {
    return false;
  }
}
