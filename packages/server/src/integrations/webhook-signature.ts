import { createHmac } from 'node:crypto';
import { type Bytes, encodeUtf8 } from '@baton/kernel';

/** As administrators see the secret (Standard Webhooks): a prefix and standard base64. */
export function webhookSecretText(secret: Bytes): string {
  return `whsec_${Buffer.from(secret).toString('base64')}`;
}

/** Headers of one delivery (Standard Webhooks §signature scheme): HMAC-SHA256 over `id.timestamp.body`. */
export function webhookHeaders(what: {
  readonly secret: Bytes;
  readonly message: string;
  readonly atMs: number;
  readonly body: string;
}): Record<string, string> {
  const timestamp = String(Math.floor(what.atMs / 1000));
  const signed = encodeUtf8(`${what.message}.${timestamp}.${what.body}`);
  const signature = createHmac('sha256', what.secret).update(signed).digest('base64');
  return {
    'content-type': 'application/json',
    'user-agent': 'Baton',
    'webhook-id': what.message,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

/** What the sealed secret is bound to. */
export function webhookSecretContext(org: string, integration: string): string {
  return `webhook-secret:${org}:${integration}`;
}
