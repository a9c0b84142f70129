import {
  type ConversationId,
  encodeBase64Url,
  type MemberId,
  type MessageId,
  newId,
  type RoleId,
} from '@baton/kernel';
import { emptyRoot, entryCoreHash, hashBox, hashObject, hashSealed, LABELS } from '@baton/ledger';
import {
  boxCodec,
  CUSTODIAN,
  type Entry,
  type EntryOp,
  entryCodec,
  type EnvelopeHeader,
  envelopeHeaderCodec,
  putHeaderCodec,
  type RecipientId,
  sealedCodec,
} from '@baton/wire';
import { nodePorts } from '../adapters/node-ports.ts';
import type { TestAccount, TestOrganisation } from './organisation.ts';
import { random, signBody, signSealed } from './signing.ts';

const { digest, rng } = nodePorts;

export interface TestRecipient {
  readonly m: RecipientId;
  readonly g: number;
  readonly h: boolean;
}

export interface SignedEntry {
  readonly b: Uint8Array;
  readonly boxes: Uint8Array[];
  readonly hash: Uint8Array;
}

/** A conversation as a client knows it: enough to write the next entry, envelope or put. */
export class TestConversation {
  readonly conv: ConversationId;
  readonly #org: TestOrganisation;
  n = -1;
  head: Uint8Array | null = null;
  gen = 0;
  keylog: { size: number; root: Uint8Array } = { size: 0, root: emptyRoot(digest) };

  constructor(org: TestOrganisation, conv: ConversationId = newId('conversation', rng)) {
    this.#org = org;
    this.conv = conv;
  }

  /** Builds the next entry; `accepted` moves the conversation on. */
  entry(
    author: TestAccount,
    op: EntryOp,
    options: { recipients: readonly TestRecipient[]; newGeneration: boolean; as?: RoleId },
  ): SignedEntry {
    const gen = this.gen + (options.newGeneration ? 1 : 0);
    const entry: Entry = {
      v: 1,
      t: 'entry',
      org: this.#org.org,
      conv: this.conv,
      n: this.n + 1,
      prev: this.head,
      author: author.account,
      as: options.as ?? null,
      dk: author.device.dk,
      ts: this.#org.now,
      op,
      gen,
      recipients: options.recipients.map((recipient) => ({ ...recipient, b: new Uint8Array(32) })),
      link: options.newGeneration && gen > 1 ? random(92) : null,
      keylog: this.keylog,
    };
    entryCoreHash(digest, entry);
    const boxes = entry.recipients.map(({ m, g, h }) =>
      boxCodec.encode({
        v: 1,
        t: 'box',
        conv: this.conv,
        gen,
        to: m,
        g,
        enc: random(1120),
        ct: random(h ? 80 : 48),
      }),
    );
    const recipients = entry.recipients.map((recipient, index) => ({
      ...recipient,
      b: hashBox(digest, boxes[index] ?? new Uint8Array()),
    }));
    const b = entryCodec.encode({ ...entry, recipients });
    return {
      b: signBody(author.device.key, LABELS.entry, b),
      boxes,
      hash: hashObject(digest, LABELS.entry, b),
    };
  }

  accepted(entry: SignedEntry, newGeneration: boolean): void {
    this.n += 1;
    this.head = entry.hash;
    if (newGeneration) this.gen += 1;
  }

  envelope(
    author: TestAccount,
    options: {
      id?: MessageId;
      gen?: number;
      size?: number;
      as?: RoleId;
      logHead?: Uint8Array;
      blobs?: `b_${string}`[];
      asks?: Pick<EnvelopeHeader, 'class' | 'escalation'>;
    } = {},
  ): Uint8Array {
    const h = envelopeHeaderCodec.encode({
      v: 1,
      t: 'envelope',
      org: this.#org.org,
      conv: this.conv,
      gen: options.gen ?? this.gen,
      logN: this.n,
      logHead: options.logHead ?? this.head ?? new Uint8Array(32),
      author: author.account,
      dk: author.device.dk,
      ts: this.#org.now,
      salt: random(32),
      last: null,
      id: options.id ?? newId('message', rng),
      as: options.as ?? null,
      class: { kind: 'message', contract: 'fyi', to: [], withinMs: null, replyTo: null },
      blobs: (options.blobs ?? []) as never[],
      escalation: null,
      ...options.asks,
    });
    const sealed = { h, c: random(32), x: random(options.size ?? 120) };
    return sealedCodec.encode({ ...sealed, s: signSealed(author.device.key, LABELS.envelope, sealed) });
  }

  put(
    author: TestAccount,
    options: { key: Uint8Array; version: number; prev: Uint8Array | null; del?: boolean },
  ): { b: Uint8Array; hash: Uint8Array } {
    const h = putHeaderCodec.encode({
      v: 1,
      t: 'put',
      org: this.#org.org,
      conv: this.conv,
      gen: this.gen,
      logN: this.n,
      logHead: this.head ?? new Uint8Array(32),
      author: author.account,
      dk: author.device.dk,
      ts: this.#org.now,
      salt: random(32),
      last: null,
      key: options.key,
      version: options.version,
      prev: options.prev,
      del: options.del ?? false,
    });
    const sealed = { h, c: random(32), x: random(120) };
    const b = sealedCodec.encode({ ...sealed, s: signSealed(author.device.key, LABELS.put, sealed) });
    return { b, hash: hashSealed(digest, LABELS.put, b) };
  }
}

/** Full-history recipients at their newest box keys, and the custodian. */
export function sealTo(members: readonly TestAccount[]): TestRecipient[] {
  return [
    ...members.map(({ account, boxKey }) => ({ m: account as MemberId, g: boxKey.gen, h: true })),
    { m: CUSTODIAN, g: 1, h: true },
  ];
}

export function entryText(entry: SignedEntry): { entry: string; boxes: string[] } {
  return { entry: encodeBase64Url(entry.b), boxes: entry.boxes.map(encodeBase64Url) };
}
