import { describe, expect, it } from 'vitest';
import { splitAnswer, withPrf } from './web-passkeys.ts';

const secret = new Uint8Array(32).fill(0xab);

describe('the answer of an authenticator', () => {
  it('goes to the server without the secret', () => {
    const answer = {
      id: 'credential',
      response: { signature: 'c2ln' },
      clientExtensionResults: {
        credProps: { rk: true },
        prf: { enabled: true, results: { first: secret.buffer } },
      },
    };
    const { response, prf } = splitAnswer(answer);
    expect(prf).toEqual(secret);
    expect(response).toEqual({
      id: 'credential',
      response: { signature: 'c2ln' },
      clientExtensionResults: { credProps: { rk: true }, prf: { enabled: true } },
    });
  });

  it('has its secret in whatever form the browser gives it', () => {
    const padded = new Uint8Array(40).fill(1);
    padded.set(secret, 8);
    for (const first of [secret, secret.buffer, padded.subarray(8), new DataView(padded.buffer, 8, 32)])
      expect(splitAnswer({ clientExtensionResults: { prf: { results: { first } } } }).prf).toEqual(secret);
  });

  it('has none where the authenticator gave none, or something else', () => {
    const none = [{}, { prf: {} }, { prf: { enabled: false } }, { prf: { results: {} } }];
    const wrong = [
      { prf: { results: { first: 'text' } } },
      { prf: { results: { first: new Uint8Array(31) } } },
    ];
    for (const clientExtensionResults of [...none, ...wrong])
      expect(splitAnswer({ clientExtensionResults }).prf).toBeNull();
    expect(splitAnswer({}).prf).toBeNull();
  });
});

it('asks for the secret beside the extensions that the server asks for', () => {
  const salt = new Uint8Array(32).fill(3);
  expect(withPrf({ challenge: 'x', extensions: { credProps: true } }, salt)).toEqual({
    challenge: 'x',
    extensions: { credProps: true, prf: { eval: { first: salt } } },
  });
});
