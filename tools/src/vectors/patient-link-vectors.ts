import { evaluateLinkCode, makePatientLink, wordsLogin } from '@baton/crypto';
import { encodeHex, Secret } from '@baton/kernel';
import { portsFrom, type SealedVectorFile } from './sealed-ground.ts';

const RECOVERY_WORDS = 'legal winner thank year wave sausage worth useful legal winner thank yellow';

/** Patient links with their codes and keys (docs/protocol/patients.md §2), and the login name of recovery words. */
export async function patientLinkFile(): Promise<SealedVectorFile> {
  const cases = await Promise.all(
    [70, 80].map(async (start) => {
      const ports = await portsFrom(start);
      const { invitation, s, code, linkKey, holder, secret } = await makePatientLink(ports);
      const output = evaluateLinkCode(ports.rng, { invitation, code, linkKey });
      return {
        invitation,
        s: encodeHex(s.reveal()),
        code: code.reveal(),
        linkKey: encodeHex(linkKey.reveal()),
        holder: encodeHex(holder),
        output: encodeHex(output.reveal()),
        secret: encodeHex(secret.reveal()),
        words: RECOVERY_WORDS,
        login: wordsLogin(ports.primitives, Secret.of(RECOVERY_WORDS)),
      };
    }),
  );
  return {
    section: 'patients.md §2, sealing.md §9',
    note: 'holder: hash of the proof that s is held; output: F of code and link key; secret: x; login: of the recovery words',
    cases,
  };
}
