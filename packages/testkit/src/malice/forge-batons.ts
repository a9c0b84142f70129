import type { LiveSession } from '@baton/client';
import { nodePrimitives } from '@baton/client-node';
import { type SigningKey, signBatonEvent, signRecord } from '@baton/crypto';
import type { AccountId, BatonId, Bytes } from '@baton/kernel';
import { LABELS, openBatonEvent } from '@baton/ledger';
import {
  type BatonEvent,
  type BatonOp,
  batonEventCodec,
  type OrgRecord,
  type RecordBody,
  recordSubject,
} from '@baton/wire';
import type { Operator } from './operator.ts';

type Known = NonNullable<ReturnType<LiveSession['parts']['feed']['get']>>;

/** The baton as this session has verified it. */
export function knownBaton(session: LiveSession, baton: BatonId): Known {
  const known = session.parts.feed.get(baton);
  if (!known) throw new Error(`${baton} is not here`);
  return known;
}

/** The next event of a baton's chain by this session's account, past everything that its client would have asked itself. */
export async function forgeEvent(
  session: LiveSession,
  forged: {
    /** Where the chain is known from; another device's copy, for somebody who was never shown it. */
    readonly chain: Known;
    readonly op: BatonOp;
    readonly over?: Partial<BatonEvent>;
    readonly signer?: SigningKey;
  },
): Promise<Bytes> {
  const { identity } = session;
  const signed = await signBatonEvent(await nodePrimitives(), {
    key: forged.signer ?? identity.deviceKey,
    body: { ...nextEvent(forged.chain, forged.op), by: identity.account, dk: identity.dk, ...forged.over },
  });
  return signed.bytes;
}

/** The next event of a baton's chain with the server's own key under it. */
export function signAsServer(
  operator: Operator,
  chain: Known,
  op: BatonOp,
  over: Partial<BatonEvent> = {},
): Promise<Bytes> {
  return operator.sign(LABELS.batonEvent, batonEventCodec.encode({ ...nextEvent(chain, op), ...over }));
}

function nextEvent({ state }: Known, op: BatonOp): BatonEvent {
  const { org, baton, n, head } = state;
  const ts = Date.now();
  return { v: 1, t: 'baton', org, baton, n: n + 1, prev: head, by: null, as: null, dk: null, ts, op };
}

/** Puts an event at a place of a baton's chain, or takes the place away, and tells the feed that the baton has changed. */
export async function tamperWithChain(
  operator: Operator,
  what: {
    readonly session: LiveSession;
    readonly baton: BatonId;
    readonly n: number;
    readonly signed: Bytes | null;
    /** Who is shown the baton from now on. */
    readonly showTo?: AccountId;
    /** When the server says that it was committed; now where left out. */
    readonly at?: number;
  },
): Promise<void> {
  const { session, baton, n, signed, showTo, at = Date.now() } = what;
  const { org } = session.identity;
  const opened = signed && openBatonEvent((await nodePrimitives()).sha256, signed);
  const hash = opened?.ok ? opened.value.hash : new Uint8Array(32);
  const [row] = await operator.query<{ pos: string }>(
    'UPDATE orgs SET baton_pos = baton_pos + 1 WHERE org = $1 RETURNING baton_pos AS pos',
    [org],
  );
  await operator.query('DELETE FROM baton_events WHERE org = $1 AND baton = $2 AND n = $3', [org, baton, n]);
  if (signed)
    await operator.query(
      'INSERT INTO baton_events (org, baton, n, hash, body, at, pos) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      [org, baton, n, hash, signed, at, row?.pos],
    );
  if (showTo)
    await operator.query('INSERT INTO baton_reached (org, account, baton) VALUES ($1, $2, $3)', [
      org,
      showTo,
      baton,
    ]);
  await operator.query('UPDATE batons SET pos = $3 WHERE org = $1 AND baton = $2', [org, baton, row?.pos]);
}

/** An organisation record by this session's account, past its client and past everything that says who may sign it. */
export async function forgeRecord(
  session: LiveSession,
  forged: {
    readonly body: RecordBody;
    readonly over?: Partial<OrgRecord>;
    readonly signer?: SigningKey;
  },
): Promise<Bytes> {
  const { identity } = session;
  const signed = await signRecord(await nodePrimitives(), {
    key: forged.signer ?? identity.deviceKey,
    body: {
      v: 1,
      t: 'record',
      org: identity.org,
      version: 1,
      prev: null,
      author: identity.account,
      dk: identity.dk,
      ts: Date.now(),
      body: forged.body,
      ...forged.over,
    },
  });
  return signed.bytes;
}

/** Puts a record at the end of the organisation's log, as the server would a good one. Answers how to take it away again. */
export async function appendRecord(
  operator: Operator,
  what: { readonly session: LiveSession; readonly body: RecordBody; readonly signed: Bytes },
): Promise<() => Promise<void>> {
  const { org } = what.session.identity;
  const [row] = await operator.query<{ pos: string }>(
    'UPDATE orgs SET records_size = records_size + 1 WHERE org = $1 RETURNING records_size AS pos',
    [org],
  );
  await operator.query(
    'INSERT INTO org_records (org, pos, subject, version, hash, body, at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [
      org,
      row?.pos,
      recordSubject(what.body),
      1_000_000 + Number(row?.pos),
      new Uint8Array(32),
      what.signed,
      Date.now(),
    ],
  );
  return async () => {
    await operator.query('DELETE FROM org_records WHERE org = $1 AND pos = $2', [org, row?.pos]);
    await operator.query('UPDATE orgs SET records_size = records_size - 1 WHERE org = $1', [org]);
  };
}
