import { explain } from '@baton/policy';
import type { LinksGround } from '../care/care-ports.ts';
import { actorOf } from '../conversations/conversation-view.ts';
import { CareLinks } from '../links/care-links.ts';
import { LinkMaker } from '../links/link-maker.ts';
import { postTo } from '../outbox/post-to.ts';
import type { Records } from './assemble-records.ts';
import type { Streams } from './assemble-streams.ts';
import type { Writing } from './assemble-writing.ts';
import type { PartsPorts } from './parts-ports.ts';

/** Inviting patients. */
export function assembleLinks(
  ground: LinksGround,
  ports: PartsPorts,
  records: Records,
  flow: Streams & Writing,
): CareLinks {
  const { platform, rest, secrets, events, connection, identityNow } = ports;
  const { primitives, rng, clock, timers, publicUrl } = platform;
  const { alarms, book, directory, keyLog, logs, serverClock } = records;
  const { outbox, streams, files, writer } = flow;
  const maker = new LinkMaker({
    primitives,
    rng,
    clock: serverClock,
    rest,
    publicUrl,
    identity: identityNow,
    keyLog,
    writer,
  });
  return new CareLinks(
    {
      ...ground,
      keyLog,
      logs,
      book,
      clock: serverClock,
      note: async (sidebar, text) => {
        const plain = { attachments: [], mentions: [], quote: null, template: null, request: null };
        await postTo(sidebar, { t: 'message', text, ...plain }, { outbox, streams, files, clock, rng });
      },
    },
    {
      maker,
      watch: {
        rest,
        rng,
        timers,
        alarms,
        may: (action) => explain(actorOf(directory.person(secrets.account)), action).allowed,
        isOnline: () => connection().isOnline,
        failed: (error) => events.failed(error),
      },
    },
  );
}
