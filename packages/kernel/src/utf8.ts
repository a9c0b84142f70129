import type { Bytes } from './bytes.ts';

// Node and browsers both offer these (Encoding Standard); the plain ES library that this package is compiled with does not name them.
interface EncodingGlobals {
  TextEncoder: new () => { encode(text: string): Bytes };
  TextDecoder: new (
    label: string,
    options: { fatal: boolean; ignoreBOM: boolean },
  ) => { decode(bytes: Bytes): string };
}
const globals = globalThis as unknown as EncodingGlobals;
const encoder = new globals.TextEncoder();
const decoder = new globals.TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8; a lone surrogate becomes U+FFFD as the Encoding Standard says. */
export function encodeUtf8(text: string): Bytes {
  return encoder.encode(text);
}

/** Strict UTF-8; `null` where the bytes are not well-formed. */
export function decodeUtf8(bytes: Bytes): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
