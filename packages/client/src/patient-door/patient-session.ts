import type { AccountId, ConversationId, TimestampMs } from '@baton/kernel';
import { listRoles } from '@baton/ledger';
import { type ErrorCode, LANGUAGES, type Language } from '@baton/wire';
import type { PatientConversation, PatientThreadRow, PatientSession } from '../api/patient-door.ts';
import type { Alarm, ConnectionState } from '../api/session.ts';
import { isClientError } from '../failure.ts';
import type { Identity } from '../identity/identity.ts';
import { LiveCell, LiveView } from '../live/cell.ts';
import { rolesOf } from '../membership/membership-log.ts';
import type { Profile } from '../ports/platform.ts';
import type { SessionInput } from '../session/parts-ports.ts';
import { Backoff } from '../sync/backoff.ts';
import { Connection, type Push, type Welcome } from '../sync/connection.ts';
import { ProfileVault } from '../vault/profile-secrets.ts';
import { assemblePhone, type PhoneParts } from './assemble-phone.ts';
import { OpenClaims } from './open-claims.ts';
import { PatientThread } from './patient-thread.ts';
import type { PhonePlatform } from './phone-ports.ts';
import { ClaimShelf, type PhoneRecord, PhoneShelf } from './phone-records.ts';
import type { PinLock } from './pin-lock.ts';

/** A clock that is further off than this is shown, never trusted. */
const CLOCK_LIMIT_MS = 2 * 60_000;
/** Statements by which the log must have grown before the vault takes note. */
const SEEN_STEP = 10;
/** How often the tab's memory is renewed while the page lives. */
const KEEP_OPEN_MS = 60_000;
const LANGUAGE = 'language';

export interface PhoneSessionInput extends SessionInput {
  readonly platform: PhonePlatform;
  /** As the phone opens it; `profile` is the same with its rows locked. */
  readonly phone: Profile;
  readonly record: PhoneRecord;
  readonly hasPin: boolean;
  readonly pins: PinLock;
  /** Signs in by this phone's key; false where the account has no such credential. */
  readonly signInAgain: () => Promise<boolean>;
}

/** A patient's account at work on this phone. */
export class PhoneSession implements PatientSession {
  readonly me: AccountId;
  readonly connection: LiveCell<ConnectionState>;
  readonly alarms: LiveCell<readonly Alarm[]>;
  readonly conversations: LiveView<readonly PatientThreadRow[]>;
  readonly ready: LiveCell<boolean>;
  readonly hasPin: LiveCell<boolean>;
  readonly language: LiveView<Language | null>;
  readonly parts: PhoneParts;
  readonly #input: PhoneSessionInput;
  readonly #link: Connection;
  readonly #claims: OpenClaims;
  readonly #shelf: PhoneShelf;
  readonly #unlisten: () => void;
  #record: PhoneRecord;
  #cursor = 0;
  #atHello = { batch: 0, keylog: 0 };
  #offlineSince: TimestampMs;
  #ended: ErrorCode | null = null;
  #closed = false;
  #cancelKeeping: () => void = () => {};

