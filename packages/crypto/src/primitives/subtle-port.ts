/**
 * The slice of W3C WebCrypto that this package calls, declared structurally because the package is compiled without DOM or Node types.
 * `globalThis.crypto.subtle` of a browser and of Node fits as it is.
 */

/** Bytes over a plain (not shared) buffer: what WebCrypto accepts and returns. */
export type BufferBytes = Uint8Array<ArrayBuffer>;

/** `{ name, ...parameters }` as the algorithm's section of the WebCrypto specification says. */
export type AlgorithmPort = object | string;

/** A WebCrypto key handle. Opaque: only the runtime that made it can use it; IndexedDB can store it. */
export interface CryptoKeyPort {
  readonly type: string;
  readonly extractable: boolean;
}

export interface CryptoKeyPairPort {
  readonly publicKey: CryptoKeyPort;
  readonly privateKey: CryptoKeyPort;
}

/** Methods, not function properties, so that a runtime's narrower parameter types still fit. */
export interface SubtlePort {
  importKey(
    format: 'raw' | 'pkcs8',
    data: BufferBytes,
    algorithm: AlgorithmPort,
    extractable: boolean,
    usages: string[],
  ): Promise<CryptoKeyPort>;
  exportKey(format: 'raw', key: CryptoKeyPort): Promise<ArrayBuffer>;
  generateKey(
    algorithm: AlgorithmPort,
    extractable: boolean,
    usages: string[],
  ): Promise<CryptoKeyPort | CryptoKeyPairPort>;
  sign(algorithm: AlgorithmPort, key: CryptoKeyPort, data: BufferBytes): Promise<ArrayBuffer>;
  verify(
    algorithm: AlgorithmPort,
    key: CryptoKeyPort,
    signature: BufferBytes,
    data: BufferBytes,
  ): Promise<boolean>;
  encrypt(algorithm: AlgorithmPort, key: CryptoKeyPort, data: BufferBytes): Promise<ArrayBuffer>;
  decrypt(algorithm: AlgorithmPort, key: CryptoKeyPort, data: BufferBytes): Promise<ArrayBuffer>;
  deriveBits(algorithm: AlgorithmPort, key: CryptoKeyPort, lengthBits: number): Promise<ArrayBuffer>;
}

/**
 * What runtimes with ML-KEM add (WICG "Modern Algorithms in the Web Cryptography API"). Type libraries do not name these yet, so the
 * port is narrowed to this interface once, after asking whether the methods are there.
 */
export interface ModernSubtlePort {
  importKey(
    format: 'raw-public' | 'raw-seed',
    data: BufferBytes,
    algorithm: AlgorithmPort,
    extractable: boolean,
    usages: string[],
  ): Promise<CryptoKeyPort>;
  exportKey(format: 'raw-public', key: CryptoKeyPort): Promise<ArrayBuffer>;
  getPublicKey?(privateKey: CryptoKeyPort, usages: string[]): Promise<CryptoKeyPort>;
  encapsulateBits(
    algorithm: AlgorithmPort,
    publicKey: CryptoKeyPort,
  ): Promise<{ readonly sharedKey: ArrayBuffer; readonly ciphertext: ArrayBuffer }>;
  decapsulateBits(
    algorithm: AlgorithmPort,
    privateKey: CryptoKeyPort,
    ciphertext: BufferBytes,
  ): Promise<ArrayBuffer>;
}

/** The port with the modern methods, or `null` where the runtime lacks them. */
export function modernSubtle(subtle: SubtlePort): ModernSubtlePort | null {
  const candidate = subtle as unknown as Partial<ModernSubtlePort>;
  if (typeof candidate.encapsulateBits !== 'function' || typeof candidate.decapsulateBits !== 'function')
    return null;
  return candidate as ModernSubtlePort;
}

/** The same port, for the one format that is no bytes. */
export function jwkSubtle(subtle: SubtlePort): {
  exportKey(format: 'jwk', key: CryptoKeyPort): Promise<{ readonly x?: string }>;
} {
  return subtle as unknown as ReturnType<typeof jwkSubtle>;
}

/** WebCrypto refuses views of shared memory (another thread could change them meanwhile): those are copied first. */
export function bufferBytes(bytes: Uint8Array): BufferBytes {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as BufferBytes) : new Uint8Array(bytes);
}
