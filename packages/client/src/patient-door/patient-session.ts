import type { AccountId, ConversationId, TimestampMs } from '@baton/kernel';
import { listRoles } from '@baton/ledger';
import { LANGUAGES, type Language } from '@baton/wire';
import type { PatientConversation, PatientThreadRow, PatientSession } from '../api/patient-door.ts';
import type { Alarm, ConnectionState } from '../api/session.ts';
import { isClientError } from '../failure.ts';
import type { Identity } from '../identity/identity.ts';
import { LiveCell, LiveView } from '../live/cell.ts';
import { rolesOf } from '../membership/membership-log.ts';
import type { Profile } from '../ports/platform.ts';
import type { SessionInput } from '../session/parts-ports.ts';
import { ProfileVault } from '../vault/profile-secrets.ts';
import { assemblePhone, type PhoneParts } from './assemble-phone.ts';
import { OpenClaims } from './open-claims.ts';
import { PatientThread } from './patient-thread.ts';
import { PhoneLine } from './phone-line.ts';
import type { PhonePlatform } from './phone-ports.ts';
import { ClaimShelf, type PhoneRecord, PhoneShelf } from './phone-records.ts';
import type { PinLock } from './pin-lock.ts';

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
  readonly #line: PhoneLine;
  readonly #claims: OpenClaims;
  readonly #shelf: PhoneShelf;
  readonly #unlisten: () => void;
  #record: PhoneRecord;
  #closed = false;
  #cancelKeeping: () => void = () => {};

  private constructor(input: PhoneSessionInput) {
    const { platform, rest, identity, phone, profile } = input;
    const { soon } = platform;
    this.#input = input;
    this.#record = input.record;
    this.#shelf = new PhoneShelf(phone.store);
    this.me = identity.account;
    this.#line = new PhoneLine({
      platform,
      rest,
      saved: new ProfileVault(profile.store),
      parts: () => this.parts,
      signInAgain: input.signInAgain,
      failed: this.#failed,
    });
    this.connection = this.#line.state;
    this.parts = assemblePhone({
      ...input,
      connection: () => this.#line.link,
      identityNow: () => identity,
      claim: () => this.#claims.open,
      settleClaim: () => this.#claims.settle(),
      cursor: this.#line.cursor,
      events: {
        keyLogChanged: () => this.#namesChanged(true),
        holdersChanged: () => this.#namesChanged(false),
        recordsChanged: () => {},
        membershipChanged: (conv) => void this.#membershipChanged(conv).catch(this.#failed),
        conversationChanged: (conv) => this.#changed(conv),
        outboxChanged: (conv) => {
          this.#changed(conv);
          this.#line.show();
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
      clock: this.parts.serverClock,
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
      if (note.t === 'ended') this.#line.end('auth.expired');
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
      await parts.manifests.load();
      await Promise.all([
        session.#line.load(),
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
    if (session.#line.cursor.read() > 0) session.ready.set(true);
    await session.#keepOpen();
    session.#line.link.start();
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
    this.#line.end('auth.required');
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
    this.#line.link.retryNow();
  }

  async #stop(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#unlisten();
    this.#cancelKeeping();
    const { sync, outbox, marks, peers } = this.parts;
    this.#line.stop();
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

  async #caughtUp(): Promise<void> {
    const { streams, book, sync, outbox } = this.parts;
    await this.#claims.finish();
    outbox.kickAll();
    for (const row of [...book.all()])
      if (row.sealedFrom !== null) await sync.run(row.conv, () => streams.reopen(row.conv));
    this.ready.set(true);
    await this.#line.noteSeen();
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
    if (this.#closed || this.#line.hasEnded) return;
    await this.#shelf.keepOpen(platform, this.parts.vault.umk, platform.clock.nowMs());
    this.#cancelKeeping = platform.timers.after(KEEP_OPEN_MS, () => {
      void this.#keepOpen().catch(this.#failed);
    });
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

function ignoreRefusal(error: unknown): void {
  if (!isClientError(error)) throw error;
}
