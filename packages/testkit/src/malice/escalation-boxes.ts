import type { RoleId } from '@baton/kernel';
import type { Operator } from './operator.ts';

/** The boxes of a message as the operator finds and replaces them. */
export function escalationBoxes(operator: Operator, recipient: RoleId) {
  return {
    async of(message: string, whose: string = recipient): Promise<Uint8Array> {
      const rows = await operator.query<{ body: Buffer }>(
        'SELECT body FROM escalation_boxes WHERE message = $1 AND recipient = $2',
        [message, whose],
      );
      const box = rows[0];
      if (box === undefined) throw new Error('no box');
      return box.body;
    },
    replace: (message: string, body: Uint8Array) =>
      operator.query('UPDATE escalation_boxes SET body = $3 WHERE message = $1 AND recipient = $2', [
        message,
        recipient,
        body,
      ]),
  };
}
