import { err, isTimeZone, ok, type Result } from '@baton/kernel';
import { z } from 'zod';

const zoneField = z.string().max(60).refine(isTimeZone, 'must be a time zone such as America/New_York');

/** `https://host/path` without a slash at the end; without encryption only on this machine. */
const addressField = z
  .string()
  .max(200)
  .refine((text) => {
    if (!URL.canParse(text) || /[?#]|\/$/.test(text)) return false;
    const { protocol, hostname, username, password } = new URL(text);
    if (username !== '' || password !== '') return false;
    const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
    return protocol === 'https:' || (protocol === 'http:' && isHere);
  }, 'must be https://host/path, without a slash at the end');

/** Private key as JWK: ES384 or RS384, as SMART Backend Services asks for. */
const keyField = z.union([
  z.object({
    kty: z.literal('EC'),
    crv: z.literal('P-384'),
    kid: z.string().min(1).max(200),
    x: z.string(),
    y: z.string(),
    d: z.string(),
  }),
  z.object({
    kty: z.literal('RSA'),
    kid: z.string().min(1).max(200),
    n: z.string(),
    e: z.string(),
    d: z.string(),
    p: z.string(),
    q: z.string(),
    dp: z.string(),
    dq: z.string(),
    qi: z.string(),
  }),
]);
export type PrivateJwk = z.infer<typeof keyField>;

const authField = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('bearer'), token: z.string().min(8).max(4000) }),
  /** SMART Backend Services: `client_credentials` with a signed assertion. */
  z.strictObject({
    kind: z.literal('smart'),
    tokenUrl: addressField,
    clientId: z.string().min(1).max(200),
    scope: z.string().min(1).max(500).default('system/Appointment.rs system/Patient.rs system/Location.rs'),
    key: keyField,
  }),
]);

const fhirSettingsSchema = z.strictObject({
  /** Base of the FHIR R4 server. */
  baseUrl: addressField,
  auth: authField,
  /** Of the practice: patients are told times in it. */
  timeZone: zoneField,
  /** Words for places that patients can read, and their time zones where they differ, by `Location/<id>`. */
  locations: z
    .record(
      z.string().max(120),
      z.strictObject({ name: z.string().min(1).max(200), timeZone: zoneField.nullable().default(null) }),
    )
    .default({}),
  everySeconds: z.number().int().min(10).max(3600).default(120),
  /** How long ago a visit may have been to be fetched: the past is what the score of no-shows learns from. */
  pastDays: z.number().int().min(0).max(730).default(30),
  /** More of the search, such as `{"location": "Location/123"}`. */
  search: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_.:-]{0,60}$/), z.string().max(300)).default({}),
  include: z
    .array(z.string().max(100))
    .max(10)
    .default(['Appointment:patient', 'Appointment:location', 'Appointment:practitioner']),
  /** Whether the registry was filled from this server, so that `Patient/<id>` means the same here and there. */
  sameIds: z.boolean().default(false),
  /** Length of a visit that has none. */
  minutes: z.number().int().min(5).max(480).default(30),
  /** How changes go back: as AppointmentResponse, by changing the Appointment, or not at all. */
  writeBack: z.enum(['none', 'response', 'appointment']).default('none'),
});
export type FhirSettings = z.infer<typeof fhirSettingsSchema>;

export interface SettingsFault {
  /** Which one; never its value. */
  readonly setting: string;
  readonly sentence: string;
}

export function readFhirSettings(given: unknown): Result<FhirSettings, SettingsFault> {
  const parsed = fhirSettingsSchema.safeParse(given);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const setting = issue?.path.join('.') || 'baseUrl';
  // Messages of ours only: those of the schema library might quote what was given.
  const words = issue?.code === 'custom' ? issue.message : 'is missing or not understood';
  return err({ setting, sentence: `${setting} ${words}.` });
}

/** Hosts that the assistant's manifest has to list for these settings: `name` or `name:port`. */
export function hostsFor({ baseUrl, auth }: FhirSettings): readonly string[] {
  const addresses = auth.kind === 'smart' ? [baseUrl, auth.tokenUrl] : [baseUrl];
  const hosts = addresses.map((address) => {
    const { hostname, port, protocol } = new URL(address);
    return port === '' && protocol === 'https:' ? hostname : `${hostname}:${port || '80'}`;
  });
  return [...new Set(hosts)];
}
