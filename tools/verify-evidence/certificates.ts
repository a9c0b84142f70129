import { Fault } from './fault.ts';
import { hex, isObjectSignedBy, objectHash } from './primitives.ts';
import { type KeyLog, openSigned } from './key-log.ts';

const STEP = 4;
/** Clocks of devices differ from the server's. */
export const SLACK_MS = 15 * 60_000;

export interface Certificate {
  readonly account: string;
  /** Generation of the account's identity key that signed it. */
  readonly accountGen: number;
  readonly device: string;
  readonly pub: Uint8Array;
  readonly label: string;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Device certificates by hash, each signed by its account's identity key. */
export function readCertificates(raws: readonly Uint8Array[], log: KeyLog): ReadonlyMap<string, Certificate> {
  const found = new Map<string, Certificate>();
  for (const [index, raw] of raws.entries()) {
    const at = `certificates[${index}]`;
    const signed = openSigned(raw, { step: STEP, at });
    const { body } = signed;
    if (body.text('t') !== 'device' || body.text('org') !== log.org)
      throw new Fault(STEP, at, 'is no device certificate of this organisation');
    const account = body.text('account');
    const key = log.accounts.get(account)?.keys.get(body.whole('accountGen'));
    if (key === undefined) throw new Fault(STEP, at, "its account's identity is not in the file");
    if (!isObjectSignedBy(key.pub, 'sg/device/v1', signed))
      throw new Fault(STEP, at, "is not signed by its account's identity key");
    found.set(hex(objectHash('sg/device/v1', signed.b)), {
      account,
      accountGen: body.whole('accountGen'),
      device: body.text('device'),
      pub: body.bytes('pub', 32),
      label: body.text('label'),
      notBefore: body.whole('notBefore'),
      notAfter: body.whole('notAfter'),
    });
  }
  return found;
}

/** The certificate that an object names, good for its author at that time. */
export function requireCertificate(
  book: { readonly certificates: ReadonlyMap<string, Certificate>; readonly log: KeyLog },
  wanted: { readonly dk: Uint8Array; readonly account: string; readonly atMs: number },
  place: { readonly step: number; readonly at: string },
): Certificate {
  const certificate = book.certificates.get(hex(wanted.dk));
  if (certificate === undefined)
    throw new Fault(place.step, place.at, "its author's certificate is not in the file");
  if (certificate.account !== wanted.account)
    throw new Fault(place.step, place.at, 'names the certificate of somebody else');
  if (wanted.atMs < certificate.notBefore - SLACK_MS || wanted.atMs >= certificate.notAfter + SLACK_MS)
    throw new Fault(place.step, place.at, 'was written outside the time of its certificate');
  const revoked = book.log.revocations.some(
    ({ account, device, ts }) =>
      account === certificate.account &&
      (device === null || device === certificate.device) &&
      ts <= wanted.atMs &&
      // "All devices" ends those that were there.
      (device !== null || certificate.notBefore <= ts),
  );
  if (revoked) throw new Fault(place.step, place.at, 'was written by a device that had been revoked');
  // A new identity ends the devices of the one before: a lost phone writes for nobody any more.
  const isReplaced = [...(book.log.accounts.get(certificate.account)?.keys ?? [])].some(
    ([gen, { ts }]) => gen > certificate.accountGen && ts + SLACK_MS <= wanted.atMs,
  );
  if (isReplaced) throw new Fault(place.step, place.at, 'was written with keys that had been replaced');
  return certificate;
}
