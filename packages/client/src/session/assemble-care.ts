import { findOrg } from '@baton/ledger';
import {
  ADMIN_JOBS,
  CHARGE_JOBS,
  CLINICAL_JOBS,
  explain,
  hasJob,
  policyOf,
  queueOf,
  schedulesOf,
} from '@baton/policy';
import { isId } from '@baton/kernel';
import { CareDesk } from '../care/care-desk.ts';
import { actorOf } from '../conversations/conversation-view.ts';
import { postTo } from '../outbox/post-to.ts';
import type { Duties } from './assemble-duty.ts';
import type { Desks } from './assemble-desks.ts';
import { assembleLinks } from './assemble-links.ts';
import type { Records } from './assemble-records.ts';
import type { Streams } from './assemble-streams.ts';
import type { Writing } from './assemble-writing.ts';
import type { PartsPorts } from './parts-ports.ts';

/** Patients' conversations, as staff see and keep them. */
export function assembleCare(
  ports: PartsPorts,
  records: Records,
  flow: Streams & Writing,
  made: Desks & Duties,
): CareDesk {
  const { platform, profile, secrets, events, connection } = ports;
  const { primitives, rng, clock, soon, timers } = platform;
  const { account: me, org } = secrets;
  const { directory, keyLog, logs, manifests, book, facts, recordLog, serverClock } = records;
  const { collections, sync, streams, outbox, files, writer } = flow;
  const { sealed, conversations, patients, duty, batons, agents } = made;
  return new CareDesk(
    {
      me,
      org,
      digest: primitives.sha256,
      rng,
      clock: serverClock,
      soon,
      store: profile.store,
      book,
      directory,
      keyLog,
      logs,
      manifests,
      collections,
      sealed,
      entries: writer,
      sync,
      streams,
      outbox,
      conversations,
      batons,
      facts: () => facts.now(),
      policy: () => policyOf(recordLog.book),
      timeZone: () => timeZoneOf(recordLog.book),
      queue: (id) => (isId('queue', id) ? queueOf(recordLog.book, id) : null),
      saveQueue: (queue) => duty.saveQueue(queue),
      owner: (id) => duty.owner(id),
      record: (ref) => patients.read(ref),
      registry: () => patients.id,
      sharing: (number) => patients.search(number).map(({ ref }) => ref),
      registryAsOf: () => {
        const { ready, count, updatedAt } = patients.state.read();
        return `${ready} ${count} ${updatedAt}`;
      },
      orgName: () => findOrg(keyLog.state)?.name ?? '',
      may: (action) => explain(actorOf(directory.person(me)), action).allowed,
      mayAdmit: () => hasJob(directory.person(me).jobs, [...CLINICAL_JOBS, ...CHARGE_JOBS, ...ADMIN_JOBS]),
      isOnline: () => connection().isOnline,
      post: (conv, content) => postTo(conv, content, { outbox, streams, files, clock, rng }),
      admit: (agent, conv, history) => agents.admit(agent, conv, { history }),
      failed: (error) => events.failed(error),
    },
    { links: (ground) => assembleLinks(ground, ports, records, flow), timers },
  );
}

/** The zone of the organisation's schedules; that of this device where there are none. */
function timeZoneOf(book: Parameters<typeof schedulesOf>[0]): string {
  const named = schedulesOf(book).findLast(({ active }) => active)?.timeZone;
  return named ?? new Intl.DateTimeFormat('en-US').resolvedOptions().timeZone;
}
