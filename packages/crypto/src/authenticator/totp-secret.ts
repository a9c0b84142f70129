import { type Bytes, type Rng, Secret } from '@baton/kernel';

/** RFC 4226 §4 R6: 160 bits. */
const TOTP_SECRET_BYTES = 20;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Secret of an authenticator app (RFC 6238: SHA-1, 30 s, six digits, as every app assumes). */
export function generateTotpSecret(rng: Rng): Secret<Bytes> {
  return Secret.of(rng.bytes(TOTP_SECRET_BYTES));
}

/** RFC 4648 §6 without padding: what people type into an app. */
export function encodeBase32(bytes: Bytes): string {
  let out = '';
  let accumulator = 0;
  let bits = 0;
  for (const byte of bytes) {
    accumulator = ((accumulator << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += BASE32[(accumulator >> bits) & 31];
    }
  }
  return bits > 0 ? out + BASE32[(accumulator << (5 - bits)) & 31] : out;
}

/** otpauth:// address for a QR code or a link. */
export function otpauthAddress(input: {
  readonly issuer: string;
  readonly login: string;
  readonly secret: Secret<Bytes>;
}): string {
  const issuer = encodeURIComponent(input.issuer);
  const login = encodeURIComponent(input.login);
  return `otpauth://totp/${issuer}:${login}?secret=${encodeBase32(input.secret.reveal())}&issuer=${issuer}`;
}
