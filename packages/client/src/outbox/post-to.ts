import type { ConversationId, MessageId } from '@baton/kernel';
import type { Content } from '@baton/wire';
import { compose, type ComposePorts } from './compose.ts';

/** Puts something that asks nothing of anybody into the outbox. */
export function postTo(conv: ConversationId, content: Content, ports: ComposePorts): Promise<MessageId> {
  return compose(
    {
      id: null,
      conv,
      class: { kind: content.t, contract: 'fyi', to: [], withinMs: null, replyTo: null },
      as: null,
      content,
      asked: null,
      answers: [],
      files: [],
      holdMs: 0,
    },
    ports,
  );
}
