import { type Clock, type ConversationId, newId, type RoleId } from '@baton/kernel';
import { explain } from '@baton/policy';
import { AuditReader } from '../audit/audit-reader.ts';
import { CollectionDesk } from '../collections/collection-desk.ts';
import { ConversationList } from '../conversations/conversation-list.ts';
import { actorOf } from '../conversations/conversation-view.ts';
import type { ThreadAsks } from '../conversations/thread-asks.ts';
import type { Composition } from '../conversations/thread-ports.ts';
import { IntegrationDesk } from '../integrations/integration-desk.ts';
import { NoticeDesk } from '../notices/notice-desk.ts';
import { rolesOf } from '../membership/membership-log.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { CollectionPatientRegistry } from '../patients/patient-registry.ts';
import { Enroller } from '../people/enroller.ts';
import { PeopleDesk } from '../people/people-desk.ts';
import type { Platform } from '../ports/platform.ts';
import { SecurityDesk } from '../security/security-desk.ts';
import type { Records } from './assemble-records.ts';
import type { Streams } from './assemble-streams.ts';
import type { Writing } from './assemble-writing.ts';
import type { PartsPorts } from './parts-ports.ts';

export type Desks = ReturnType<typeof assembleDesks>;

/** What screens and the station see. */
export function assembleDesks(
  ports: PartsPorts,
  records: Records,
  flow: Streams & Writing,
  asks: ThreadAsks,
) {
  const { platform, rest, secrets } = ports;
  const { primitives, rng, clock, soon } = platform;
  const { sha256: digest, verifyEd25519: verify } = primitives;
  const { account: me, org } = secrets;
  const { alarms, vault, keyLog, logs, book, drafts, directory, peers } = records;
  const { outbox, marks, collections, streams, sync, writer, files, collectionWriter, roles } = flow;
  const sealed = new CollectionDesk({
    me,
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
  const patients = new CollectionPatientRegistry({
    me,
    rng,
    clock,
    soon,
    book,
    directory,
    collections,
    writer: collectionWriter,
    entries: writer,
    isOther: (conv) => sealed.isState(conv),
    may: (action) => explain(actorOf(directory.person(me)), action).allowed,
  });
  const audit = new AuditReader({ rest, org, keyLog, directory, alarms, digest, verify });
  const integrations = new IntegrationDesk({ rest });
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
    compose: (composition) => compose(composition, { outbox, streams, clock, rng }),
    asks,
    loadOlderPage: (conv) => sync.run(conv, () => streams.loadOlder(conv)),
    freshenRoles: createFreshener(records, clock, () => ports.events.holdersChanged()),
    openedUpTo: (conv, seq) => {
      void streams.opened(conv, seq);
      marks.open(conv, seq);
      peers.post({ t: 'opened', conv, seq });
    },
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
    sealed,
    conversations,
    patients,
    audit,
    integrations,
    notices,
    security,
    enroller,
    people,
  };
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

/** Puts a message into the outbox; from here on nothing is lost by a crash. */
async function compose(
  composition: Composition,
  ports: {
    readonly outbox: Outbox;
    readonly streams: Streams['streams'];
    readonly clock: Platform['clock'];
    readonly rng: Platform['rng'];
  },
) {
  const { files, holdMs, answers, id: given, ...rest } = composition;
  const { outbox, streams } = ports;
  // A repeat: it waits, or is committed, already.
  if (given !== null && (outbox.find(given) !== null || (await streams.find(rest.conv, given)) !== null))
    return given;
  const id = given ?? newId('message', ports.rng);
  const createdAt = ports.clock.nowMs();
  await ports.outbox.add(
    {
      ...rest,
      answers: [...answers],
      id,
      createdAt,
      notBefore: createdAt + holdMs,
      files: files.map(({ name, mime, width, height }) => ({ name, mime, width, height })),
    },
    files.map(({ bytes }) => bytes),
  );
  return id;
}
