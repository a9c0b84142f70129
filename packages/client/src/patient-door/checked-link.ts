import {
  blindLinkCode,
  CryptoError,
  invitationSigningKey,
  linkHolderProof,
  type PatientLink,
  parseLinkCode,
  parsePatientFragment,
  patientLinkSecret,
  type Primitives,
  type SigningKey,
} from '@baton/crypto';
import {
  type Bytes,
  decodeBase64Url,
  encodeBase64Url,
  equalBytes,
  type Rng,
  type Secret,
} from '@baton/kernel';
import { checkPatientInvitationChain, type PatientInvitationChain } from '@baton/ledger';
import { linkEvaluation, patientLinkInfo, type PatientLinkInfo } from '@baton/wire';
import type { PatientLinkPreview } from '../api/patient-door.ts';
import { ClientError } from '../failure.ts';
import type { Rest } from '../rest/rest.ts';

export interface LinkPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly rest: Rest;
}

/** A link whose chain from the pinned root was checked; the code has not been asked for yet. */
export interface CheckedLink {
  readonly link: PatientLink;
  readonly chain: PatientInvitationChain;
  readonly info: PatientLinkInfo;
}

/** After the right code: what claims. */
export interface OpenedLink extends CheckedLink {
  readonly secret: Secret<Bytes>;
  readonly key: SigningKey;
}

/**
 * Checks that a person of the organisation whose hash the link carries made this invitation: a server cannot invite a patient to a practice
 * of its own (patients.md §2).
 */
export async function checkLink(ports: LinkPorts, fragment: string): Promise<CheckedLink> {
  const link = parsePatientFragment(fragment);
  if (!link)
    throw new ClientError('request.invalid', 'link', {
      sentence: 'This link is not complete. Ask the practice to send it again.',
    });
  const info = await ports.rest.call({
    method: 'GET',
    path: `/patient-links/${link.invitation}`,
    answer: patientLinkInfo,
  });
  const { sha256: digest, verifyEd25519: verify } = ports.primitives;
  const proof = {
    statements: info.statements.map((text) => bytesIn(text, 'statements')),
    certificate: bytesIn(info.certificate, 'certificate'),
  };
  // Whether it is in time is for `previewOf` to say: one that is over is shown as such.
  const chain = await checkPatientInvitationChain(proof, { digest, verify, root: link.root, atMs: 0 });
  if (!chain.ok) throw new ClientError(chain.error.code, `invitation.${chain.error.at}`);
  if (chain.value.invitation.invitation !== link.invitation)
    throw new ClientError('ledger.wrong_purpose', 'invitation');
  return { link, chain: chain.value, info };
}

export function previewOf({ chain, info }: CheckedLink): Omit<PatientLinkPreview, 'othersHere'> {
  return {
    orgName: chain.org.name,
    claimed: info.claimed,
    expired: info.serverTime >= chain.invitation.notAfter,
    replacesKeys: chain.invitation.gen > 1,
    triesLeft: info.triesLeft,
  };
}

/**
 * One try: the server evaluates the blinded code and learns neither the code nor whether it was right. A wrong code gives other keys than
 * those of the invitation; that is seen here alone. `opened` is null for it.
 */
export async function tryLinkCode(
  ports: LinkPorts,
  checked: CheckedLink,
  typed: string,
): Promise<{ readonly opened: OpenedLink | null; readonly triesLeft: number }> {
  const { primitives, rng, rest } = ports;
  const { link, chain } = checked;
  const { invitation, s } = link;
  const code = parseLinkCode(typed);
  // What cannot be a code costs no try.
  if (!code) throw new ClientError('request.invalid', 'code', { sentence: 'The code has six digits.' });
  const { blinded, finish } = blindLinkCode(rng, { invitation, code });
  const answer = await rest.call({
    method: 'POST',
    path: `/patient-links/${invitation}`,
    body: {
      blinded: encodeBase64Url(blinded),
      proof: encodeBase64Url(await linkHolderProof(primitives, { invitation, s })),
    },
    answer: linkEvaluation,
  });
  const { triesLeft } = answer;
  try {
    const output = finish(bytesIn(answer.evaluated, 'evaluated'));
    const secret = await patientLinkSecret(primitives, { invitation, s, output });
    const key = await invitationSigningKey(primitives, secret);
    const fits = equalBytes(key.publicKey, chain.invitation.pub);
    return { opened: fits ? { ...checked, secret, key } : null, triesLeft };
  } catch (error) {
    if (error instanceof CryptoError) throw new ClientError('ledger.bad_proof', 'evaluated');
    throw error;
  }
}

function bytesIn(text: string, at: string): Bytes {
  const bytes = decodeBase64Url(text);
  if (!bytes) throw new ClientError('wire.malformed', `link.${at}`);
  return bytes;
}
