import type { BoxKeyHolder } from '@baton/crypto';
import { type Clock, isId, type MemberId, type RoleId } from '@baton/kernel';
import { findAccount, findRole, findRoleKey } from '@baton/ledger';
import { type AskContract, type BatonFacts, checkRoleKey, ladderRecipients } from '@baton/policy';
import type { EscalationContext } from '@baton/wire';
import { ClientError } from '../failure.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import type { OutboxRow } from '../tables/records.ts';
import type { Escalation } from './message-sender.ts';

const QUOTE_LENGTH = 2000;

export interface EscalationPorts {
  readonly clock: Clock;
  readonly keyLog: KeyLogReplica;
  readonly logs: MembershipLogs;
  readonly facts: () => BatonFacts;
  /** Sender and conversation as a stranger to it has to be told of them. */
  readonly describe: (row: OutboxRow) => {
    readonly sender: string;
    readonly conversation: string;
    readonly quotedAuthor: string | null;
    readonly callback: string | null;
  };
}

/** For whom a message that asks for something is boxed, and what they are told beside it (docs/protocol/batons.md §5). */
export class EscalationSealer implements Escalation {
  readonly #ports: EscalationPorts;

  constructor(ports: EscalationPorts) {
    this.#ports = ports;
  }

  /** Everybody of the ladder as it stands now, with the keys of the verified key log. */
  async recipients({ class: asked }: Pick<OutboxRow, 'class'>): Promise<BoxKeyHolder[]> {
    const facts = this.#ports.facts();
    if (!facts.hasSupervisor()) throw new ClientError('duty.no_supervisor', 'class.contract');
    const contract = asked.contract as AskContract;
    const at = this.#ports.clock.nowMs();
    const members = ladderRecipients({ to: asked.to, contract, at }, facts);
    await this.#ports.logs.prepareRoles(members.filter((id): id is RoleId => isId('role', id)));
    return members.map((member) => this.holder(member));
  }

  /** The key to seal to, from the verified key log only. A role's key counts when one who held the role published it. */
  holder(member: MemberId): BoxKeyHolder {
    const { keyLog, logs } = this.#ports;
    if (isId('account', member)) {
      const key = findAccount(keyLog.state, member)?.boxKey ?? null;
      if (key) return { to: member, g: key.gen, boxKey: key.pub };
    } else if (isId('role', member)) {
      const key = findRoleKey(keyLog.state, member);
      const keyring = logs.keyring(member);
      const isHonest = key && keyring && findRole(keyLog.state, member)?.keyring === keyring.conv;
      if (isHonest && checkRoleKey(key.statement, keyring).ok)
        return { to: member, g: key.statement.gen, boxKey: key.statement.pub };
    }
    throw new ClientError('baton.escalation', `escalation.${member}`);
  }

  context(row: OutboxRow): EscalationContext {
    const { sender, conversation, quotedAuthor, callback } = this.#ports.describe(row);
    const quote = row.content.t === 'message' ? row.content.quote : null;
    return {
      t: 'context',
      patient: row.asked?.patient?.slice(0, 200) ?? null,
      sender: sender.slice(0, 200),
      callback: (row.asked?.callback ?? callback)?.slice(0, 60) ?? null,
      conversation: conversation.slice(0, 200),
      quote: quote && { author: (quotedAuthor ?? '').slice(0, 200), text: quote.text.slice(0, QUOTE_LENGTH) },
    };
  }
}
