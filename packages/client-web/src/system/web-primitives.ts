import { createPrimitives, type Primitives, type SubtlePort } from '@baton/crypto';
import { argon2idWasm } from './argon2id-wasm.ts';
import { webRng } from './system-ports.ts';

/** The protocol's primitives over the page's WebCrypto. Rejects outside a secure context, where browsers withhold it. */
export async function createWebPrimitives(): Promise<Primitives> {
  const subtle = globalThis.crypto?.subtle as SubtlePort | undefined;
  if (subtle === undefined) {
    throw new Error('This page is not a secure context: open it over https, or on localhost.');
  }
  return createPrimitives({ subtle, rng: webRng, argon2id: argon2idWasm });
}
