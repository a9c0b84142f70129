import { type Primitives, randomGroupKeys, walkBoxKeyChain, type XwingKey } from '@baton/crypto';
import { type ConversationId, newId, Secret } from '@baton/kernel';
import { findAccount } from '@baton/ledger';
import { explain } from '@baton/policy';
import type { Vault } from '@baton/wire';
import { Alarms } from '../alarms/alarms.ts';
import { AuditReader } from '../audit/audit-reader.ts';
import { CollectionBook } from '../collections/collection-book.ts';
import { CollectionWriter } from '../collections/collection-writer.ts';
import { CollectionPatientRegistry } from '../patients/patient-registry.ts';
import { SecurityDesk } from '../security/security-desk.ts';
import { SendingGate } from '../writing/sending-gate.ts';
import { ConversationBook } from '../conversations/book.ts';
import { ConversationList } from '../conversations/conversation-list.ts';
import { actorOf, blockedOf } from '../conversations/conversation-view.ts';
import { ItemJudge } from '../conversations/item-judge.ts';
import { Drafts } from '../conversations/drafts.ts';
import { EnvelopeOpener } from '../conversations/envelope-opener.ts';
import { ConversationStreams } from '../conversations/stream.ts';
import type { Composition } from '../conversations/thread-ports.ts';
import { DirectoryBook } from '../directory/directory-book.ts';
import { ClientError } from '../failure.ts';
import { FileCourier } from '../files/file-courier.ts';
import { GenerationBook } from '../generations/generation-book.ts';
import type { Identity } from '../identity/identity.ts';
import { Certificates } from '../key-log/certificates.ts';
import { KeyLogReplica } from '../key-log/replica.ts';
import { MarksBook } from '../marks/marks-book.ts';
import { MembershipLogs } from '../membership/membership-logs.ts';
import { Outbox } from '../outbox/outbox.ts';
import { Enroller } from '../people/enroller.ts';
import { PeopleDesk } from '../people/people-desk.ts';
import type { Peers, Platform, Profile } from '../ports/platform.ts';
import { ReceiptBook } from '../receipts/receipt-book.ts';
import type { Rest } from '../rest/rest.ts';
import { RoleKeeper, roleBoxKey } from '../roles/role-keeper.ts';
import type { Connection } from '../sync/connection.ts';
import { SyncEngine } from '../sync/engine.ts';
import { type ProfileSecrets, ProfileVault } from '../vault/profile-secrets.ts';
import { VaultKeeper } from '../vault/vault-keeper.ts';
import { Appender } from '../writing/appender.ts';
import { EntryWriter } from '../writing/entry-writer.ts';
import { MessageSender } from '../writing/message-sender.ts';

export interface SessionInput {
  readonly platform: Platform;
  readonly rest: Rest;
  readonly profile: Profile;
  readonly secrets: ProfileSecrets;
  readonly vault: Vault;
  readonly identity: Identity;
}

/** What happens in one part and concerns others. The session wires it. */
export interface SessionEvents {
  keyLogChanged(): void;
  membershipChanged(conv: ConversationId): void;
  conversationChanged(conv: ConversationId): void;
  outboxChanged(conv: ConversationId): void;
  vaultChanged(): void;
  caughtUp(): void;
  failed(error: unknown): void;
}

/** Every part of a signed-in client. Each knows only the ports it was given; this is the one place that knows them all. */
export interface SessionParts {
  readonly alarms: Alarms;
  readonly keyLog: KeyLogReplica;
  readonly certificates: Certificates;
  readonly logs: MembershipLogs;
  readonly generations: GenerationBook;
  readonly book: ConversationBook;
  readonly drafts: Drafts;
  readonly outbox: Outbox;
  readonly receipts: ReceiptBook;
  readonly marks: MarksBook;
  readonly streams: ConversationStreams;
  readonly sync: SyncEngine;
  readonly writer: EntryWriter;
  readonly appender: Appender;
  readonly directory: DirectoryBook;
  readonly conversations: ConversationList;
  readonly files: FileCourier;
  readonly roles: RoleKeeper;
  readonly enroller: Enroller;
  readonly people: PeopleDesk;
  readonly vault: VaultKeeper;
  readonly collections: CollectionBook;
  readonly collectionWriter: CollectionWriter;
  readonly patients: CollectionPatientRegistry;
  readonly audit: AuditReader;
  readonly security: SecurityDesk;
  readonly peers: Peers;
}

