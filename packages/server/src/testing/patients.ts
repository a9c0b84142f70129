import {
  type AccountId,
  type Bytes,
  concatBytes,
  decodeBase64Url,
  encodeBase64Url,
  encodeUtf8,
  newId,
} from '@baton/kernel';
import { hashObject, LABELS } from '@baton/ledger';
import { statementCodec } from '@baton/wire';
import { ristretto255_oprf } from '@noble/curves/ed25519.js';
import { nodePorts } from '../adapters/node-ports.ts';
import type { TestAccount, TestInvitation } from './organisation.ts';
import { type Answer, call, expectOk, type TestPractice } from './practice.ts';
import { makeKey, random, signBody } from './signing.ts';

const { digest, rng } = nodePorts;
const { oprf } = ristretto255_oprf;
const DAY_MS = 86_400_000;

/** A patient's link as its inviter has it. Its signing key is any: what it follows from is the client wing's business. */
export interface TestLink {
  readonly invitation: TestInvitation;
  readonly linkKey: Bytes;
  readonly code: string;
  /** Proof that somebody holds the link. */
  readonly proof: Bytes;
}

export interface LinkOptions {
  readonly account?: AccountId;
  readonly gen?: number;
  readonly job?: 'patient' | 'proxy';
  readonly lifeMs?: number;
}

/** A link whose statement is signed and not yet sent. */
export function makeLink(practice: TestPractice, author: TestAccount, options: LinkOptions = {}): TestLink {
  const key = makeKey();
  const invitation = newId('invitation', rng);
  const account = options.account ?? newId('account', rng);
  const gen = options.gen ?? 1;
  const ts = practice.org.now;
  const b = statementCodec.encode({
    v: 1,
    org: practice.org.org,
    ts,
    t: 'patient-invitation',
    invitation,
    account,
    gen,
    job: options.job ?? 'patient',
    pub: key.pub,
    notAfter: ts + (options.lifeMs ?? 7 * DAY_MS),
    author: author.account,
    dk: author.device.dk,
  });
  return {
    invitation: {
      invitation,
      account,
      kind: 'patient',
      gen,
      key,
      statement: signBody(author.device.key, LABELS.statement, b),
      hash: hashObject(digest, LABELS.statement, b),
    },
    linkKey: oprf.generateKeyPair().secretKey,
    code: '271828',
    proof: random(32),
  };
}

export function putLink(
  practice: TestPractice,
  author: TestAccount,
  link: TestLink,
  changes: { linkKey?: Bytes; holder?: Bytes } = {},
): Promise<Answer> {
  const { linkKey = link.linkKey, holder = digest(link.proof) } = changes;
  return call(practice.server.url, 'PUT', `/v1/patient-links/${link.invitation.invitation}`, {
    token: author.token,
    body: { linkKey: encodeBase64Url(linkKey), holder: encodeBase64Url(holder) },
  });
}

/** Signs, publishes and hands over the link key, as an inviter's device does. */
export async function invitePatient(
  practice: TestPractice,
  author: TestAccount,
  options: LinkOptions = {},
): Promise<TestLink> {
  const link = makeLink(practice, author, options);
  await practice.append([link.invitation.statement], author);
  await expectOk(putLink(practice, author, link));
  return link;
}

/** One try of a code; `output` is F where the server answered. */
export async function tryCode(
  url: string,
  link: TestLink,
  options: { code?: string; proof?: Bytes; blinded?: Bytes } = {},
): Promise<{ answer: Answer; output: Bytes | null; triesLeft: number | null }> {
  const input = codeInput(link, options.code ?? link.code);
  const { blind, blinded } = oprf.blind(input);
  const answer = await call(url, 'POST', `/v1/patient-links/${link.invitation.invitation}`, {
    body: {
      blinded: encodeBase64Url(options.blinded ?? blinded),
      proof: encodeBase64Url(options.proof ?? link.proof),
    },
  });
  if (answer.status !== 200) return { answer, output: null, triesLeft: null };
  const { evaluated, triesLeft } = answer.body as { evaluated: string; triesLeft: number };
  const output = oprf.finalize(input, blind, decodeBase64Url(evaluated) ?? new Uint8Array());
  return { answer, output, triesLeft };
}

/** What whoever has link key and code gets by themselves. */
export function outputOf(link: TestLink, code = link.code): Bytes {
  const input = codeInput(link, code);
  const { blind, blinded } = oprf.blind(input);
  return oprf.finalize(input, blind, oprf.blindEvaluate(link.linkKey, blinded));
}

function codeInput(link: TestLink, code: string): Bytes {
  const zero = Uint8Array.of(0);
  return concatBytes(
    encodeUtf8('sg/link-code/v1'),
    zero,
    encodeUtf8(link.invitation.invitation),
    zero,
    encodeUtf8(code),
  );
}

/** The claim that a link's holder sends. */
export function claimBody(
  practice: TestPractice,
  link: TestLink,
  options: Parameters<TestPractice['org']['accept']>[1] = {},
): ReturnType<TestPractice['org']['accept']> {
  return practice.org.accept(link.invitation, options);
}

export function sendClaim(url: string, link: TestLink, claim: Record<string, unknown>): Promise<Answer> {
  return call(url, 'POST', `/v1/invitations/${link.invitation.invitation}/claim`, { body: claim });
}

/** A patient who has come in by a link of `author`. */
export async function admitPatient(
  practice: TestPractice,
  author: TestAccount,
  options: LinkOptions = {},
): Promise<TestAccount> {
  const link = await invitePatient(practice, author, options);
  const { member, claim } = claimBody(practice, link);
  const session = await expectOk<{ token: string }>(sendClaim(practice.server.url, link, claim));
  member.token = session.token;
  return member;
}
