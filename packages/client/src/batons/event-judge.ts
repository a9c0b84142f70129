import { type BatonId, type Bytes, type OrgId, type OwnerId, type TimestampMs } from '@baton/kernel';
import { checkBatonEvent, openBatonEvent, serverKeys } from '@baton/ledger';
import {
  applyBatonEvent,
  type BatonFacts,
  type BatonState,
  isSettling,
  judgeBatonEvent,
  judgeServerEvent,
  type PlacedEvent,
} from '@baton/policy';
import type { BatonEvent, ErrorCode } from '@baton/wire';
import { type Primitives } from '@baton/crypto';
import { ClientError, isClientError } from '../failure.ts';
import type { OrgFacts } from '../duty/org-facts.ts';
import type { Certificates } from '../key-log/certificates.ts';
import type { ServerClock } from '../sync/server-clock.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';

/** So far back this device can tell for certain who might do what. */
const RECENT_MS = 15 * 60_000;

export interface EventJudgePorts {
  readonly clock: ServerClock;
  readonly primitives: Primitives;
  readonly org: OrgId;
  readonly keyLog: KeyLogReplica;
  readonly certificates: Certificates;
  /** The organisation as it was at a moment, as far as this device can tell. */
  readonly factsAt: (atMs: TimestampMs) => BatonFacts;
  /** Puts into memory what says whether an agent may end an answer by itself. */
  readonly prepareSettling: OrgFacts['prepareSettling'];
  /** Fetches what decides who may do what: key log, records, keyrings. */
  readonly freshen: (owners: readonly OwnerId[]) => Promise<void>;
}

export type Judged =
  | {
      readonly ok: true;
      readonly state: BatonState;
      readonly placed: PlacedEvent;
      /** The server signed it, but it does not follow from what the organisation has signed. */
      readonly doubt: { readonly code: ErrorCode; readonly at: string } | null;
      /** It lies too far back to tell whether that person might do it: taken, but nobody is given keys because of it. */
      readonly unsure: boolean;
    }
  | { readonly ok: false; readonly code: ErrorCode; readonly at: string };

/**
 * Whether an event may stand next in a baton's chain: signed by the person that it names, or by the server for what only time or a change of
 * the organisation may do; it follows the event before; and that person might do it then. No connection is thrown as `limit.busy`.
 *
 * What the server does must follow from what people signed, or a server could reach whom it likes. Where this device cannot see that it does,
 * the event is taken with a doubt: whoever waits for a stat message must not wait longer because somebody's copy of the records is old.
 */
export class EventJudge {
  readonly #ports: EventJudgePorts;

  constructor(ports: EventJudgePorts) {
    this.#ports = ports;
  }

  async judge(
    baton: BatonId,
    state: BatonState | null,
    shown: { readonly signed: Bytes; readonly at: TimestampMs },
  ): Promise<Judged> {
    const opened = openBatonEvent(this.#ports.primitives.sha256, shown.signed);
    if (!opened.ok) return { ok: false, code: opened.error.code, at: 'event' };
    const { body: event, hash } = opened.value;
    const at = `${event.n}`;
    if (event.baton !== baton || event.org !== this.#ports.org)
      return { ok: false, code: 'ledger.wrong_purpose', at };
    if (state && shown.at < state.at) return { ok: false, code: 'ledger.bad_chain', at: `${at}.at` };
    try {
      await this.#checkSignature(opened.value, shown.at);
    } catch (error) {
      if (!isClientError(error) || error.retryMs > 0) throw error;
      return { ok: false, code: error.code, at: `${at}.${error.at}` };
    }
    const placed: PlacedEvent = { event, hash, at: shown.at };
    const applied = applyBatonEvent(state, placed);
    if (!applied.ok) return { ok: false, code: applied.error.code, at: `${at}.${applied.error.at}` };
    const doubt = event.by === null ? await this.#judgeServer(state, placed) : null;
    const refusal = state && event.by !== null ? await this.#judgeActor(state, event, shown.at) : null;
    // What the organisation was like long ago may not be all here any more: then chain and signature have to do. When it was, only the server
    // says: whoever works together with it can date an act back.
    if (refusal && shown.at > this.#ports.clock.nowMs() - RECENT_MS)
      return { ok: false, code: refusal.code, at: `${at}.${refusal.at}` };
    return {
      ok: true,
      state: applied.value,
      placed,
      doubt: doubt && { ...doubt, at: `${at}.${doubt.at}` },
      unsure: refusal !== null,
    };
  }

  async #checkSignature(
    opened: Extract<ReturnType<typeof openBatonEvent>, { ok: true }>['value'],
    atMs: TimestampMs,
  ): Promise<void> {
    const { primitives, keyLog, certificates } = this.#ports;
    const { sha256: digest, verifyEd25519: verify } = primitives;
    const { body } = opened;
    if (body.by === null || body.dk === null) {
      // A chain may have begun under an earlier key of the server.
      let refusal: ClientError = new ClientError('ledger.unknown_signer', 'server');
      for (const serverKey of serverKeys(keyLog.state).toReversed()) {
        const checked = await checkBatonEvent(opened, { digest, verify, org: this.#ports.org, serverKey });
        if (checked.ok) return;
        refusal = new ClientError(checked.error.code, checked.error.at);
      }
      throw refusal;
    }
    const { dk } = body;
    const attempt = async (): Promise<void> => {
      const moment = { atMs: body.ts, committedAtMs: atMs };
      const certificate = await certificates.checkPast(keyLog.state, dk, moment);
      const checked = await checkBatonEvent(opened, { digest, verify, certificate });
      if (!checked.ok) throw new ClientError(checked.error.code, checked.error.at);
    };
    try {
      await attempt();
    } catch (error) {
      if (!isClientError(error) || error.retryMs > 0) throw error;
      // The author's account or device may be newer than this copy of the key log.
      await keyLog.catchUp();
      await attempt();
    }
  }

  async #judgeServer(state: BatonState | null, placed: PlacedEvent) {
    const { factsAt, freshen } = this.#ports;
    const { op } = placed.event;
    const ask = (factsMs: TimestampMs) => judgeServerEvent(state, placed, factsAt(factsMs));
    const moments = [placed.at, Number.MAX_SAFE_INTEGER];
    if (moments.some((moment) => ask(moment).ok)) return null;
    const named: OwnerId[] = state ? [state.owner, state.addressed] : [];
    if ('to' in op) named.push(op.to);
    if ('target' in op) named.push(op.target);
    await freshen(named);
    const last = ask(placed.at);
    return last.ok || ask(Number.MAX_SAFE_INTEGER).ok ? null : last.error;
  }

  /** By the organisation of that moment, or of now; what this device does not know yet is fetched before it says no. */
  async #judgeActor(state: BatonState, event: BatonEvent, atMs: TimestampMs) {
    const { factsAt, freshen, prepareSettling } = this.#ports;
    if (event.by === null) return null;
    const { by, op } = event;
    const prepare = async (): Promise<void> => {
      if (isSettling(op)) await prepareSettling(by, { conv: state.conv, atMs });
    };
    await prepare();
    const ask = (factsMs: TimestampMs) => judgeBatonEvent(state, { by, op, at: atMs }, factsAt(factsMs));
    const moments = [atMs, Number.MAX_SAFE_INTEGER];
    if (moments.some((moment) => ask(moment).ok)) return null;
    await freshen([state.owner, state.addressed, ...(state.offer ? [state.offer.to] : [])]);
    await prepare();
    const last = ask(atMs);
    if (last.ok || ask(Number.MAX_SAFE_INTEGER).ok) return null;
    return last.error;
  }
}