export interface PartsPorts extends SessionInput {
  readonly events: SessionEvents;
  readonly connection: () => Connection;
  readonly identityNow: () => Identity;
  readonly cursor: { read(): number; save(batch: number): Promise<void> };
}

export function createParts(ports: PartsPorts): SessionParts {
  const { platform, rest, profile, secrets, events, connection, identityNow } = ports;
  const { primitives, rng, clock, timers, soon } = platform;
  const { store } = profile;
  const { sha256: digest, verifyEd25519: verify } = primitives;
  const me = secrets.account;
  const org = secrets.org;
  const peers = platform.peers(me);
  const locks = platform.locks(me);
  const alarms = new Alarms({ store, clock, soon, digest, peers });
  const vault = new VaultKeeper(
    { primitives, rng, rest, profile: new ProfileVault(store), alarms, changed: () => events.vaultChanged() },
    secrets,
    ports.vault,
  );
  const certificates = new Certificates({ rest, store, verify });
  const keyLog = new KeyLogReplica({
    rest,
    store,
    alarms,
    certificates,
    digest,
    verify,
    root: ports.vault.root,
    changed: () => events.keyLogChanged(),
  });
  const logs = new MembershipLogs({ rest, store, keyLog, certificates, verify });
  const generations = new GenerationBook({
    primitives,
    rest,
    store,
    logs,
    keyLog,
    alarms,
    account: me,
    boxKey: boxKeysOf({ primitives, keyLog, vault }),
    roleBoxKey: (role, keyring) => roleBoxKey(primitives, role, keyring),
  });
  const book = new ConversationBook(store, (conv) => events.conversationChanged(conv));
  const drafts = new Drafts({ store, peers, changed: (conv) => events.conversationChanged(conv) });
  const receipts = new ReceiptBook({ org, keyLog, alarms, store, digest, verify });
  const outbox = new Outbox({
    store,
    locks,
    peers,
    clock,
    timers,
    isOnline: () => connection().isOnline,
    deliver: (row) => sender.deliver(row),
    changed: (conv) => events.outboxChanged(conv),
  });
  const marks = new MarksBook({
    primitives,
    store,
    clock,
    timers,
    connection,
    identity: identityNow,
    keyLog,
    certificates,
    changed: (conv) => events.conversationChanged(conv),
    openedElsewhere: (conv, seq) => void streams.opened(conv, seq),
  });
  const judge = new ItemJudge({ primitives, org, keyLog, certificates, logs, alarms });
  const opener = new EnvelopeOpener({ primitives, judge, generations });
  const collections = new CollectionBook({
    primitives,
    rest,
    store,
    connection,
    judge,
    keyLog,
    certificates,
    logs,
    generations,
    alarms,
    changed: (conv, rows) => patients.take(conv, rows),
  });
  const streams: ConversationStreams = new ConversationStreams({
    store,
    book,
    logs,
    opener,
    outbox,
    alarms,
    connection,
    me,
    collections,
    stored: (conv, rows, where) => {
      conversations.peek(conv)?.stored(rows, where);
      events.conversationChanged(conv);
    },
    membershipChanged: (conv) => events.membershipChanged(conv),
    loadOpened: (conv) => marks.ownOpened(conv),
  });
  const sync = new SyncEngine({
    connection,
    timers,
    sink: streams,
    alarms: {
      withheld: (conv, seq) =>
        alarms.raise({ code: 'ledger.rollback', severity: 'danger', about: `${conv}.${seq}` }),
      rolledBack: (at) => alarms.raise({ code: 'ledger.rollback', severity: 'danger', about: at }),
    },
    loadCursor: ports.cursor.read,
    saveCursor: ports.cursor.save,
    caughtUp: () => events.caughtUp(),
    failed: (error) => events.failed(error),
  });
  const appender = new Appender({ connection, receipts, sync, sink: streams });
  const writer = new EntryWriter({
    primitives,
    rng,
    clock,
    provider: randomGroupKeys(rng),
    identity: identityNow,
    keyLog,
    logs,
    generations,
    appender,
    sync,
    rest,
  });
  const files = new FileCourier({ primitives, rng, rest, store, keep: (row) => outbox.keep(row) });
  const directory = new DirectoryBook({ keyLog, logs, clock, soon, me });
  const gate = new SendingGate({
    clock,
    book,
    logs,
    keyLog,
    writer,
    sync,
    requireUnblocked: (log) => {
      const row = book.get(log.conv);
      const members = [...log.state.members.keys()].flatMap((id) => directory.member(id) ?? []);
      const blocked = row ? blockedOf(row, members, me) : null;
      if (blocked) throw new ClientError(blocked.code, 'blocked', { sentence: blocked.sentence });
    },
  });
  const sender = new MessageSender({
    primitives,
    rng,
    clock,
    identity: identityNow,
    generations,
    receipts,
    gate,
    appender,
    sync,
    uploadFiles: (row) => files.upload(row),
  });
  const collectionWriter = new CollectionWriter({
    primitives,
    rng,
    clock,
    timers,
    rest,
    identity: identityNow,
    book,
    collections,
    generations,
    receipts,
    gate,
    appender,
    sync,
  });
  const patients: CollectionPatientRegistry = new CollectionPatientRegistry({
    me,
    rng,
    clock,
    soon,
    book,
    directory,
    collections,
    writer: collectionWriter,
    entries: writer,
    may: (action) => explain(actorOf(directory.person(me)), action).allowed,
  });
  const audit = new AuditReader({ rest, org, keyLog, directory, alarms, digest, verify });
  const security = new SecurityDesk({
    primitives,
    rng,
    clock,
    soon,
    rest,
    passkeys: platform.passkeys,
    publicUrl: platform.publicUrl,
    keyLog,
    vault,
    account: me,
    userName: () => directory.person(me).name,
  });
  const conversations = new ConversationList({
    me,
    rng,
    soon,
    names: directory,
    book,
    logs,
    keyLog,
    streams,
    outbox,
    marks,
    drafts,
    writer,
    files,
    compose: (composition) => compose(composition, { outbox, clock, rng }),
    loadOlderPage: (conv) => sync.run(conv, () => streams.loadOlder(conv)),
    openedUpTo: (conv, seq) => {
      void streams.opened(conv, seq);
      marks.open(conv, seq);
    },
  });
  const roles = new RoleKeeper({
    primitives,
    rng,
    clock,
    identity: identityNow,
    keyLog,
    logs,
    generations,
    writer,
  });
  const enroller = new Enroller({ primitives, clock, rng, keyLog, vault });
  const people = new PeopleDesk({
    primitives,
    rng,
    clock,
    soon,
    publicUrl: platform.publicUrl,
    keyLog,
    enroller,
    roles,
  });
  return {
    alarms,
    keyLog,
    certificates,
    logs,
    generations,
    book,
    drafts,
    outbox,
    receipts,
    marks,
    streams,
    sync,
    writer,
    appender,
    directory,
    conversations,
    files,
    roles,
    enroller,
    people,
    vault,
    collections,
    collectionWriter,
    patients,
    audit,
    security,
    peers,
  };
}

