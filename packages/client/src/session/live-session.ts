import type { ConversationId, TimestampMs } from '@baton/kernel';
import { findRoleOfKeyring, listRoles } from '@baton/ledger';
import { explain } from '@baton/policy';
import type { ErrorCode } from '@baton/wire';
import type { Integrations } from '../api/integrations.ts';
import type { Records } from '../api/record.ts';
import type { Notices } from '../api/notices.ts';
import type { Collections } from '../api/collections.ts';
import type { AuditTrail } from '../api/people.ts';
import type { PatientRegistry } from '../api/patients.ts';
import type { Alarm, ConnectionState, Me, Security, Session } from '../api/session.ts';
import { actorOf } from '../conversations/conversation-view.ts';
import { isClientError } from '../failure.ts';
import type { Identity } from '../identity/identity.ts';
import { LiveCell, LiveView } from '../live/cell.ts';
import { Backoff } from '../sync/backoff.ts';
import { Connection, type Push, type Welcome } from '../sync/connection.ts';
import { inParallel } from '../sync/engine.ts';
import { OWN_PREFERENCE } from '../accounts/box-key-renewal.ts';
import { ProfileVault } from '../vault/profile-secrets.ts';
import { describeMe } from './describe-me.ts';
import { DutyRounds } from './duty-rounds.ts';
import type { Store } from '../ports/store.ts';
import { createParts, type SessionParts } from './parts.ts';
import { ReachableList } from './reachable-list.ts';
import type { SessionInput } from './parts-ports.ts';

/** A clock that is further off than this is shown, never trusted. */
const CLOCK_LIMIT_MS = 2 * 60_000;
/** Statements by which the log must have grown before the vault takes note. */
const SEEN_STEP = 10;

/** A signed-in account at work: wires the parts to one connection and tells each what concerns it. */
export class LiveSession implements Session {
  readonly me: LiveView<Me>;
  readonly connection: LiveCell<ConnectionState>;
  readonly alarms: LiveCell<readonly Alarm[]>;
  readonly preferences: LiveView<Readonly<Record<string, string>>>;
  readonly directory: SessionParts['directory'];
  readonly conversations: SessionParts['conversations'];
  readonly batons: SessionParts['batons'];
  readonly duty: SessionParts['duty'];
  readonly agents: SessionParts['agents'];
  readonly people: SessionParts['people'];
  readonly patients: PatientRegistry;
  readonly care: SessionParts['care'];
  readonly appointments: SessionParts['appointments'];
  readonly collections: Collections;
  readonly audit: AuditTrail;
  readonly integrations: Integrations;
  readonly records: Records;
  readonly notices: Notices;
  readonly security: Security;
  readonly parts: SessionParts;
  readonly #input: SessionInput;
  readonly #link: Connection;
  readonly #rounds: DutyRounds;
  readonly #reachable: ReachableList;
  readonly #unlisten: () => void;
  #cursor = 0;
  #atHello = { batch: 0, keylog: 0 };
  #offlineSince: TimestampMs;
  #ended: ErrorCode | null = null;
  #closed = false;

