import type { BoxKeyHolder } from '@baton/crypto';
import type { ConversationId, RoleId } from '@baton/kernel';
import { isId } from '@baton/kernel';
import { findRole, findRoleKey } from '@baton/ledger';
import { checkRoleKey } from '@baton/policy';
import type { EscalationContext, PracticeCard } from '@baton/wire';
import { ClientError } from '../failure.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import type { OutboxRow } from '../tables/records.ts';
import type { Escalation } from '../writing/message-sender.ts';

export interface PhoneEscalationPorts {
  readonly keyLog: KeyLogReplica;
  readonly logs: MembershipLogs;
  readonly card: (conv: ConversationId) => PracticeCard | null;
}

/**
 * For whom a patient's message is boxed: the roles of the practice card whose keys this phone has verified. A ladder is the practice's
 * business; whoever has no box is reached with name and callback, and gets one from the first device that can read the message (patients.md §5).
 */
export class PhoneEscalation implements Escalation {
  readonly #ports: PhoneEscalationPorts;

  constructor(ports: PhoneEscalationPorts) {
    this.#ports = ports;
  }

  async recipients({ conv }: Pick<OutboxRow, 'conv'>): Promise<readonly BoxKeyHolder[]> {
    const { logs, card } = this.#ports;
    const listed = card(conv)?.boxTo ?? [];
    const roles = [...new Set(listed)].filter((id): id is RoleId => isId('role', id));
    await logs.prepareRoles(roles);
    const holders = roles.flatMap((role) => this.#holder(role) ?? []);
    // The message goes out all the same, without a ladder.
    if (holders.length === 0) throw new ClientError('baton.owner', 'escalation.boxes');
    return holders;
  }

  context(row: Pick<OutboxRow, 'conv' | 'content'>): EscalationContext {
    const card = this.#ports.card(row.conv);
    const quote = row.content.t === 'message' ? row.content.quote : null;
    return {
      t: 'context',
      patient: card?.about.slice(0, 200) ?? null,
      sender: 'Patient',
      callback: null,
      conversation: card?.name.slice(0, 200) ?? '',
      quote: quote && { author: '', text: quote.text },
    };
  }

  /** A role's key counts when one who held the role published it. */
  #holder(role: RoleId): BoxKeyHolder | null {
    const { keyLog, logs } = this.#ports;
    const view = findRole(keyLog.state, role);
    const key = findRoleKey(keyLog.state, role);
    const keyring = logs.keyring(role);
    if (!view?.active || !key || !keyring || view.keyring !== keyring.conv) return null;
    if (!checkRoleKey(key.statement, keyring).ok) return null;
    return { to: role, g: key.statement.gen, boxKey: key.statement.pub };
  }
}
