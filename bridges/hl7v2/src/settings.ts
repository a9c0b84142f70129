import { err, isTimeZone, ok, type Result } from '@baton/kernel';
import { z } from 'zod';

const CHARACTER_SETS = ['ascii', 'utf-8', '8859/1'] as const;
export type CharacterSet = (typeof CHARACTER_SETS)[number];

const zoneField = z.string().max(60).refine(isTimeZone, 'must be a time zone such as America/New_York');

const hl7v2SettingsSchema = z.strictObject({
  /** Of the practice: times without an offset are in it, and patients are told times in it. */
  timeZone: zoneField,
  /**
   * Whose record numbers come in PID-3, and what the registry calls them. `authority` as PID-3.4 says it (its name or its OID; empty: where PID-3.4 is
   * empty); `system` is `identifier.system` of the registry's patients. Identifiers of others are not looked at.
   */
  authorities: z
    .array(z.strictObject({ authority: z.string().max(200), system: z.string().max(200) }))
    .min(1)
    .max(20),
  /** Words for locations (AIL-3.1 or PV1-3.1) that patients can read, and their time zones where they differ. */
  locations: z
    .record(
      z.string().max(80),
      z.strictObject({ name: z.string().min(1).max(200), timeZone: zoneField.nullable().default(null) }),
    )
    .default({}),
  /** Character set of messages that do not say (MSH-18). */
  characterSet: z.enum(CHARACTER_SETS).default('utf-8'),
  /** Processing ids (MSH-11) that are taken: production only, unless this is a test practice. */
  processing: z
    .array(z.enum(['P', 'T', 'D']))
    .min(1)
    .max(3)
    .default(['P']),
  /** Length of a visit whose message does not say. */
  minutes: z.number().int().min(5).max(480).default(30),
});
export type Hl7v2Settings = z.infer<typeof hl7v2SettingsSchema>;

export interface SettingsFault {
  /** Which one; never its value. */
  readonly setting: string;
  readonly sentence: string;
}

export function readHl7v2Settings(given: unknown): Result<Hl7v2Settings, SettingsFault> {
  const parsed = hl7v2SettingsSchema.safeParse(given);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const setting = issue?.path.join('.') || 'timeZone';
  // Messages of ours only: those of the schema library might quote what was given.
  const words = issue?.code === 'custom' ? issue.message : 'is missing or not understood';
  return err({ setting, sentence: `${setting} ${words}.` });
}
