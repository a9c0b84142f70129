import { type Clock, type MessageId, newId, type Rng } from '@baton/kernel';
import type { Composition } from '../conversations/thread-ports.ts';
import type { ConversationStreams } from '../conversations/stream.ts';
import type { FileCourier } from '../files/file-courier.ts';
import type { Outbox } from './outbox.ts';

export interface ComposePorts {
  readonly outbox: Outbox;
  readonly streams: Pick<ConversationStreams, 'find'>;
  readonly files: Pick<FileCourier, 'seal'>;
  readonly clock: Clock;
  readonly rng: Rng;
}

/** Puts a message into the outbox, its files sealed beside it; once it resolves nothing is lost by a crash. */
export async function compose(composition: Composition, ports: ComposePorts): Promise<MessageId> {
  const { files, holdMs, answers, id: given, content, ...rest } = composition;
  const { outbox, streams } = ports;
  // A repeat: it waits, or is committed, already.
  if (given !== null && (outbox.find(given) !== null || (await streams.find(rest.conv, given)) !== null))
    return given;
  const id = given ?? newId('message', ports.rng);
  const sealed = await ports.files.seal(id, files);
  const createdAt = ports.clock.nowMs();
  const withFiles = content.t === 'message' ? { ...content, attachments: [...sealed.attachments] } : content;
  await outbox.add(
    {
      ...rest,
      answers: [...answers],
      content: withFiles,
      id,
      createdAt,
      notBefore: createdAt + holdMs,
      files: [...sealed.files],
    },
    sealed.writes,
  );
  return id;
}
