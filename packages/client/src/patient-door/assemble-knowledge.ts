import { invitationBoxKey } from '@baton/crypto';
import { type ConversationId, Secret } from '@baton/kernel';
import { findAccount } from '@baton/ledger';
import { emptyRecordBook } from '@baton/policy';
import { boxKeysOf } from '../accounts/own-box-keys.ts';
import { ManifestBook } from '../agents/manifest-book.ts';
import { MembershipViews } from '../agents/membership-views.ts';
import { Alarms } from '../alarms/alarms.ts';
import { ConversationBook } from '../conversations/book.ts';
import { Drafts } from '../conversations/drafts.ts';
import { NamesBook } from '../directory/names-book.ts';
import { ClientError } from '../failure.ts';
import { GenerationBook } from '../generations/generation-book.ts';
import { Certificates } from '../key-log/certificates.ts';
import { KeyLogReplica } from '../key-log/replica.ts';
import { MembershipLogs } from '../membership/membership-logs.ts';
import { ReceiptBook } from '../receipts/receipt-book.ts';
import type { PartsPorts } from '../session/parts-ports.ts';
import { ServerClock } from '../sync/server-clock.ts';
import { ProfileVault } from '../vault/profile-secrets.ts';
import { VaultKeeper } from '../vault/vault-keeper.ts';
import type { OpenClaim } from './phone-records.ts';

export type PhoneKnowledge = ReturnType<typeof assembleKnowledge>;

export interface PhonePartsPorts extends PartsPorts {
  /** While the claim has not reached every conversation: opens what was sealed to the link. */
  readonly claim: () => OpenClaim | null;
  /** Claims what is open; nobody writes before. */
  readonly settleClaim: () => Promise<void>;
}

/** What this phone knows and has verified. */
export function assembleKnowledge(ports: PhonePartsPorts) {
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
  const manifests = new ManifestBook({ rest, store, digest });
  const views = new MembershipViews({ keyLog, manifests, records: () => NO_RECORDS, trustsDutyAgents: true });
  const logs = new MembershipLogs({ rest, store, keyLog, certificates, verify, views });
  const ownBoxKey = boxKeysOf({ primitives, keyLog, vault });
  const generations = new GenerationBook({
    primitives,
    rest,
    store,
    logs,
    keyLog,
    alarms,
    account: me,
    boxKey: (gen) => (gen === 0 ? linkBoxKey(ports) : ownBoxKey(gen)),
    roleBoxKey: () => Promise.reject(new ClientError('policy.forbidden', 'role')),
  });
  const book = new ConversationBook(store, (conv) => events.conversationChanged(conv));
  const drafts = new Drafts({ store, peers, changed: (conv) => events.conversationChanged(conv) });
  const receipts = new ReceiptBook({ org, keyLog, alarms, digest, verify });
  const names = new NamesBook({ keyLog, logs, manifests, clock, me });
  const serverClock = new ServerClock(clock);
  const isOutside = (author: typeof me): boolean => findAccount(keyLog.state, author)?.kind === 'patient';
  const card = (conv: ConversationId) => book.get(conv)?.card?.card ?? null;
  return {
    peers,
    alarms,
    vault,
    certificates,
    keyLog,
    manifests,
    views,
    logs,
    generations,
    book,
    drafts,
    receipts,
    names,
    serverClock,
    isOutside,
    card,
  };
}

/** Schedules are the practice's own business, and no patient's. */
const NO_RECORDS = { book: emptyRecordBook(), catchUp: () => Promise.resolve() };

async function linkBoxKey({ claim, platform }: PhonePartsPorts) {
  const open = claim();
  return open && invitationBoxKey(platform.primitives, Secret.of(open.secret));
}
