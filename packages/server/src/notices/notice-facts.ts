import { isId, type OrgId } from '@baton/kernel';
import { findAccount, findRole, type KeyLogState } from '@baton/ledger';
import type { AskContract } from '@baton/policy';
import type { Unit } from '@baton/wire';
import type { NoticeParts } from './compose-notice.ts';

/** What the organisation's records say now about showing things in notices. */
export interface NoticeRecords {
  /** The active unit with this name. */
  unitNamed(name: string): Pick<Unit, 'callback' | 'showSender'> | null;
  /** Shown where no unit gives a number. */
  readonly callback: string | null;
}

export interface NoticeSubject {
  readonly org: OrgId;
  readonly contract: AskContract;
  readonly addressed: string;
  readonly opener: string;
  readonly unit: string | null;
}

/**
 * The visible names and numbers of one notice. Without a unit the sender is shown for stat only: what the unit's record says by default.
 */
export function noticePartsOf(
  subject: NoticeSubject,
  known: { readonly keyLog: KeyLogState; readonly records: NoticeRecords },
): Omit<NoticeParts, 'language'> {
  const { keyLog, records } = known;
  const { contract, addressed, opener, unit } = subject;
  const role = isId('role', addressed) ? findRole(keyLog, addressed) : null;
  const record = unit === null ? null : records.unitNamed(unit);
  const isShown = record === null ? contract === 'stat' : record.showSender[contract];
  const sender = isShown && isId('account', opener) ? findAccount(keyLog, opener) : null;
  return {
    contract,
    role: role?.name ?? null,
    unit,
    callback: record?.callback ?? records.callback,
    // A patient's name stands in no statement; this says it once more.
    sender: sender?.kind === 'user' ? sender.name : null,
  };
}
