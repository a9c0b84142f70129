import type { Argon2idPort } from '@baton/crypto';

/**
 * RFC 9106 in WebAssembly, some ten times as fast as the portable code. The module comes with the bundle, inline, and is fetched only when
 * somebody signs in with words; the page needs `'wasm-unsafe-eval'` for it.
 */
export const argon2idWasm: Argon2idPort = async (request) => {
  if (request.associatedData) throw new Error('Argon2id in WebAssembly takes no associated data.');
  const { argon2id } = await import('hash-wasm');
  return argon2id({
    password: request.password,
    salt: request.salt,
    iterations: request.t,
    memorySize: request.mKiB,
    parallelism: request.p,
    hashLength: request.length,
    outputType: 'binary',
    ...(request.secret ? { secret: request.secret } : {}),
  });
};
