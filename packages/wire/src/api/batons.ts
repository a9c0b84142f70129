import { z } from 'zod';
import { CLOSE_REASONS } from '../baton.ts';
import { base64UrlField, batonField, idField, ownerField, timestampField, uintField } from '../fields.ts';
import { certificateText, hashText } from './bodies.ts';

// Batons, organisation records, manifests, notices, integrations and webhooks. All under /v1.

const recordText = base64UrlField(32_900).meta({ description: 'A Signed organisation record' });
const batonEventText = base64UrlField(16_700).meta({ description: 'A Signed baton event' });

/** GET /records?after=&limit= : records after position `after` (0 = from the start), every version, in the order of their commit. */
export const recordPage = z
  .object({
    records: z.array(z.object({ pos: uintField, at: timestampField, record: recordText })).max(500),
    size: uintField,
  })
  .meta({ id: 'RecordPage' });
/** POST /records: appends records, all or none. `conflict.version` where another one has this version. */
export const appendRecordsRequest = z
  .object({ records: z.array(recordText).min(1).max(20) })
  .meta({ id: 'AppendRecordsRequest' });
export const appendRecordsAnswer = z.object({ size: uintField }).meta({ id: 'AppendRecordsAnswer' });

/** GET, PUT /manifests/:hash : an agent's manifest by its hash. */
export const manifestBody = z.object({ manifest: base64UrlField(8192) }).meta({ id: 'AgentManifest' });

/** One baton with its whole chain. */
const batonBody = z
  .object({
    baton: batonField,
    /** Position of its newest event in the organisation's feed. */
    pos: uintField,
    events: z.array(z.object({ event: batonEventText, at: timestampField })).min(1),
    /** Why the caller sees it; `member` sees the message in its conversation as well. */
    via: z.enum(['member', 'opener', 'reached', 'owner']),
  })
  .meta({ id: 'Baton' });
export type BatonBody = z.infer<typeof batonBody>;
/** GET /batons?after=&limit= : batons of mine that changed after that position, in the order of their newest change. */
export const batonPage = z
  .object({ batons: z.array(batonBody).max(100), upTo: uintField, more: z.boolean() })
  .meta({ id: 'BatonPage' });
/** GET /batons/:baton/escalation : what the ladder hands to somebody who is reached. */
export const batonEscalation = z
  .object({
    /** The Sealed envelope, and its author's certificate. */
    envelope: base64UrlField(300_000),
    certificate: certificateText,
    seq: uintField,
    at: timestampField,
    /** Boxes for the caller and for roles that the caller holds; made later ones (`box` events) are in the chain. */
    boxes: z.array(base64UrlField(2048)),
    context: base64UrlField(16_384),
  })
  .meta({ id: 'BatonEscalation' });
/** POST /batons/:baton/events */
export const appendBatonEventRequest = z
  .object({ event: batonEventText })
  .meta({ id: 'AppendBatonEventRequest' });
export const appendBatonEventAnswer = z
  .object({ pos: uintField, ts: timestampField, replay: z.boolean() })
  .meta({ id: 'AppendBatonEventAnswer' });

/** GET, PUT /me/notices : where notices without patient data may reach me outside the app. Kept sealed at rest by the server's own key. */
export const noticeAddressBody = z
  .object({
    /** E.164. */
    phone: z
      .string()
      .regex(/^\+[1-9][0-9]{6,14}$/)
      .nullable(),
    voice: z.boolean(),
    /** In which the notice is written. */
    language: z.enum(['en', 'es']).default('en'),
  })
  .meta({ id: 'NoticeAddress' });
export type NoticeAddressBody = z.infer<typeof noticeAddressBody>;
/** GET /push : the server's VAPID key. */
export const pushInfo = z.object({ key: base64UrlField(65) }).meta({ id: 'PushInfo' });
/** PUT, DELETE /push : this device's push subscription (RFC 8030, RFC 8291). */
export const pushSubscriptionBody = z
  .object({
    endpoint: z.url().max(1000),
    p256dh: base64UrlField(65),
    auth: base64UrlField(16),
  })
  .meta({ id: 'PushSubscription' });
export type PushSubscriptionBody = z.infer<typeof pushSubscriptionBody>;

/** What an outside system is told: ids and states only. */
export const batonStateBody = z
  .object({
    baton: batonField,
    reference: z.string().nullable(),
    contract: z.enum(['reply', 'talk', 'stat']),
    state: z.enum(['open', 'acknowledged', 'answered', 'closed']),
    owner: ownerField,
    /** Named person who ended it; null while it is open. */
    endedBy: idField('account').nullable(),
    reason: z.enum(CLOSE_REASONS).nullable(),
    openedAt: timestampField,
    deadline: timestampField,
    acknowledgedAt: timestampField.nullable(),
    endedAt: timestampField.nullable(),
    step: uintField,
  })
  .meta({ id: 'BatonState' });
export type BatonStateBody = z.infer<typeof batonStateBody>;
/** POST /integrations/batons (bearer token of an integration). Idempotent by `reference`. */
export const openBatonRequest = z
  .object({
    to: ownerField,
    contract: z.enum(['reply', 'talk', 'stat']),
    withinMs: z
      .number()
      .int()
      .min(60_000)
      .max(7 * 86_400_000),
    reference: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  })
  .meta({ id: 'OpenBatonRequest' });

/** GET, POST, DELETE /integrations (administrators) */
const integrationBody = z
  .object({
    integration: idField('integration'),
    name: z.string().min(1).max(80),
    /** Where states are posted to; null: it asks by itself. */
    webhook: z.url().max(1000).nullable(),
    createdAt: timestampField,
    lastUsedAt: timestampField.nullable(),
    /** Deliveries that still wait, and the last failure's status. */
    pending: uintField,
    lastFailure: z.string().max(200).nullable(),
  })
  .meta({ id: 'Integration' });
export type IntegrationBody = z.infer<typeof integrationBody>;
export const integrationList = z
  .object({ integrations: z.array(integrationBody) })
  .meta({ id: 'IntegrationList' });
export const newIntegrationRequest = z
  .object({ name: z.string().min(1).max(80), webhook: z.url().max(1000).nullable() })
  .meta({ id: 'NewIntegrationRequest' });
/** The token and the webhook's signing secret, shown once. */
export const newIntegrationAnswer = z
  .object({ integration: integrationBody, token: z.string(), webhookSecret: z.string() })
  .meta({ id: 'NewIntegration' });

/** GET /agents/:account/activity?limit= : what the server saw an agent do; for administrators. */
export const agentActivity = z
  .object({
    conversations: z.array(idField('conversation')),
    lastSeenAt: timestampField.nullable(),
    events: z
      .array(
        z.object({
          at: timestampField,
          action: z.string(),
          object: z.string().nullable(),
          outcome: z.enum(['ok', 'refused', 'failed']),
          hash: hashText.nullable(),
        }),
      )
      .max(200),
  })
  .meta({ id: 'AgentActivity' });
