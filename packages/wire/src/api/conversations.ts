import { z } from 'zod';
import { base64UrlField, idField, timestampField, uintField } from '../fields.ts';
import { boxText, certificateText, entryText, hashText, statementText } from './bodies.ts';
import { ITEM_KINDS } from '../frames.ts';
import { CONVERSATION_KINDS, recipientIdField } from '../entry.ts';

// Key log, conversations, blobs, audit, demo. All under /v1 and behind a session.

/** GET /keylog?after=&limit= : statements after position `after` (0 = from the start), and the newest head. */
export const keyLogPage = z
  .object({
    statements: z.array(statementText).max(1000),
    size: uintField,
    /** Signed tree head; covers `headSize` statements. */
    head: base64UrlField(1024),
    headSize: uintField,
    cosignatures: z.array(z.object({ witness: hashText, signature: base64UrlField(64) })),
  })
  .meta({ id: 'KeyLogPage' });
/** POST /keylog: appends statements, all or none. Used for invitations, grants, box keys, roles, role keys, revocations. */
export const appendStatementsRequest = z
  .object({ statements: z.array(statementText).min(1).max(50) })
  .meta({ id: 'AppendStatementsRequest' });
export const appendStatementsAnswer = z.object({ size: uintField }).meta({ id: 'AppendStatementsAnswer' });
/** GET /keylog/consistency?from=&to= */
export const consistencyBody = z.object({ path: z.array(hashText) }).meta({ id: 'ConsistencyProof' });
/** GET /keylog/inclusion?index=&size= */
export const inclusionBody = z.object({ path: z.array(hashText) }).meta({ id: 'InclusionProof' });
/** POST /keylog/cosign */
export const cosignRequest = z
  .object({ witnessKey: base64UrlField(32), head: hashText, signature: base64UrlField(64) })
  .meta({ id: 'CosignRequest' });
/** GET /certificates/:hash */
export const certificateBody = z.object({ certificate: certificateText }).meta({ id: 'Certificate' });

/**
 * GET and PUT /conversations/:conv/blobs/:blob : how far an upload has come. `offset`: bytes that the server has, where the next part begins;
 * `complete`: length and hash were compared and the file is there.
 */
export const uploadState = z.object({ offset: uintField, complete: z.boolean() }).meta({ id: 'UploadState' });
/** Longest part of an upload, in bytes. */
export const MAX_PART_BYTES = 4 * 1024 * 1024;

/** POST /conversations: the create entry with all boxes. */
export const createConversationRequest = z
  .object({ conv: idField('conversation'), entry: entryText, boxes: z.array(boxText).max(2001) })
  .meta({ id: 'CreateConversationRequest' });

export const conversationBody = z
  .object({
    conv: idField('conversation'),
    kind: z.enum(CONVERSATION_KINDS),
    seq: uintField,
    batch: uintField,
    /** Membership log head: position, hash, generation. */
    logN: uintField,
    logHead: hashText,
    gen: uintField,
    needsRotate: z.boolean(),
    closed: z.boolean(),
    createdAt: timestampField,
  })
  .meta({ id: 'Conversation' });
export type ConversationBody = z.infer<typeof conversationBody>;
/** GET /conversations?after=<conv id>&limit= : mine, directly or through a role, in id order. */
export const conversationPage = z
  .object({ conversations: z.array(conversationBody), next: idField('conversation').nullable() })
  .meta({ id: 'ConversationPage' });

export const itemBody = z
  .object({
    seq: uintField,
    k: z.enum(ITEM_KINDS),
    b: base64UrlField(280_000),
    batch: uintField,
    ts: timestampField,
  })
  .meta({ id: 'Item' });
/** GET /conversations/:conv/entries : the membership log from the start, with stream positions. */
export const entriesBody = z.object({ entries: z.array(itemBody) }).meta({ id: 'Entries' });
/** GET /conversations/:conv/boxes?from=&to= : boxes for the caller and for roles that the caller holds. */
export const boxesBody = z
  .object({ boxes: z.array(z.object({ to: recipientIdField, gen: uintField, box: boxText })) })
  .meta({ id: 'Boxes' });
/** GET /conversations/:conv/items?after=|before=&limit= */
export const itemsBody = z.object({ items: z.array(itemBody), newest: uintField }).meta({ id: 'Items' });
/** POST /conversations/:conv/items : the HTTP way of the `append` frame. */
export const appendRequest = z
  .object({
    k: z.enum(ITEM_KINDS),
    b: base64UrlField(280_000),
    boxes: z.array(boxText).max(2001).default([]),
    /** Encoded EscalationParts, with an envelope that asks for something. */
    escalation: base64UrlField(80_000).nullable().default(null),
  })
  .meta({ id: 'AppendRequest' });
export const appendAnswer = z
  .object({
    seq: uintField,
    batch: uintField,
    ts: timestampField,
    receipt: base64UrlField(1024),
    index: uintField,
    path: z.array(hashText),
    replay: z.boolean(),
  })
  .meta({ id: 'AppendAnswer' });
/** GET /conversations/:conv/receipts?after=&limit= : order receipts of the items in that range, again from the rows (docs/protocol/server.md §4). */
export const receiptsBody = z
  .object({
    receipts: z.array(
      z.object({
        seq: uintField,
        receipt: base64UrlField(1024),
        index: uintField,
        path: z.array(hashText),
      }),
    ),
  })
  .meta({ id: 'Receipts' });
/** GET /conversations/:conv/snapshot?after=&limit= : newest put of each key of a collection up to `seq`, and the newest signed root at or below it. */
export const snapshotBody = z
  .object({
    seq: uintField,
    puts: z.array(itemBody),
    next: uintField.nullable(),
    root: base64UrlField(1024).nullable(),
  })
  .meta({ id: 'Snapshot' });
/** PUT /conversations/:conv/root : a Signed collection root. */
export const putRootRequest = z.object({ root: base64UrlField(1024) }).meta({ id: 'PutRootRequest' });

/** GET /audit?before=&limit= (compliance officer) */
const auditEventBody = z
  .object({
    n: uintField,
    at: timestampField,
    actor: idField('account').nullable(),
    session: idField('session').nullable(),
    action: z.string(),
    object: z.string().nullable(),
    outcome: z.enum(['ok', 'refused', 'failed']),
    code: z.string().nullable(),
    hash: hashText,
  })
  .meta({ id: 'AuditEvent' });
export type AuditEventBody = z.infer<typeof auditEventBody>;
export const auditPage = z
  .object({ events: z.array(auditEventBody), size: uintField, checkpoint: base64UrlField(1024) })
  .meta({ id: 'AuditPage' });

/** POST /demo/complete : the demo practice stands; /readyz may answer 200. */
export const demoCompleteRequest = z
  .object({ token: z.string().min(20).max(100) })
  .meta({ id: 'DemoCompleteRequest' });
/** GET /server : no session needed. */
export const serverInfo = z
  .object({
    version: z.string(),
    demo: z.boolean(),
    time: timestampField,
    syncVersion: uintField,
    rpId: z.string(),
    setUp: z.boolean(),
  })
  .meta({ id: 'ServerInfo' });
