import type { LiveSession } from '@baton/client';
import { nodePrimitives, nodeRng } from '@baton/client-node';
import { sealPut } from '@baton/crypto';
import type { Bytes, ConversationId } from '@baton/kernel';
import {
  appointmentsCodec,
  type AppointmentsValue,
  deskCodec,
  type DeskValue,
  type NamedCollection,
  programmesCodec,
  type ProgrammesValue,
  textingCodec,
  type TextingValue,
} from '@baton/wire';

/** What each named collection holds. */
interface ValueOf {
  readonly texting: TextingValue;
  readonly desk: DeskValue;
  readonly appointments: AppointmentsValue;
  readonly programmes: ProgrammesValue;
}

const ENCODE: { readonly [N in NamedCollection]: (value: ValueOf[N]) => Bytes } = {
  texting: (value) => textingCodec.encode(value),
  desk: (value) => deskCodec.encode(value),
  appointments: (value) => appointmentsCodec.encode(value),
  programmes: (value) => programmesCodec.encode(value),
};

export interface ForgedPut<N extends NamedCollection> {
  readonly collection: N;
  /** Under which key, whatever the value says. */
  readonly key: string;
  /** null deletes. */
  readonly value: ValueOf[N] | null;
}

/** A put of this session's own account, sealed and committed past everything that its client would have asked itself. */
export async function forgePut<N extends NamedCollection>(
  session: LiveSession,
  { collection: name, key: text, value }: ForgedPut<N>,
): Promise<void> {
  const content = value === null ? new Uint8Array(0) : ENCODE[name](value);
  await forgeStatePut(session, session.parts.sealed.idOf(name), text, content);
}

/** As `forgePut`, into any collection, whatever the bytes are. */
export async function forgeStatePut(
  session: LiveSession,
  conv: ConversationId,
  text: string,
  content: Bytes,
): Promise<void> {
  const { parts, identity } = session;
  const primitives = await nodePrimitives();
  await parts.sync.run(conv, async () => {
    await parts.sync.pullToNewest(conv);
    const log = await parts.logs.require(conv);
    const keys = await parts.generations.find(conv, log.state.gen);
    const key = await parts.collections.keyFor(conv, text);
    if (!keys || !key) throw new Error('the forger is no member');
    const newest = await parts.collections.get(conv, key);
    const b = await sealPut(
      { primitives, rng: nodeRng },
      {
        header: {
          org: identity.org,
          conv,
          gen: log.state.gen,
          logN: log.state.n,
          logHead: log.state.head,
          author: identity.account,
          dk: identity.dk,
          ts: parts.serverClock.nowMs(),
          last: await parts.streams.newestHash(conv),
          key,
          version: (newest?.version ?? 0) + 1,
          prev: newest?.hash ?? null,
          del: false,
        },
        keys,
        signer: identity.deviceKey,
        content,
      },
    );
    await parts.appender.append(conv, { k: 'put', b, boxes: [] });
  });
}

/** What a session reads in a collection: as its assistant, or its screens, go by it. */
export async function valuesIn<N extends NamedCollection>(
  session: LiveSession,
  name: N,
): Promise<readonly ValueOf[N][]> {
  const collection = await session.collections.named(name);
  await collection.refresh();
  return (await collection.list()).flatMap(({ value }) => {
    const decoded = value === null ? null : DECODE[name](value);
    return decoded === null ? [] : [decoded];
  });
}

const DECODE: { readonly [N in NamedCollection]: (bytes: Bytes) => ValueOf[N] | null } = {
  texting: (bytes) => orNull(textingCodec.decode(bytes)),
  desk: (bytes) => orNull(deskCodec.decode(bytes)),
  appointments: (bytes) => orNull(appointmentsCodec.decode(bytes)),
  programmes: (bytes) => orNull(programmesCodec.decode(bytes)),
};

function orNull<T>(decoded: { readonly ok: true; readonly value: T } | { readonly ok: false }): T | null {
  return decoded.ok ? decoded.value : null;
}
