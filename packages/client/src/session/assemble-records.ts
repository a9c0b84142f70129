import { ManifestBook } from '../agents/manifest-book.ts';
import { MembershipViews } from '../agents/membership-views.ts';
import { Alarms } from '../alarms/alarms.ts';
import { boxKeysOf } from '../accounts/own-box-keys.ts';
import { createBoxKeys } from '../batons/box-keys.ts';
import { ConversationBook } from '../conversations/book.ts';
import { Drafts } from '../conversations/drafts.ts';
import { DirectoryBook } from '../directory/directory-book.ts';
import { OrgFacts } from '../duty/org-facts.ts';
import { RecordLog } from '../duty/record-log.ts';
import { GenerationBook } from '../generations/generation-book.ts';
import { Certificates } from '../key-log/certificates.ts';
import { KeyLogReplica } from '../key-log/replica.ts';
import { MembershipLogs } from '../membership/membership-logs.ts';
import { ProtocolJudge } from '../programmes/protocol-judge.ts';
import { ReceiptBook } from '../receipts/receipt-book.ts';
import { roleBoxKey } from '../roles/role-keeper.ts';
import { ServerClock } from '../sync/server-clock.ts';
import { ProfileVault } from '../vault/profile-secrets.ts';
import { VaultKeeper } from '../vault/vault-keeper.ts';
import type { AccountId } from '@baton/kernel';
import type { PartsPorts } from './parts-ports.ts';

export type Records = ReturnType<typeof assembleRecords>;

/** What this device knows and has verified: the key log, membership logs, keys, rows. */
export function assembleRecords(
  ports: PartsPorts,
  late: { readonly patientName: (account: AccountId) => string | null },
) {
  const { platform, rest, profile, secrets, events } = ports;
  const { primitives, rng, clock, soon } = platform;
  const { store } = profile;
  const { sha256: digest, verifyEd25519: verify } = primitives;
  const { account: me, org } = secrets;
  const peers = platform.peers(me);
  const alarms = new Alarms({ store, clock, soon, digest, peers });
  const vault = new VaultKeeper(
    { primitives, rng, rest, profile: new ProfileVault(store), alarms, changed: () => events.vaultChanged() },
    secrets,
    ports.vault,
  );
  const certificates = new Certificates({ rest, store, verify });
  const keyLog = new KeyLogReplica({
    rest,
    store,
    alarms,
    certificates,
    digest,
    verify,
    root: ports.vault.root,
    changed: () => events.keyLogChanged(),
  });
  const serverClock = new ServerClock(clock);
  const manifests = new ManifestBook({ rest, store, digest });
  const views: MembershipViews = new MembershipViews({ keyLog, manifests, records: () => recordLog });
  const logs: MembershipLogs = new MembershipLogs({ rest, store, keyLog, certificates, verify, views });
  const ownBoxKey = boxKeysOf({ primitives, keyLog, vault });
  const generations = new GenerationBook({
    primitives,
    rest,
    store,
    logs,
    keyLog,
    alarms,
    account: me,
    boxKey: ownBoxKey,
    roleBoxKey: (role, keyring) => roleBoxKey(primitives, role, keyring),
  });
  const book = new ConversationBook(store, (conv) => events.conversationChanged(conv));
  const drafts = new Drafts({ store, peers, changed: (conv) => events.conversationChanged(conv) });
  const receipts = new ReceiptBook({ org, keyLog, alarms, digest, verify });
  const directory = new DirectoryBook({
    keyLog,
    logs,
    manifests,
    clock,
    soon,
    me,
    patientName: late.patientName,
  });
  const boxKey = createBoxKeys({ primitives, me, keyLog, logs, generations, ownKey: ownBoxKey });
  const recordLog: RecordLog = new RecordLog({
    rest,
    store,
    alarms,
    certificates,
    keyLog,
    digest,
    verify,
    wasOnDuty: (account, role, atMs) =>
      [facts.at(atMs), facts.now()].some((then) => then.holders(role, atMs).includes(account)),
    wasInCharge: (account, role, atMs) =>
      [facts.at(atMs), facts.now()].some((then) => then.inChargeOf(account, role, atMs)),
    freshen: () => keyLog.catchUp(),
    changed: () => events.recordsChanged(),
  });
  const facts = new OrgFacts({ keyLog, logs, records: recordLog, views, manifests });
  const protocolJudge = new ProtocolJudge({ org, digest, verify, keyLog, certificates });
  return {
    protocolJudge,
    serverClock,
    manifests,
    views,
    recordLog,
    facts,
    boxKey,
    peers,
    alarms,
    vault,
    certificates,
    keyLog,
    logs,
    generations,
    book,
    drafts,
    receipts,
    directory,
  };
}
