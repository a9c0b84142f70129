import { type Primitives, walkBoxKeyChain, type XwingKey } from '@baton/crypto';
import { Secret } from '@baton/kernel';
import { findAccount } from '@baton/ledger';
import { Alarms } from '../alarms/alarms.ts';
import { publishedSeed } from '../accounts/box-key-renewal.ts';
import { ConversationBook } from '../conversations/book.ts';
import { Drafts } from '../conversations/drafts.ts';
import { DirectoryBook } from '../directory/directory-book.ts';
import { GenerationBook } from '../generations/generation-book.ts';
import { Certificates } from '../key-log/certificates.ts';
import { KeyLogReplica } from '../key-log/replica.ts';
import { MembershipLogs } from '../membership/membership-logs.ts';
import { ReceiptBook } from '../receipts/receipt-book.ts';
import { roleBoxKey } from '../roles/role-keeper.ts';
import { ProfileVault } from '../vault/profile-secrets.ts';
import { VaultKeeper } from '../vault/vault-keeper.ts';
import type { PartsPorts } from './parts-ports.ts';

export type Records = ReturnType<typeof assembleRecords>;

/** What this device knows and has verified: the key log, membership logs, keys, rows. */
export function assembleRecords(ports: PartsPorts) {
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
  const logs = new MembershipLogs({ rest, store, keyLog, certificates, verify });
  const generations = new GenerationBook({
    primitives,
    rest,
    store,
    logs,
    keyLog,
    alarms,
    account: me,
    boxKey: boxKeysOf({ primitives, keyLog, vault }),
    roleBoxKey: (role, keyring) => roleBoxKey(primitives, role, keyring),
  });
  const book = new ConversationBook(store, (conv) => events.conversationChanged(conv));
  const drafts = new Drafts({ store, peers, changed: (conv) => events.conversationChanged(conv) });
  const receipts = new ReceiptBook({ org, keyLog, alarms, digest, verify });
  const directory = new DirectoryBook({ keyLog, logs, clock, soon, me });
  return {
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

/** The account's box keys: the newest from the vault, earlier ones along the back chain of its statements. */
function boxKeysOf(ports: {
  readonly primitives: Primitives;
  readonly keyLog: KeyLogReplica;
  readonly vault: VaultKeeper;
}): (gen: number) => Promise<XwingKey | null> {
  const keys = new Map<string, XwingKey>();
  return async (gen) => {
    const { account } = ports.vault.vault;
    const statements = findAccount(ports.keyLog.state, account)?.boxKeys ?? [];
    const published = publishedSeed(ports.vault.vault, statements.at(-1)?.gen ?? 0);
    const memo = `${published.gen}:${gen}`;
    const known = keys.get(memo);
    if (known) return known;
    const newest = { gen: published.gen, seed: Secret.of(published.seed) };
    const seeds = await walkBoxKeyChain(ports.primitives, { account, newest, statements });
    const seed = seeds.get(gen);
    if (!seed) return null;
    const key = await ports.primitives.xwingKeyFromSeed(seed.reveal());
    keys.set(memo, key);
    return key;
  };
}
