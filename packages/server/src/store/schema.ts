import type { BatonSchema } from './baton-schema.ts';
import type { Generated, Insertable, Selectable } from 'kysely';
import type { OutsideSchema } from './outside-schema.ts';

// Row shapes of the tables in migrations/. Ids are text, times milliseconds since the epoch.

export interface OrgRow {
  org: string;
  created_at: number;
  keylog_size: Generated<number>;
  batch: Generated<number>;
  last_ts: Generated<number>;
  audit_size: Generated<number>;
  entries: Generated<number>;
  records_size: Generated<number>;
  baton_pos: Generated<number>;
  keyring_entries: Generated<number>;
  link_pos: Generated<number>;
}
export interface LocatorRow {
  kind: 'org' | 'session' | 'login' | 'passkey' | 'invitation' | 'account' | 'integration';
  key: Uint8Array;
  org: string;
}
export interface SetupTokenRow {
  token_hash: Uint8Array;
  kind: 'admin' | 'demo';
  expires_at: number;
  org: string | null;
}
export interface ChallengeRow {
  hash: Uint8Array;
  purpose: 'passkey-register' | 'passkey-sign-in' | 'device';
  account: string | null;
  device: string | null;
  expires_at: number;
}
export interface StatementRow {
  org: string;
  n: number;
  kind: string;
  body: Uint8Array;
  at: number;
}
export interface TreeHeadRow {
  org: string;
  n: number;
  size: number;
  entries: number;
  hash: Uint8Array;
  body: Uint8Array;
}
export interface CosignatureRow {
  org: string;
  head: Uint8Array;
  witness: Uint8Array;
  signature: Uint8Array;
}
export interface WitnessRow {
  org: string;
  key: Uint8Array;
  account: string;
  created_at: number;
}
export interface CertificateRow {
  org: string;
  hash: Uint8Array;
  account: string;
  device: string;
  body: Uint8Array;
  created_at: number;
}
export interface DeviceRow {
  org: string;
  device: string;
  account: string;
  label: string;
  class: 'personal' | 'workstation' | 'agent';
  certificate: Uint8Array;
  created_at: number;
  last_seen_at: number | null;
  not_after: number;
  revoked_at: number | null;
}
export interface VaultRow {
  org: string;
  account: string;
  version: number;
  sealed: Uint8Array;
}
export interface CredentialTable {
  org: string;
  credential: string;
  account: string;
  kind: 'passkey' | 'passphrase' | 'recovery' | 'demo' | 'device';
  label: string;
  login_key: Uint8Array | null;
  proof_hash: Uint8Array | null;
  totp_sealed: Uint8Array | null;
  totp_last_step: number | null;
  passkey_id: Uint8Array | null;
  passkey_public: Uint8Array | null;
  passkey_counter: number | null;
  passkey_transports: string[] | null;
  wrap: Uint8Array | null;
  created_at: number;
  last_used_at: number | null;
  failures: Generated<number>;
  disabled_at: number | null;
}
export type CredentialRow = Selectable<CredentialTable>;
export type NewCredentialRow = Insertable<CredentialTable>;
export interface SessionRow {
  org: string;
  session: string;
  account: string;
  device: string | null;
  credential: string | null;
  method: 'passkey' | 'passphrase' | 'recovery' | 'demo' | 'device' | 'claim';
  cookie: boolean;
  token_hash: Uint8Array;
  previous_hash: Uint8Array | null;
  previous_until: number | null;
  created_at: number;
  rotated_at: number;
  last_seen_at: number;
  idle_ms: number;
  absolute_expires_at: number;
  stepped_up_until: number | null;
  ended_at: number | null;
  end_code: string | null;
}
export interface RoleRow {
  org: string;
  role: string;
  keyring: string;
  active: boolean;
}
export interface ConversationRow {
  org: string;
  conv: string;
  kind: string;
  created_at: number;
  seq: number;
  batch: number;
  log_n: number;
  log_head: Uint8Array;
  log_batch: number;
  gen: number;
  needs_rotate: Generated<boolean>;
  closed: Generated<boolean>;
  state: Uint8Array;
}
export interface MemberRow {
  org: string;
  conv: string;
  member: string;
}
export interface ItemRow {
  org: string;
  conv: string;
  seq: number;
  kind: number;
  item_id: string;
  body: Uint8Array;
  batch: number;
  ts: number;
}
export interface BatchRow {
  org: string;
  batch: number;
  ts: number;
  convs: string[];
  seqs: number[];
}
export interface BoxRow {
  org: string;
  conv: string;
  gen: number;
  recipient: string;
  log_n: number;
  body: Uint8Array;
}
export interface CollectionKeyRow {
  org: string;
  conv: string;
  key: string;
  version: number;
  item_id: string;
  seq: number;
}
export interface CollectionRootRow {
  org: string;
  conv: string;
  seq: number;
  body: Uint8Array;
  at: number;
}
export interface CursorRow {
  org: string;
  account: string;
  batch: number;
}
export interface WatermarkRow {
  org: string;
  conv: string;
  account: string;
  seq: number;
  body: Uint8Array;
}
export interface BlobRow {
  org: string;
  blob: string;
  conv: string;
  account: string;
  size_bytes: number;
  created_at: number;
}
export interface UploadRow extends BlobRow {
  stored_bytes: number;
  parts: number;
  state: 'open' | 'complete' | 'leaving';
  hash: Uint8Array | null;
  touched_at: number;
}
export interface PatientLinkTable {
  org: string;
  invitation: string;
  account: string;
  author: string;
  link_key: Uint8Array | null;
  holder: Uint8Array;
  tries_left: number;
  second_claims: Generated<number>;
  claimed_at: number | null;
  replaced: Generated<boolean>;
  not_after: number;
  created_at: number;
  pos: number;
}
export type PatientLinkRow = Selectable<PatientLinkTable>;
export interface AuditRow {
  org: string;
  n: number;
  at: number;
  actor: string | null;
  session: string | null;
  action: string;
  object: string | null;
  outcome: 'ok' | 'refused' | 'failed';
  code: string | null;
}
export interface AuditCheckpointRow {
  org: string;
  size: number;
  frontier: Uint8Array;
  body: Uint8Array;
}

export interface Schema extends OutsideSchema, BatonSchema {
  orgs: OrgRow;
  locators: LocatorRow;
  setup_tokens: SetupTokenRow;
  challenges: ChallengeRow;
  server_flags: { name: string; value: string };
  statements: StatementRow;
  tree_heads: TreeHeadRow;
  cosignatures: CosignatureRow;
  witnesses: WitnessRow;
  certificates: CertificateRow;
  devices: DeviceRow;
  vaults: VaultRow;
  credentials: CredentialTable;
  sessions: SessionRow;
  roles: RoleRow;
  conversations: ConversationRow;
  members: MemberRow;
  items: ItemRow;
  batches: BatchRow;
  boxes: BoxRow;
  collection_keys: CollectionKeyRow;
  collection_roots: CollectionRootRow;
  cursors: CursorRow;
  watermarks: WatermarkRow;
  blobs: BlobRow;
  uploads: UploadRow;
  upload_uses: { org: string; blob: string; message: string };
  patient_links: PatientLinkTable;
  audit: AuditRow;
  audit_checkpoints: AuditCheckpointRow;
}
