import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHmac,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
} from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Bytes, concatBytes } from '@baton/kernel';

/** Keys of this installation, in `<dataDir>/server-keys`, 0600. They protect no content: the server has none. */
export interface ServerKeys {
  /** Ed25519 public key that org statements name; signs receipts, tree heads and audit checkpoints. */
  readonly publicKey: Bytes;
  sign(message: Bytes): Promise<Bytes>;
  /** AES-256-GCM under the at-rest key, for authenticator secrets and telephone numbers: a stolen database alone has neither. */
  sealAtRest(plain: Bytes, context: string): Bytes;
  /** null where the bytes do not belong to this key and context. */
  openAtRest(sealed: Bytes, context: string): Bytes | null;
  /** P-256 key pair by which push services know this server (VAPID, RFC 8292): 65 and 32 bytes. */
  readonly push: { readonly publicKey: Bytes; readonly privateKey: Bytes };
  /** Keyed hash for rate-limit keys, so that their table names nobody. */
  pseudonym(text: string): string;
}

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export function openServerKeys(dataDir: string): ServerKeys {
  const folder = join(dataDir, 'server-keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const seed = readOrMake(join(folder, 'signing'));
  const atRest = readOrMake(join(folder, 'at-rest'));
  const push = readOrMake(join(folder, 'push'));
  const pushPair = createECDH('prime256v1');
  // Any 32 bytes are a key but for one in four billion, which this refuses.
  pushPair.setPrivateKey(push);
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    publicKey: new Uint8Array(spki.subarray(-32)),
    // At once, not on the thread pool: a batch's receipt would wait there behind the signatures of the next batch's messages.
    sign: async (message) => new Uint8Array(sign(null, message, privateKey)),
    sealAtRest(plain, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', atRest, nonce).setAAD(Buffer.from(context));
      return concatBytes(nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag());
    },
    openAtRest(sealed, context) {
      if (sealed.length < 28) return null;
      const decipher = createDecipheriv('aes-256-gcm', atRest, sealed.subarray(0, 12))
        .setAAD(Buffer.from(context))
        .setAuthTag(sealed.subarray(-16));
      try {
        return concatBytes(decipher.update(sealed.subarray(12, -16)), decipher.final());
      } catch {
        return null;
      }
    },
    push: { publicKey: new Uint8Array(pushPair.getPublicKey()), privateKey: new Uint8Array(push) },
    pseudonym: (text) => createHmac('sha256', atRest).update(text).digest('base64url'),
  };
}

/** 32 random bytes, made once: complete and flushed before the file has its name; whoever comes second takes the first one's. */
function readOrMake(path: string): Buffer {
  try {
    return readKey(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const unfinished = `${path}.${process.pid}`;
  rmSync(unfinished, { force: true });
  const file = openSync(unfinished, 'wx', 0o600);
  try {
    writeSync(file, randomBytes(32));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(unfinished, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
  return readKey(path);
}

function readKey(path: string): Buffer {
  const key = readFileSync(path);
  if (key.length !== 32) throw new Error(`${path} is damaged: restore it from your backup`);
  return key;
}
