import { err, ok, type Result } from '@baton/kernel';
import { phoneField } from '@baton/wire';
import { z } from 'zod';

/** `https://host` or `https://host:port`; without encryption only on this machine, for a fake of the provider. */
const originField = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, origin } = new URL(text);
  if (origin !== text) return false;
  return (
    protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
  );
}, 'must be https://host');

/** Address before which the carrier puts the path of the webhook, as it was entered with the carrier: signatures are over it. */
const publicUrlField = z.string().refine((text) => {
  return URL.canParse(text) && new URL(text).protocol === 'https:' && !/[?#]|\/$/.test(text);
}, 'must be https://host, or https://host/path without a slash at the end');

const hostField = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,252}$/, 'must be the name of a host');
const portField = z.number().int().min(1).max(65_535);
const secretField = z.string().min(16, 'must be the whole secret').max(400);

const simulatorSettings = z.strictObject({
  name: z.literal('simulator'),
  /** Reserved for fiction in the North American numbering plan. */
  number: phoneField.default('+12025550100'),
});

const twilioSettings = z.strictObject({
  name: z.literal('twilio'),
  account: z.string().regex(/^AC[0-9a-f]{32}$/, 'must be the account SID (AC…)'),
  /** Signs webhooks and API calls alike. */
  authToken: secretField,
  number: phoneField,
  publicUrl: publicUrlField,
  apiOrigin: originField.default('https://api.twilio.com'),
  /** Where the API sends whoever fetches a picture. */
  mediaOrigins: z
    .array(originField)
    .max(8)
    .default(['https://mms.twiliocdn.com', 'https://media.twiliocdn.com']),
});

const telnyxSettings = z.strictObject({
  name: z.literal('telnyx'),
  apiKey: secretField,
  /** Ed25519, 32 bytes in base64: with it the carrier's webhooks are checked. */
  publicKey: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, 'must be the public key of Mission Control (44 characters)'),
  number: phoneField,
  /** Messaging profile; null: the number's own. */
  profile: z.string().min(1).max(80).nullable().default(null),
  apiOrigin: originField.default('https://api.telnyx.com'),
  mediaOrigins: z.array(originField).max(8).default(['https://media.telnyx.com']),
});

const smsSettingsSchema = z.strictObject({
  carrier: z.discriminatedUnion('name', [simulatorSettings, twilioSettings, telnyxSettings]),
  /** Mail server for invitations by e-mail; null: the simulator's mailbox with the simulator, else no e-mail. */
  mail: z
    .strictObject({
      host: hostField,
      port: portField,
      /** TLS from the first byte (465); otherwise STARTTLS is required. */
      implicitTls: z.boolean(),
      /** null: the server asks for nobody's name (a relay in the house). */
      login: z
        .strictObject({ user: z.string().min(1).max(200), password: z.string().min(1).max(400) })
        .nullable(),
      from: z.string().min(3).max(200),
    })
    .nullable()
    .default(null),
  /** clamd over TCP; null: what comes in is judged by its bytes only. */
  scanner: z.strictObject({ host: hostField, port: portField }).nullable().default(null),
});
export type SmsSettings = z.infer<typeof smsSettingsSchema>;
export type CarrierSettings<N extends SmsSettings['carrier']['name']> = Extract<
  SmsSettings['carrier'],
  { name: N }
>;

/** What a station without a settings file works with. */
export const SIMULATED: SmsSettings = smsSettingsSchema.parse({ carrier: { name: 'simulator' } });

export interface SettingsFault {
  /** Which one; never its value. */
  readonly setting: string;
  readonly sentence: string;
}

/** A missing or half secret is a refusal: nothing is believed, sent or simulated in its place (T23). */
export function readSmsSettings(given: unknown): Result<SmsSettings, SettingsFault> {
  const parsed = smsSettingsSchema.safeParse(given);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const setting = issue?.path.join('.') || 'carrier';
  // Messages of ours only: those of the schema library might quote what was given.
  const own = issue?.code === 'custom' || issue?.code === 'invalid_format' || issue?.code === 'too_small';
  return err({ setting, sentence: `${setting} ${own ? issue.message : 'is missing or not understood'}.` });
}

/** Hosts that the texting assistant's manifest has to list for these settings: `name` or `name:port`. */
export function hostsFor({ carrier, mail, scanner }: SmsSettings): readonly string[] {
  const origins = carrier.name === 'simulator' ? [] : [carrier.apiOrigin, ...carrier.mediaOrigins];
  const hosts = origins.map((origin) => {
    const { hostname, port, protocol } = new URL(origin);
    return port === '' && protocol === 'https:' ? hostname : `${hostname}:${port || '80'}`;
  });
  for (const server of [mail, scanner]) if (server) hosts.push(`${server.host}:${server.port}`);
  return [...new Set(hosts)];
}