/** Puts a message into the outbox; from here on nothing is lost by a crash. */
async function compose(
  composition: Composition,
  ports: { readonly outbox: Outbox; readonly clock: Platform['clock']; readonly rng: Platform['rng'] },
) {
  const id = newId('message', ports.rng);
  const createdAt = ports.clock.nowMs();
  const { files, holdMs, ...rest } = composition;
  await ports.outbox.add(
    {
      ...rest,
      id,
      createdAt,
      notBefore: createdAt + holdMs,
      files: files.map(({ name, mime, width, height }) => ({ name, mime, width, height })),
    },
    files.map(({ bytes }) => bytes),
  );
  return id;
}

/** The account's box keys: the newest from the vault, earlier ones along the back chain of its statements. */
function boxKeysOf(ports: {
  readonly primitives: Primitives;
  readonly keyLog: KeyLogReplica;
  readonly vault: VaultKeeper;
}): (gen: number) => Promise<XwingKey | null> {
  const keys = new Map<string, XwingKey>();
  return async (gen) => {
    const { account, puk } = ports.vault.vault;
    const memo = `${puk.gen}:${gen}`;
    const known = keys.get(memo);
    if (known) return known;
    const statements = findAccount(ports.keyLog.state, account)?.boxKeys ?? [];
    const newest = { gen: puk.gen, seed: Secret.of(puk.seed) };
    const seeds = await walkBoxKeyChain(ports.primitives, { account, newest, statements });
    const seed = seeds.get(gen);
    if (!seed) return null;
    const key = await ports.primitives.xwingKeyFromSeed(seed.reveal());
    keys.set(memo, key);
    return key;
  };
}
