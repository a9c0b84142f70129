import { describe, expect, it } from 'vitest';
import { ALL_ALGORITHMS, subtle } from './fixtures/runtimes.ts';
import { detectRuntimeSupport } from './runtime-support.ts';
import type { SubtlePort } from './subtle-port.ts';

type Method = (...args: never[]) => Promise<unknown>;

/** The real runtime with some methods replaced, as a runtime would be that is incomplete or wrong. */
function runtimeWith(replaced: Record<string, Method | undefined>): SubtlePort {
  return new Proxy(subtle, {
    get(target, property) {
      if (typeof property === 'string' && property in replaced) return replaced[property];
      const method = Reflect.get(target, property) as Method;
      return method.bind(target);
    },
  });
}

const refuse: Method = () => Promise.reject(new Error('NotSupportedError'));

describe('what a runtime is asked for', () => {
  it('finds everything native in the Node that the project pins', async () => {
    const support = await detectRuntimeSupport(subtle, []);
    expect(support).toEqual(Object.fromEntries(ALL_ALGORITHMS.map((algorithm) => [algorithm, 'native'])));
  });

  it('leaves out what it is told to leave out', async () => {
    for (const algorithm of ALL_ALGORITHMS) {
      const support = await detectRuntimeSupport(subtle, [algorithm]);
      expect(Object.entries(support).filter(([, which]) => which === 'portable')).toEqual([
        [algorithm, 'portable'],
      ]);
    }
  });

  it('falls back where the runtime refuses, lacks a method, or gives a wrong answer', async () => {
    const wrongBits: Method = async () => new Uint8Array(32).buffer;
    expect(await detectRuntimeSupport(runtimeWith({ importKey: refuse }), [])).toEqual(
      Object.fromEntries(ALL_ALGORITHMS.map((algorithm) => [algorithm, 'portable'])),
    );
    expect(await detectRuntimeSupport(runtimeWith({ encapsulateBits: undefined }), [])).toMatchObject({
      mlKem768: 'portable',
      x25519: 'native',
    });
    expect(await detectRuntimeSupport(runtimeWith({ getPublicKey: undefined }), [])).toMatchObject({
      mlKem768: 'portable',
    });
    expect(await detectRuntimeSupport(runtimeWith({ deriveBits: wrongBits }), [])).toMatchObject({
      x25519: 'portable',
      hkdf: 'portable',
      ed25519: 'native',
    });
    expect(await detectRuntimeSupport(runtimeWith({ verify: async () => false }), [])).toMatchObject({
      ed25519: 'portable',
    });
  });
});
