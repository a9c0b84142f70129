import type { Bytes, ConversationId, MessageId } from '@baton/kernel';
import type { OrgTransaction } from './database.ts';

/** What a message that asks for something carries beside the envelope, for these readers. */
export interface StoredEscalation {
  readonly conv: ConversationId;
  readonly seq: number;
  readonly context: Bytes;
  readonly boxes: readonly Bytes[];
}

export async function findEscalation(
  trx: OrgTransaction,
  message: MessageId,
  readers: readonly string[],
): Promise<StoredEscalation | null> {
  const row = await trx
    .selectFrom('escalations')
    .select(['conv', 'seq', 'context'])
    .where('message', '=', message)
    .executeTakeFirst();
  if (row === undefined) return null;
  const boxes = await trx
    .selectFrom('escalation_boxes')
    .select('body')
    .where('message', '=', message)
    .where('recipient', 'in', [...readers])
    .orderBy('recipient')
    .execute();
  return {
    conv: row.conv as ConversationId,
    seq: row.seq,
    context: row.context,
    boxes: boxes.map(({ body }) => body),
  };
}
