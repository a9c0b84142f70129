import { type Bytes, equalBytes, ok, type Result, type TimestampMs } from '@baton/kernel';
import { boxCodec, type Entry, entryCodec } from '@baton/wire';
import { type CheckedCertificate, checkCertificate } from './certificate.ts';
import { claimProofInput, hashBox } from './hashing.ts';
import { keyLogRoot } from './keylog/lookups.ts';
import { type KeyLogState, keyLogOrg } from './keylog/state.ts';
import { LABELS } from './labels.ts';
import { type LedgerError, refuse } from './ledger-error.ts';
import type { Digest, Verify } from './ports.ts';
import { checkSignature, type OpenedSigned, openSigned } from './signed-check.ts';

export interface CheckedEntry {
  readonly entry: Entry;
  /** What the next entry names as `prev`, and headers as `logHead`. */
  readonly hash: Bytes;
  readonly certificate: CheckedCertificate;
}

export interface EntryCheck {
  readonly verify: Verify;
  /** The author's Signed certificate, by the hash that the entry names as `dk`. */
  readonly certificate: Bytes;
  /**
   * `history` judges the author by the key log that the entry names, at the entry's own time (replaying a log). `newest` does the same and
   * then judges by everything known now, at `atMs` (accepting a new entry, on the server or live on a device): what is accepted must hold
   * for every later reader as well.
   */
  readonly asOf: 'history' | 'newest';
  /** Moment of acceptance for `newest`; left out, the entry's own time. */
  readonly atMs?: TimestampMs;
}

/** Decodes a Signed entry; its signature is not checked. */
export function openEntry(digest: Digest, signedEntry: Bytes): Result<OpenedSigned<Entry>, LedgerError> {
  return openSigned(digest, signedEntry, { label: LABELS.entry, codec: entryCodec });
}

/**
 * An entry's authorship: certificate, signature, organisation, and that the key log the author saw is a prefix of ours. Where ours is
 * shorter the answer is `ledger.bad_proof` at `keylog.size`: fetch the key log and ask again. Whether the author was allowed to do it is
 * for policy/membership.
 */
export async function checkEntrySignature(
  state: KeyLogState,
  signedEntry: Bytes,
  check: EntryCheck,
): Promise<Result<CheckedEntry, LedgerError>> {
  const opened = openEntry(state.digest, signedEntry);
  if (!opened.ok) return opened;
  const { body: entry, hash, signed } = opened.value;
  if (entry.org !== keyLogOrg(state)) return refuse('ledger.wrong_purpose', 'org');
  const root = keyLogRoot(state, entry.keylog.size);
  if (root === null) return refuse('ledger.bad_proof', 'keylog.size');
  if (!equalBytes(root, entry.keylog.root)) return refuse('ledger.fork', 'keylog.root');
  const { verify } = check;
  const checked = await checkCertificate(state, check.certificate, {
    verify,
    atMs: entry.ts,
    size: entry.keylog.size,
  });
  if (!checked.ok) return checked;
  if (check.asOf === 'newest') {
    const now = await checkCertificate(state, check.certificate, { verify, atMs: check.atMs ?? entry.ts });
    if (!now.ok) return now;
  }
  if (!equalBytes(checked.value.hash, entry.dk)) return refuse('ledger.unknown_signer', 'dk');
  if (checked.value.certificate.account !== entry.author) return refuse('ledger.wrong_purpose', 'author');
  const signature = await checkSignature(
    {
      digest: state.digest,
      verify: check.verify,
      label: LABELS.entry,
      publicKey: checked.value.certificate.pub,
    },
    signed.b,
    signed.s,
  );
  if (!signature.ok) return signature;
  return ok({ entry, hash, certificate: checked.value });
}

/** The end of a conversation's membership log, as far as chaining goes. */
export interface ChainHead {
  readonly conv: Entry['conv'];
  readonly n: number;
  readonly hash: Bytes;
  readonly gen: number;
  /** Key-log size that the head's author saw: a later author saw no less. */
  readonly keylogSize: number;
}

/** Whether an entry follows the head (null: none yet). A wrong position or predecessor is `ledger.bad_chain`; the caller decides if it is a fork. */
export function checkEntryChain(entry: Entry, head: ChainHead | null): Result<null, LedgerError> {
  if (head === null) {
    if (entry.n !== 0) return refuse('ledger.bad_chain', 'n');
    if (entry.prev !== null) return refuse('ledger.bad_chain', 'prev');
    if (entry.gen !== 1) return refuse('ledger.bad_chain', 'gen');
    return entry.link === null ? ok(null) : refuse('ledger.bad_chain', 'link');
  }
  if (entry.conv !== head.conv) return refuse('ledger.bad_chain', 'conv');
  if (entry.n !== head.n + 1) return refuse('ledger.bad_chain', 'n');
  if (entry.prev === null || !equalBytes(entry.prev, head.hash)) return refuse('ledger.bad_chain', 'prev');
  if (entry.gen !== head.gen && entry.gen !== head.gen + 1) return refuse('ledger.bad_chain', 'gen');
  if ((entry.link !== null) !== (entry.gen !== head.gen)) return refuse('ledger.bad_chain', 'link');
  // Going back in the key log would let an author choose a moment at which a since revoked key was good.
  if (entry.keylog.size < head.keylogSize) return refuse('ledger.rollback', 'keylog.size');
  return ok(null);
}

/** Whether the encoded boxes are exactly those that the entry's recipients name, in their order. */
export function checkBoxes(digest: Digest, entry: Entry, boxes: readonly Bytes[]): Result<null, LedgerError> {
  if (boxes.length !== entry.recipients.length) return refuse('ledger.bad_proof', 'boxes');
  for (const [index, bytes] of boxes.entries()) {
    const recipient = entry.recipients[index];
    const box = boxCodec.decode(bytes);
    if (!box.ok) return refuse(box.error.code, `boxes.${index}`);
    const { conv, gen, to, g } = box.value;
    if (conv !== entry.conv || gen !== entry.gen || to !== recipient?.m || g !== recipient.g)
      return refuse('ledger.wrong_purpose', `boxes.${index}`);
    if (!equalBytes(hashBox(digest, bytes), recipient.b)) return refuse('ledger.bad_proof', `boxes.${index}`);
  }
  return ok(null);
}

/** The invitation key's signature in a `claim` entry; `sigPub` is what the `invite` entry named. */
export async function checkClaimProof(
  ports: { readonly digest: Digest; readonly verify: Verify },
  entry: Entry,
  sigPub: Bytes,
): Promise<Result<null, LedgerError>> {
  const { op, conv, prev, dk } = entry;
  if (op.op !== 'claim' || prev === null) return refuse('ledger.wrong_purpose', 'op');
  const { invitation, account, proof } = op;
  const message = claimProofInput(ports.digest, { conv, prev, invitation, account, dk });
  return (await ports.verify(sigPub, message, proof)) ? ok(null) : refuse('ledger.bad_signature', 'op.proof');
}
