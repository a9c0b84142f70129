import type { Clock, ConversationId, RoleId } from '@baton/kernel';
import { findOrg } from '@baton/ledger';
import { explain } from '@baton/policy';
import { AuditReader } from '../audit/audit-reader.ts';
import { CollectionDesk } from '../collections/collection-desk.ts';
import { ConversationList } from '../conversations/conversation-list.ts';
import { actorOf } from '../conversations/conversation-view.ts';
import type { ThreadAsks } from '../conversations/thread-asks.ts';
import { IntegrationDesk } from '../integrations/integration-desk.ts';
import { NoticeDesk } from '../notices/notice-desk.ts';
import { rolesOf } from '../membership/membership-log.ts';
import { compose } from '../outbox/compose.ts';
import { CollectionPatientRegistry } from '../patients/patient-registry.ts';
import { Enroller } from '../people/enroller.ts';
import { PeopleDesk } from '../people/people-desk.ts';
import { RecordDesk } from '../record/record-desk.ts';
import { SecurityDesk } from '../security/security-desk.ts';
import type { Records } from './assemble-records.ts';
import type { Streams } from './assemble-streams.ts';
import type { Writing } from './assemble-writing.ts';
import type { PartsPorts } from './parts-ports.ts';

/** What threads show of what other parts know. */
export interface ThreadViews {
  readonly asks: ThreadAsks;
  readonly titleFor: (conv: ConversationId) => string | null;
}

export type Desks = ReturnType<typeof assembleDesks>;

/** What screens and the station see. */
export function assembleDesks(
  ports: PartsPorts,
  records: Records,
  flow: Streams & Writing,
  views: ThreadViews,
) {
  const { platform, rest, secrets } = ports;
  const { primitives, rng, clock, soon } = platform;
  const { sha256: digest, verifyEd25519: verify } = primitives;
  const { account: me, org } = secrets;
  const { alarms, vault, keyLog, book, directory } = records;
  const { collections, sync, writer, files, collectionWriter, roles } = flow;
  const sealed = new CollectionDesk({
    me,
    org,
    digest,
    keyLog,
    book,
    directory,
    collections,
    writer: collectionWriter,
    entries: writer,
    sync,
    people: () => people,
  });
  const patients = createRegistry(ports, records, flow, sealed);
  const audit = new AuditReader({ rest, org, keyLog, directory, alarms, digest, verify });
  const integrations = new IntegrationDesk({ rest });
  const recordDesk = new RecordDesk({
    primitives,
    clock: records.serverClock,
    rest,
    store: ports.profile.store,
    keyLog,
    certificates: records.certificates,
    generations: records.generations,
    opener: flow.opener,
    identity: ports.identityNow,
    files,
    names: directory,
    roleName: (id) => directory.role(id)?.name ?? null,
    orgName: () => findOrg(keyLog.state)?.name ?? '',
  });
  const notices = new NoticeDesk({ rest });
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
  const conversations = createConversations(ports, records, flow, views);
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
    sealed,
    conversations,
    patients,
    audit,
    integrations,
    recordDesk,
    notices,
    security,
    enroller,
    people,
  };
}

function createRegistry(
  { platform, secrets }: PartsPorts,
  records: Records,
  flow: Streams & Writing,
  sealed: CollectionDesk,
): CollectionPatientRegistry {
  const { primitives, clock, soon } = platform;
  const { account: me, org } = secrets;
  const { book, directory } = records;
  return new CollectionPatientRegistry({
    me,
    org,
    digest: primitives.sha256,
    clock,
    soon,
    book,
    directory,
    collections: flow.collections,
    writer: flow.collectionWriter,
    entries: flow.writer,
    sync: flow.sync,
    isOther: (conv) => sealed.isState(conv) || sealed.isNamed(conv),
    may: (action) => explain(actorOf(directory.person(me)), action).allowed,
  });
}

function createConversations(
  ports: PartsPorts,
  records: Records,
  flow: Streams & Writing,
  views: ThreadViews,
): ConversationList {
  const { rng, clock, soon } = ports.platform;
  const { keyLog, logs, book, drafts, directory, peers } = records;
  const { outbox, marks, streams, sync, writer, files } = flow;
  return new ConversationList({
    me: ports.secrets.account,
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
    compose: (composition) => compose(composition, { outbox, streams, files, clock, rng }),
    ...views,
    loadOlderPage: (conv) => sync.run(conv, () => streams.loadOlder(conv)),
    freshenRoles: createFreshener(records, clock, () => ports.events.holdersChanged()),
    openedUpTo: (conv, seq) => {
      void streams.opened(conv, seq);
      marks.open(conv, seq);
      peers.post({ t: 'opened', conv, seq });
    },
  });
}

/** A keyring's log is fetched again at most so often. */
const FRESH_MS = 30_000;

function createFreshener(
  records: Records,
  clock: Clock,
  changed: () => void,
): (conv: ConversationId) => void {
  const lookedAt = new Map<RoleId, number>();
  return (conv) => {
    const log = records.logs.peek(conv);
    const nowMs = clock.nowMs();
    const due = (log ? rolesOf(log.state) : []).filter(
      (role) => nowMs - (lookedAt.get(role) ?? 0) > FRESH_MS,
    );
    for (const role of due) lookedAt.set(role, nowMs);
    if (due.length === 0) return;
    void records.logs.refreshRoles(due).then(changed, () => {
      for (const role of due) lookedAt.delete(role);
    });
  };
}
