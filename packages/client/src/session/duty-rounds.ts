import { type AccountId, type ConversationId, isId, type MemberId, type Timers } from '@baton/kernel';
import type { Push, Welcome } from '../sync/connection.ts';
import { isClientError } from '../failure.ts';
import type { SessionParts } from './parts.ts';

/** So often is looked at what time alone changes: deadlines, who is on duty, whether the server is late. */
const TICK_MS = 10_000;

const RESCAN_MS = 400;

type Parts = Pick<
  SessionParts,
  | 'acts'
  | 'agents'
  | 'alarms'
  | 'batons'
  | 'conversations'
  | 'directory'
  | 'duty'
  | 'facts'
  | 'feed'
  | 'keeper'
  | 'logs'
  | 'reader'
  | 'recordLog'
  | 'serverClock'
  | 'watch'
>;

/** When records, batons and what hangs on them are loaded, fetched and looked at again. */
export class DutyRounds {
  readonly #parts: Parts;
  readonly #me: AccountId;
  readonly #timers: Timers;
  readonly #failed: (error: unknown) => void;
  #cancelTick: () => void = () => {};
  #cancelRescan: (() => void) | null = null;

  constructor(
    parts: Parts,
    ports: { readonly timers: Timers; readonly me: AccountId; readonly failed: (error: unknown) => void },
  ) {
    this.#parts = parts;
    this.#me = ports.me;
    this.#timers = ports.timers;
    this.#failed = ports.failed;
  }

  /** From the local store, once the key log is here. */
  async load(): Promise<void> {
    const { recordLog, feed, reader, acts } = this.#parts;
    await recordLog.load();
    await Promise.all([feed.load(), reader.load(), acts.load()]);
  }

  /** Asks for what this device does not have, so that a new session knows its ladders from the first message on. */
  async begin(): Promise<void> {
    await this.#parts.recordLog.catchUp().catch(ignoreRefusal);
    this.factsChanged();
    this.#tickLater();
  }

  /** The server greeted: its time, and how much it has. */
  async welcomed(welcome: Welcome): Promise<void> {
    const { serverClock, recordLog, alarms, feed, batons } = this.#parts;
    serverClock.note(welcome.ts);
    if (welcome.records < recordLog.size)
      alarms.raise({ code: 'ledger.rollback', severity: 'danger', about: 'records.welcome' });
    await recordLog.catchUp(welcome.records).catch(this.#failed);
    await feed.catchUp().catch(this.#failed);
    batons.retry();
  }

  push(frame: Extract<Push, { t: 'records' | 'batons' }>): void {
    const { recordLog, feed } = this.#parts;
    const round = frame.t === 'records' ? recordLog.catchUp(frame.size) : feed.catchUp();
    void round.catch(this.#failed);
  }

  /** Records, key log or keyrings changed: others may be on duty, and a role's box may open now. */
  factsChanged(): void {
    const { facts, duty, batons, reader, conversations, agents } = this.#parts;
    facts.invalidate();
    duty.invalidate();
    batons.invalidate();
    conversations.changedAll();
    reader.forgetTries();
    agents.invalidate();
    batons.retry();
  }

  /** Whoever is let in, in person or through a role, sees batons that are older: soon, once for all that comes together. */
  membersChanged(conv: ConversationId): void {
    const { logs, directory } = this.#parts;
    const op = logs.peek(conv)?.rows.at(-1)?.entry.op;
    const isMine = (id: MemberId): boolean =>
      id === this.#me || (isId('role', id) && directory.role(id)?.heldByMe === true);
    if (op?.op !== 'add' || !op.members.some(({ m }) => isMine(m))) return;
    this.#cancelRescan ??= this.#timers.after(RESCAN_MS, () => {
      this.#cancelRescan = null;
      void this.#parts.feed.rescan().catch(this.#failed);
    });
  }

  stop(): void {
    this.#cancelRescan?.();
    this.#cancelTick();
    this.#parts.keeper.stop();
    this.#parts.acts.stop();
  }

  idle(): Promise<void> {
    return this.#parts.acts.idle();
  }

  #tickLater(): void {
    this.#cancelTick = this.#timers.after(TICK_MS, () => {
      const { duty, batons, watch } = this.#parts;
      duty.tick();
      batons.invalidate();
      void watch.tick().catch(this.#failed);
      this.#tickLater();
    });
  }
}

/** Offline, or a server that is being replaced: the next greeting asks again. */
function ignoreRefusal(error: unknown): void {
  if (!isClientError(error)) throw error;
}