  private constructor(input: PhoneSessionInput) {
    const { platform, rest, identity, phone, profile } = input;
    const { soon, clock, transport, timers, rng } = platform;
    this.#input = input;
    this.#record = input.record;
    this.#shelf = new PhoneShelf(phone.store);
    this.#offlineSince = clock.nowMs();
    this.me = identity.account;
    this.connection = new LiveCell<ConnectionState>(soon, { state: 'connecting' });
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
        ended: (code) => void this.#signedOut(code).catch(this.#failed),
      },
    });
    const saved = new ProfileVault(profile.store);
    this.parts = assemblePhone({
      ...input,
      connection: () => this.#link,
      identityNow: () => identity,
      claim: () => this.#claims.open,
      settleClaim: () => this.#claims.settle(),
      cursor: {
        read: () => this.#cursor,
        save: async (batch) => {
          this.#cursor = Math.max(this.#cursor, batch);
          await saved.saveCursor(this.#cursor);
        },
      },
      events: {
        keyLogChanged: () => this.#namesChanged(true),
        holdersChanged: () => this.#namesChanged(false),
        recordsChanged: () => {},
        membershipChanged: (conv) => void this.#membershipChanged(conv).catch(this.#failed),
        conversationChanged: (conv) => this.#changed(conv),
        outboxChanged: (conv) => {
          this.#changed(conv);
          this.#showConnection();
        },
        vaultChanged: () => {
          this.language.invalidate();
          this.parts.peers.post({ t: 'vault' });
        },
        caughtUp: () => void this.#caughtUp().catch(this.#failed),
        failed: this.#failed,
      },
    });
    const { book, logs, sync, writer, generations, peers } = this.parts;
    this.#claims = new OpenClaims({
      primitives: platform.primitives,
      clock,
      me: this.me,
      identity: () => identity,
      book,
      logs,
      sync,
      writer,
      shelf: new ClaimShelf(profile.store),
      forgetQuestions: () => generations.forgetQuestions(),
    });
    this.alarms = this.parts.alarms.live;
    this.ready = this.parts.conversations.ready;
    this.hasPin = new LiveCell(soon, input.hasPin);
    this.conversations = new LiveView(soon, () => this.#listed());
    this.language = new LiveView(soon, () => languageOf(this.parts.vault.vault.preferences[LANGUAGE]));
    this.#unlisten = peers.subscribe((note) => {
      if (note.t === 'ended') this.#end('auth.expired');
      if (note.t === 'alarms') void this.parts.alarms.load();
      if (note.t === 'vault') void this.parts.vault.refresh().catch(this.#failed);
      if (note.t === 'opened') void this.parts.streams.opened(note.conv as ConversationId, note.seq);
      if (note.t === 'draft')
        void this.parts.drafts.load().then(() => this.#changed(note.conv as ConversationId));
    });
  }

  /** Loads what is here and connects. Throws only where nothing is here and the server cannot be asked. */
  static async start(input: PhoneSessionInput): Promise<PhoneSession> {
    const session = new PhoneSession(input);
    const { parts } = session;
    try {
      await parts.certificates.remember(input.identity.dk, input.identity.certificate);
      await parts.alarms.load();
      await parts.keyLog.load();
      session.#cursor = await new ProfileVault(input.profile.store).loadCursor();
      await Promise.all([
        parts.book.load(),
        parts.drafts.load(),
        parts.outbox.load(),
        session.#claims.load(),
      ]);
      await parts.keyLog.catchUp().catch((error: unknown) => {
        const canWorkOffline = isClientError(error, 'limit.busy') && parts.keyLog.size > 0;
        if (!canWorkOffline) throw error;
      });
      await parts.files.sweep();
      await session.#loadKeyrings();
    } catch (error) {
      await session.#stop();
      throw error;
    }
    if (session.#cursor > 0) session.ready.set(true);
    await session.#keepOpen();
    session.#link.start();
    return session;
  }

  get identity(): Identity {
    return this.#input.identity;
  }

  async open(id: ConversationId): Promise<PatientConversation> {
    return new PatientThread(await this.parts.conversations.open(id));
  }

  nowMs(): TimestampMs {
    return this.parts.serverClock.nowMs();
  }

  async setLanguage(language: Language): Promise<void> {
    await this.parts.vault.change((vault) => ({
      ...vault,
      preferences: { ...vault.preferences, [LANGUAGE]: language },
    }));
  }

  async setPin(pin: string): Promise<void> {
    const { pins } = this.#input;
    if (!this.#record.signsIn) {
      await (await this.#waysIn()).addDevice();
      this.#record = { ...this.#record, signsIn: true };
      await this.#shelf.save(this.#record);
    }
    await pins.set(this.me, this.parts.vault.umk, pin);
    this.hasPin.set(true);
  }

  async makeWords() {
    return (await this.#waysIn()).makeWords();
  }

  async addPasskey(label: string): Promise<void> {
    await (await this.#waysIn()).addPasskey(label);
  }

  async lock(): Promise<void> {
    await this.#shelf.forgetOpen(this.#input.platform.tab);
    this.parts.peers.post({ t: 'ended' });
    this.#end('auth.required');
    await this.close();
  }

  async forget(): Promise<void> {
    const { rest, platform, pins } = this.#input;
    await rest.call({ method: 'DELETE', path: '/session', answer: null }).catch((error: unknown) => {
      // Going away must work offline too; the server's session runs out by itself.
      if (!isClientError(error)) throw error;
    });
    await this.lock();
    await pins.remove(this.me);
    await platform.profiles.setCurrent(null);
    await platform.profiles.wipe(this.me);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.parts.marks.flush();
    await this.#stop();
  }

  /** Tries to connect at once instead of waiting for the next turn. */
  reconnect(): void {
    this.#link.retryNow();
  }

  async #stop(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#unlisten();
    this.#cancelKeeping();
    const { sync, outbox, marks, peers } = this.parts;
    this.#link.stop();
    sync.stop();
    outbox.stop();
    marks.stop();
    await sync.idle();
    await outbox.idle();
    peers.close();
    await this.#input.phone.close();
  }

  async #waysIn() {
    const { WaysIn } = await import('./ways-in.ts');
    const { platform, rest } = this.#input;
    return new WaysIn({ platform, rest, identity: this.identity, vault: this.parts.vault });
  }

  async #welcome(welcome: Welcome): Promise<void> {
    const { alarms, keyLog, sync, outbox, marks, serverClock, vault } = this.parts;
    const { clock } = this.#input.platform;
    serverClock.note(welcome.ts);
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
    const { seen } = vault.vault;
    const isBehind =
      welcome.batch < Math.max(this.#atHello.batch, seen.batch) ||
      welcome.keylog < Math.max(this.#atHello.keylog, seen.keylog);
    if (isBehind) alarms.raise({ code: 'ledger.rollback', severity: 'danger', about: 'welcome' });
    // Each of these goes on by itself later; none keeps the others from starting.
    await keyLog.catchUp(welcome.keylog).catch(this.#failed);
    outbox.kickAll();
    marks.resend();
    await sync.catchUp().catch(this.#failed);
  }

  async #caughtUp(): Promise<void> {
    const { streams, book, sync } = this.parts;
    await this.#claims.settle();
    for (const row of [...book.all()])
      if (row.sealedFrom !== null) await sync.run(row.conv, () => streams.reopen(row.conv));
    this.ready.set(true);
    await this.#noteSeen();
  }

  /** Keeps in the vault how far the server has shown its log, so that no phone of this account accepts less later (threat T9). */
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
      case 'keylog':
        return void keyLog.catchUp(frame.size).catch(this.#failed);
      case 'records':
      case 'batons':
        return;
    }
  }

  async #membershipChanged(conv: ConversationId): Promise<void> {
    this.#changed(conv);
    if (this.#claims.open) {
      await this.#claims.settle();
      this.parts.outbox.kick(conv);
    }
    await this.#loadKeyrings();
  }

  /** Keyrings of the roles that are members here, so that answers can be judged and "who can read this" has names. */
  async #loadKeyrings(): Promise<void> {
    const { keyLog, logs, book } = this.parts;
    const active = new Set(listRoles(keyLog.state).flatMap(({ role, active: is }) => (is ? [role] : [])));
    for (const { conv } of [...book.all()]) {
      const log = await logs.load(conv);
      if (!log) continue;
      await logs.prepareRoles(rolesOf(log.state).filter((role) => active.has(role))).catch(ignoreRefusal);
    }
    this.#namesChanged(false);
  }

  #namesChanged(isKeyLog: boolean): void {
    const { names, conversations, generations, outbox } = this.parts;
    names.invalidate();
    conversations.changedAll();
    this.conversations.invalidate();
    generations.forgetQuestions();
    if (!isKeyLog || this.#closed) return;
    void this.#loadKeyrings()
      .then(() => outbox.kickAll())
      .catch(this.#failed);
  }

  #changed(conv: ConversationId): void {
    this.parts.conversations.changed(conv);
    this.conversations.invalidate();
  }

  #listed(): readonly PatientThreadRow[] {
    const { conversations, card } = this.parts;
    return conversations.list
      .read()
      .filter(({ kind }) => kind === 'patient')
      .map((summary) => ({ ...summary, card: card(summary.id) }));
  }

  async #keepOpen(): Promise<void> {
    const { platform } = this.#input;
    if (this.#closed || this.#ended) return;
    await this.#shelf.keepOpen(platform, this.parts.vault.umk, platform.clock.nowMs());
    this.#cancelKeeping = platform.timers.after(KEEP_OPEN_MS, () => {
      void this.#keepOpen().catch(this.#failed);
    });
  }

  #lost(): void {
    if (this.connection.read().state === 'online') this.#offlineSince = this.#input.platform.clock.nowMs();
    this.#showConnection();
  }

  /** The server's session ran out. A phone with a PIN goes on by its own key; what opens the messages has not left it. */
  async #signedOut(code: ErrorCode): Promise<void> {
    const canGoOn = code === 'auth.expired' || code === 'auth.required';
    if (canGoOn && !this.#closed && (await this.#input.signInAgain().catch(isOffline))) {
      if (!this.#closed) this.#link.start();
      return;
    }
    this.#end(code);
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

  readonly #failed = (error: unknown): void => {
    if (this.#closed || isClientError(error)) return;
    // A bug must not pass in silence, nor may it stop the client.
    this.parts.alarms.raise({
      code: 'server.internal',
      severity: 'notice',
      about: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown',
      sentence: 'Something on this page did not work as it should. Reload it; nothing was lost.',
    });
  };
}

function languageOf(value: string | undefined): Language | null {
  return LANGUAGES.find((language) => language === value) ?? null;
}

/** Without a connection nothing is over: the next try is the connection's. */
function isOffline(error: unknown): boolean {
  return isClientError(error, 'limit.busy');
}

function ignoreRefusal(error: unknown): void {
  if (!isClientError(error)) throw error;
}
