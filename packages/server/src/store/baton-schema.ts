import type { Generated } from 'kysely';

// Row shapes of records, manifests, batons and timers (migrations/20261122194800_batons.sql).

export interface OrgRecordRow {
  org: string;
  pos: number;
  subject: string;
  version: number;
  hash: Uint8Array;
  body: Uint8Array;
  at: number;
}
export interface ManifestRow {
  org: string;
  hash: Uint8Array;
  body: Uint8Array;
  at: number;
}
export interface BatonRow {
  org: string;
  baton: string;
  n: number;
  head: Uint8Array;
  state: Uint8Array;
  conv: string | null;
  message: string | null;
  opener: string;
  reference: string | null;
  owner: string;
  offered: string | null;
  contract: 'reply' | 'talk' | 'stat';
  status: 'open' | 'acknowledged' | 'answered' | 'closed';
  opened_at: number;
  at: number;
  tried_at: number;
  alarmed_at: number | null;
  pos: number;
}
export interface BatonEventRow {
  org: string;
  baton: string;
  n: number;
  hash: Uint8Array;
  body: Uint8Array;
  at: number;
  pos: number;
}

export interface BatonSchema {
  org_records: OrgRecordRow;
  manifests: ManifestRow;
  batons: BatonRow;
  baton_events: BatonEventRow;
  baton_reached: { org: string; account: string; baton: string };
  baton_openings: { org: string; message: string; conv: string; seq: number; ts: number };
  escalations: { org: string; message: string; conv: string; seq: number; context: Uint8Array };
  escalation_boxes: { org: string; message: string; recipient: string; g: number; body: Uint8Array };
  duty_seen: { org: string; owner: string; holders: string };
  duty_rounds: { org: string; records: number };
  timers: { org: string; subject: string; next_at: number; stale: Generated<boolean> };
}
