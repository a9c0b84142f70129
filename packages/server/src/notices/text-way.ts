import { type AccountId, encodeBase64Url, encodeUtf8, type OrgId } from '@baton/kernel';
import type { Services } from '../server-parts.ts';
import { listNoticeAddresses } from '../store/notice-addresses.ts';
import { composeNotice } from './compose-notice.ts';
import type { NoticeChannel } from './notice-channel.ts';
import { type NoticeRecords, noticePartsOf } from './notice-facts.ts';
import { openNoticeAddress } from './sealed-addresses.ts';
import type { AttemptWay } from './send-attempts.ts';

/** Text and voice notices to the telephones that people gave. */
export function createTextWay(
  needs: Pick<Services, 'ports' | 'keys' | 'keyLogs'> & {
    /** null: none is set up. */
    readonly channel: NoticeChannel | null;
    readonly records: (org: OrgId) => Promise<NoticeRecords>;
  },
): AttemptWay<ReadonlyMap<AccountId, Uint8Array>> {
  const { ports, keys, keyLogs, channel, records } = needs;
  return {
    channel: 'text',
    read: (trx, _org, accounts) => listNoticeAddresses(trx, accounts),
    async tryOnce(org, attempt, addresses) {
      const { account, contract, addressed, opener, unit } = attempt;
      if (channel === null) return { state: 'none', outcome: 'no_channel' };
      const sealed = addresses.get(account as AccountId);
      const address = sealed === undefined ? null : openNoticeAddress(keys, { org, account, sealed });
      if (address === null || address.phone === null) return { state: 'none', outcome: 'no_address' };
      const known = { keyLog: await keyLogs.get(org), records: await records(org) };
      const parts = noticePartsOf({ org, contract, addressed, opener, unit }, known);
      const { text, segments } = composeNotice({ ...parts, language: address.language });
      const id = ports.digest(encodeUtf8(`${attempt.baton}\0${attempt.n}\0${account}`));
      await channel.send({
        id: encodeBase64Url(id.subarray(0, 16)),
        phone: address.phone,
        voice: address.voice,
        text,
        segments,
      });
      return { state: 'sent' };
    },
  };
}
