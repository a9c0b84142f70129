import type { LiveSession } from '@baton/client';
import { nodePrimitives, nodeRng } from '@baton/client-node';
import {
  makeGeneration,
  makeGenerationKeys,
  randomGroupKeys,
  type SigningKey,
  sealEnvelope,
  signEntry,
} from '@baton/crypto';
import { type AccountId, type Bytes, type ConversationId, newId, Secret } from '@baton/kernel';
import { findAccount, findCustodian, keyLogRoot } from '@baton/ledger';
import { contentCodec, CUSTODIAN, type EnvelopeHeader, type EntryOp } from '@baton/wire';

export interface ForgedMessage {
  readonly conv: ConversationId;
  readonly text: string;
  readonly header?: Partial<EnvelopeHeader>;
  /** Another key than the device's own. */
  readonly signer?: SigningKey;
  /** Keys of another generation than the newest. */
  readonly gen?: number;
  /** For somebody who has no key any more: any will do, nobody else can open it. */
  readonly madeUpKeys?: boolean;
}

/** An envelope of this session's account, made past everything that its client would have asked itself. */
export async function forgeMessage(session: LiveSession, message: ForgedMessage): Promise<Bytes> {
  const { conv, text, header = {}, gen } = message;
  const primitives = await nodePrimitives();
  const { parts, identity } = session;
  const log = await parts.logs.require(conv);
  const generation = gen ?? log.state.gen;
  const known = message.madeUpKeys ? null : await parts.generations.find(conv, generation);
  const secrets = { gk: Secret.of(nodeRng.bytes(32)), hl: null };
  const keys = known ?? makeGenerationKeys(primitives, { conv, gen: generation, secrets });
  return sealEnvelope(
    { primitives, rng: nodeRng },
    {
      header: {
        org: identity.org,
        conv,
        gen: generation,
        logN: log.state.n,
        logHead: log.state.head,
        author: identity.account,
        dk: identity.dk,
        ts: Date.now(),
        last: await parts.streams.newestHash(conv),
        id: newId('message', nodeRng),
        as: null,
        class: { kind: 'message', contract: 'fyi', to: [], withinMs: null, replyTo: null },
        blobs: [],
        escalation: null,
        ...header,
      },
      keys,
      signer: message.signer ?? identity.deviceKey,
      content: contentCodec.encode({
        t: 'message',
        text,
        attachments: [],
        mentions: [],
        quote: null,
        template: null,
        request: null,
      }),
    },
  );
}

export interface ForgedEntry {
  readonly conv: ConversationId;
  readonly op: EntryOp;
  /** Members after it, to be sealed to. */
  readonly members: readonly AccountId[];
  /** Key-log size that the author claims to have seen. */
  readonly size?: number;
  readonly signer?: SigningKey;
}

/** A membership entry with a new generation, by this session's account, past its client. */
export async function forgeEntry(session: LiveSession, forged: ForgedEntry): Promise<Bytes> {
  const { conv, op } = forged;
  const primitives = await nodePrimitives();
  const { parts, identity } = session;
  const log = await parts.logs.require(conv);
  const { state } = parts.keyLog;
  const size = forged.size ?? parts.keyLog.size;
  const custodian = findCustodian(state)?.statement;
  const generation = await makeGeneration(
    { primitives, rng: nodeRng },
    {
      provider: randomGroupKeys(nodeRng),
      draft: {
        v: 1,
        t: 'entry',
        org: identity.org,
        conv,
        n: log.state.n + 1,
        prev: log.state.head,
        author: identity.account,
        as: null,
        dk: identity.dk,
        ts: Date.now(),
        op,
        gen: log.state.gen + 1,
        keylog: { size, root: keyLogRoot(state, size) ?? new Uint8Array(32) },
      },
      previous: await parts.generations.find(conv, log.state.gen),
      recipients: [
        ...forged.members.map((m) => {
          const { boxKey } = findAccount(state, m, size) ?? {};
          return { m, g: boxKey?.gen ?? 0, h: true, publicKey: boxKey?.pub ?? new Uint8Array(1216) };
        }),
        { m: CUSTODIAN, g: custodian?.gen ?? 0, h: true, publicKey: custodian?.pub ?? new Uint8Array(1216) },
      ],
    },
  );
  const signed = await signEntry(primitives, {
    key: forged.signer ?? identity.deviceKey,
    body: generation.entry,
  });
  return signed.bytes;
}