  private constructor(input: SessionInput) {
    const { platform, rest } = input;
    const { soon, clock, transport, timers, rng } = platform;
    this.#input = input;
    this.#offlineSince = clock.nowMs();
    this.#link = new Connection({
      transport,
      timers,
      backoff: new Backoff(rng),
      token: () => rest.token,
      cursor: () => {
        const batch = Math.max(this.#cursor, this.parts.streams.newestBatch);
        this.#atHello = { batch, keylog: this.parts.keyLog.size };
        return this.#cursor;
      },
      events: {
        welcomed: (welcome) => void this.#welcome(welcome),
        push: (frame) => this.#push(frame),
        lost: () => this.#lost(),
        ended: (code) => this.#end(code),
      },
    });
    const profile = new ProfileVault(input.profile.store);
    this.parts = createParts({
      ...input,
      connection: () => this.#link,
      identityNow: () => input.identity,
      cursor: {
        read: () => this.#cursor,
        save: async (batch) => {
          this.#cursor = Math.max(this.#cursor, batch);
          await profile.saveCursor(this.#cursor);
        },
      },
      events: {
        keyLogChanged: () => this.#keyLogChanged(),
        holdersChanged: () => {
          this.parts.directory.invalidate();
          this.#rounds.factsChanged();
        },
        membershipChanged: (conv) => void this.#membershipChanged(conv).catch(this.#failed),
        conversationChanged: (conv) => {
          this.parts.conversations.changed(conv);
          this.parts.care.conversationChanged(conv);
        },
        outboxChanged: (conv) => {
          this.parts.conversations.changed(conv);
          this.#showConnection();
        },
        recordsChanged: () => this.#rounds.factsChanged(),
        vaultChanged: () => {
          this.preferences.invalidate();
          this.people.invalidate();
          this.parts.peers.post({ t: 'vault' });
        },
        caughtUp: () => {
          this.conversations.ready.set(true);
          void this.parts.patients.load().catch(this.#failed);
          void this.#afterRound().catch(this.#failed);
        },
        failed: this.#failed,
      },
    });
    this.#rounds = new DutyRounds(this.parts, { timers, me: input.identity.account, failed: this.#failed });
    this.#reachable = new ReachableList(this.parts, {
      rest,
      listed: () => this.#loadSealed(),
      failed: this.#failed,
    });
    this.directory = this.parts.directory;
    this.conversations = this.parts.conversations;
    this.batons = this.parts.batons;
    this.duty = this.parts.duty;
    this.agents = this.parts.agents;
    this.people = this.parts.people;
    this.alarms = this.parts.alarms.live;
    this.me = new LiveView(soon, () => describeMe(this.parts.keyLog.state, this.#input));
    this.connection = new LiveCell<ConnectionState>(soon, { state: 'connecting' });
    this.preferences = new LiveView(soon, () => {
      const all = Object.entries(this.parts.vault.vault.preferences);
      return Object.fromEntries(all.filter(([key]) => !key.startsWith(OWN_PREFERENCE)));
    });
    this.patients = this.parts.patients;
    this.care = this.parts.care;
    this.appointments = this.parts.appointments;
    this.collections = this.parts.sealed;
    this.audit = this.parts.audit;
    this.integrations = this.parts.integrations;
    this.records = this.parts.recordDesk;
    this.notices = this.parts.notices;
    this.security = this.parts.security;
    this.#unlisten = this.parts.peers.subscribe((note) => this.#takeNote(note));
  }

  /** What another tab of this device has done. */
  #takeNote(note: Parameters<Parameters<SessionParts['peers']['subscribe']>[0]>[0]): void {
    if (note.t === 'ended') this.#end('auth.expired');
    if (note.t === 'alarms') void this.parts.alarms.load();
    if (note.t === 'vault') void this.parts.vault.refresh().catch(this.#failed);
    if (note.t === 'opened') void this.parts.streams.opened(note.conv as ConversationId, note.seq);
    if (note.t === 'draft')
      void this.parts.drafts.load().then(() => this.conversations.changed(note.conv as ConversationId));
  }

  /** Loads what is here and connects. Throws only where nothing is here and the server cannot be asked. */
  static async start(input: SessionInput): Promise<LiveSession> {
    const session = new LiveSession(input);
    const { parts } = session;
    await parts.certificates.remember(input.identity.dk, input.identity.certificate);
    await parts.alarms.load();
    await parts.keyLog.load();
    await parts.manifests.load();
    await session.#rounds.load();
    session.#cursor = await new ProfileVault(input.profile.store).loadCursor();
    await Promise.all([parts.book.load(), parts.drafts.load(), parts.outbox.load()]);
    void parts.files.sweep().catch(session.#failed);
    try {
      await parts.keyLog.catchUp();
    } catch (error) {
      const canWorkOffline = isClientError(error, 'limit.busy') && parts.keyLog.size > 0;
      if (!canWorkOffline) {
        await session.close();
        throw error;
      }
    }
    await session.#loadKeyrings();
    await session.#rounds.begin();
    await parts.patients.load();
    await parts.care.load();
    await parts.appointments.load();
    await parts.programmes.load();
    if (session.#cursor > 0) session.conversations.ready.set(true);
    parts.directory.invalidate();
    session.me.invalidate();
    session.#link.start();
    return session;
  }

  get programmes(): SessionParts['programmes'] {
    return this.parts.programmes;
  }

  /** Who signs on this device. */
  get identity(): Identity {
    return this.#input.identity;
  }

  /** This account's sealed rows on this device. */
  get store(): Store {
    return this.#input.profile.store;
  }

  can(action: string): boolean {
    const me = this.parts.directory.person(this.#input.identity.account);
    return explain(actorOf(me), action).allowed;
  }

  acknowledgeAlarm(id: string): void {
    this.parts.alarms.acknowledge(id);
  }

  async setPreference(key: string, value: string): Promise<void> {
    await this.parts.vault.change((vault) => ({
      ...vault,
      preferences: { ...vault.preferences, [key]: value },
    }));
  }

  async signOut(options: { readonly wipe: boolean }): Promise<void> {
    const { rest, platform, identity } = this.#input;
    await rest.call({ method: 'DELETE', path: '/session', answer: null }).catch((error: unknown) => {
      // Signing out must work offline too; the server's session runs out by itself.
      if (!isClientError(error)) throw error;
    });
    this.parts.peers.post({ t: 'ended' });
    await platform.profiles.setCurrent(null);
    this.#end('auth.expired');
    await this.close();
    if (options.wipe) await platform.profiles.wipe(identity.account);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#unlisten();
    const { sync, outbox, marks, peers, collectionWriter } = this.parts;
    await collectionWriter.flush().catch(() => {
      // Offline: whoever writes next signs the root.
    });
    await this.parts.marks.flush();
    this.#link.stop();
    this.#rounds.stop();
    this.parts.care.stop();
    this.parts.appointments.stop();
    sync.stop();
    outbox.stop();
    marks.stop();
    collectionWriter.stop();
    await sync.idle();
    await outbox.idle();
    await this.#rounds.idle();
    await this.parts.care.idle();
    await this.parts.appointments.idle();
    peers.close();
    await this.#input.profile.close();
  }

  /** Tries to connect at once instead of waiting for the next turn. */
  reconnect(): void {
    this.#link.retryNow();
  }

  async #welcome(welcome: Welcome): Promise<void> {
    const { alarms, keyLog, sync, outbox, marks } = this.parts;
    const { clock } = this.#input.platform;
    this.#showConnection();
    const offMs = Math.abs(clock.nowMs() - welcome.ts);
    if (offMs > CLOCK_LIMIT_MS)
      alarms.raise({
        code: 'request.invalid',
        severity: 'notice',
        about: 'clock',
        sentence: `The clock of this device is off by ${Math.round(offMs / 60_000)} minutes. Set it, so that times are right.`,
      });
    // Compared with what was known when the greeting went out: own writes may have overtaken the answer.
    const { seen } = this.parts.vault.vault;
    const batch = Math.max(this.#atHello.batch, seen.batch);
    const keylog = Math.max(this.#atHello.keylog, seen.keylog);
    if (welcome.batch < batch || welcome.keylog < keylog)
      alarms.raise({ code: 'ledger.rollback', severity: 'danger', about: 'welcome' });
    // Each of these goes on by itself later; none keeps the others from starting.
    await keyLog.catchUp(welcome.keylog).catch(this.#failed);
    outbox.kickAll();
    marks.resend();
    await Promise.all([sync.catchUp().catch(this.#failed), this.#rounds.welcomed(welcome)]);
  }

  /** What is done once, when everything has arrived. */
  async #afterRound(): Promise<void> {
    if (this.#reachable.listedOnce) return;
    await this.#reachable.refresh();
    void this.parts.care.begin().catch(this.#failed);
    this.parts.appointments.begin();
    await this.#noteSeen();
    // Another device may have read what is unread here.
    const unread = [...this.parts.book.all()].filter(({ unread }) => unread > 0).slice(0, 50);
    await inParallel(unread, 4, ({ conv }) => this.parts.marks.refresh(conv));
  }

  /** Keeps in the vault how far the server has shown its log, so that no device of this account accepts less later (threat T9). */
  async #noteSeen(): Promise<void> {
    const { vault, keyLog } = this.parts;
    const seen = { keylog: keyLog.size, batch: this.#cursor };
    const before = vault.vault.seen;
    if (seen.keylog - before.keylog < SEEN_STEP && seen.batch - before.batch < 10 * SEEN_STEP) return;
    await vault.change((current) => ({
      ...current,
      seen: {
        keylog: Math.max(current.seen.keylog, seen.keylog),
        batch: Math.max(current.seen.batch, seen.batch),
      },
    }));
  }

  #push(frame: Push): void {
    const { sync, marks, keyLog } = this.parts;
    switch (frame.t) {
      case 'items':
      case 'missed':
        return sync.push(frame);
      case 'mark':
        return void marks.take(frame.conv, frame.mark).catch(this.#failed);
      case 'records':
      case 'batons':
        return this.#rounds.push(frame);
      case 'keylog':
        return void keyLog.catchUp(frame.size).catch(this.#failed);
    }
  }

  #lost(): void {
    if (this.connection.read().state === 'online') this.#offlineSince = this.#input.platform.clock.nowMs();
    this.#showConnection();
  }

  #end(code: ErrorCode): void {
    this.#ended ??= code;
    this.#link.stop();
    this.parts.sync.stop();
    this.#showConnection();
  }

  #showConnection(): void {
    if (this.#ended) return this.connection.set({ state: 'ended', code: this.#ended });
    const shown = this.connection.read();
    if (this.#link.isOnline) {
      if (shown.state !== 'online') this.connection.set({ state: 'online' });
      return;
    }
    const { unsent } = this.parts.outbox;
    if (shown.state === 'offline' && shown.unsent === unsent && shown.sinceMs === this.#offlineSince) return;
    this.connection.set({ state: 'offline', sinceMs: this.#offlineSince, unsent });
  }

  #keyLogChanged(): void {
    const { directory, outbox, people } = this.parts;
    directory.invalidate();
    people.invalidate();
    this.parts.programmes.changedAll();
    this.me.invalidate();
    this.#rounds.factsChanged();
    void this.#loadKeyrings()
      .then(() => outbox.kickAll())
      .catch(this.#failed);
  }

  async #membershipChanged(conv: ConversationId): Promise<void> {
    const { keyLog, conversations, roles } = this.parts;
    if (this.#reachable.listedOnce) this.#rounds.membersChanged(conv);
    if (this.parts.book.get(conv)?.kind === 'collection') await this.#loadSealed();
    if (findRoleOfKeyring(keyLog.state, conv) === null) {
      this.batons.invalidate();
      this.agents.invalidate();
      return conversations.changed(conv);
    }
    this.#holdersChanged();
    await this.#reachable.refresh();
    await roles.mend(conv);
  }

  #holdersChanged(): void {
    this.parts.directory.invalidate();
    this.parts.generations.forgetQuestions();
    this.#rounds.factsChanged();
  }

  /** Keyrings of all roles, so that names can be expanded and holders judged. */
  async #loadKeyrings(): Promise<void> {
    const { keyLog, logs, directory } = this.parts;
    const roles = listRoles(keyLog.state).filter((role) => role.active);
    await inParallel(roles, 4, async ({ role }) => {
      await logs.prepareRoles([role]).catch((error: unknown) => {
        if (!isClientError(error)) throw error;
      });
    });
    directory.invalidate();
    this.#rounds.factsChanged();
  }

  async #loadSealed(): Promise<void> {
    await this.parts.patients.load();
    await this.parts.care.load();
    await this.parts.appointments.load();
    await this.parts.programmes.load();
  }

  readonly #failed = (error: unknown): void => {
    if (this.#closed || isClientError(error)) return;
    // A bug must not pass in silence, nor may it stop the client.
    this.parts.alarms.raise({
      code: 'server.internal',
      severity: 'notice',
      about: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown',
      sentence: 'Something in this app did not work as it should. Reload it; nothing was lost.',
    });
  };
}
