import { type Bytes, type ConversationId, equalBytes, type OrgId } from '@baton/kernel';
import { checkReceipt, type Digest, serverKeys, type Verify, verifyRow } from '@baton/ledger';
import type { AppendAnswer, ErrorCode } from '@baton/wire';
import type { Alarms } from '../alarms/alarms.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';

export interface ReceiptPorts {
  readonly org: OrgId;
  readonly keyLog: KeyLogReplica;
  readonly alarms: Alarms;
  readonly digest: Digest;
  readonly verify: Verify;
}

/** Checks what the server promised for each append: this item, at this place, in one history of batches. */
export class ReceiptBook {
  readonly #ports: ReceiptPorts;
  /** Receipts of one batch are the same for all its rows: checked once. */
  readonly #checked = new Map<string, Bytes>();

  constructor(ports: ReceiptPorts) {
    this.#ports = ports;
  }

  /** True where the receipt covers exactly this item at this place; otherwise an alarm was raised. */
  async check(conv: ConversationId, item: Bytes, answer: AppendAnswer): Promise<boolean> {
    const code = await this.#findFault(conv, item, answer);
    if (code === null) return true;
    this.#ports.alarms.raise({ code, severity: 'danger', about: `${conv}.receipt.${answer.seq}` });
    return false;
  }

  async #findFault(conv: ConversationId, item: Bytes, answer: AppendAnswer): Promise<ErrorCode | null> {
    const { org, digest, verify, keyLog } = this.#ports;
    // A replay of an item that was sealed anew answers for the first one, which this device may not have any more.
    if (answer.replay) return null;
    const keys = serverKeys(keyLog.state);
    const serverKey = keys.at(-1);
    if (!serverKey) return 'ledger.unknown_signer';
    const checked = await checkReceipt(answer.receipt, { digest, verify, org, serverKey });
    if (!checked.ok) return checked.error.code;
    const { receipt, hash } = checked.value;
    if (receipt.batch !== answer.batch) return 'ledger.bad_proof';
    const { index, path, seq } = answer;
    const row = verifyRow(digest, receipt, { row: { conv, seq, itemHash: digest(item) }, index, path });
    if (!row.ok) return row.error.code;
    // Two different receipts for one batch are two histories.
    const before = this.#checked.get(String(receipt.batch));
    if (before && !equalBytes(before, hash)) return 'ledger.fork';
    this.#remember(receipt.batch, hash);
    return null;
  }

  #remember(batch: number, hash: Bytes): void {
    if (this.#checked.size > 1000) this.#checked.clear();
    this.#checked.set(String(batch), hash);
  }
}
