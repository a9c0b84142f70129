import { encodeBase64Url, encodeUtf8 } from '@baton/kernel';
import { patientMapKey, patientMapShard } from '@baton/wire';
import { z } from 'zod';
import type { Shelf } from '../state/agent-state.ts';
import type { FeedPorts } from './feed-ports.ts';

/** An identifier of an outside system, as `patient-map` names it. */
export interface OutsideIdentifier {
  readonly system: string;
  readonly value: string;
}

export type FoundPatient =
  /** `isBornSame`: the feed says the whole birth date, and the registry has the same. Without it an identifier alone speaks. */
  | { readonly ref: string; readonly isBornSame: boolean }
  /** `another-birth-date`: an identifier that fits, and a birth date that does not. `two-patients`: the identifiers are of different patients. */
  | { readonly ref: null; readonly why: 'unknown' | 'another-birth-date' | 'two-patients' };

const alias = z.strictObject({ ref: z.string().min(1).max(200) });

/** Which patient of the registry a feed means: by the organisation's `patient-map`, and by what the feed has said of identifiers that belong together. */
export class PatientFinder {
  readonly #ports: FeedPorts;
  readonly #aliases: Shelf<z.infer<typeof alias>>;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
    this.#aliases = ports.context.state.shelf('alias', alias);
  }

  /** `born`: ISO 8601 date, or null where the feed says none. */
  async find(identifiers: readonly OutsideIdentifier[], born: string | null): Promise<FoundPatient> {
    const refs = new Set<string>();
    let isBornSame = false;
    for (const identifier of identifiers) {
      const known = await this.#inMap(identifier);
      if (known !== null && differs(known.born, born)) return { ref: null, why: 'another-birth-date' };
      isBornSame ||=
        born !== null &&
        born.length >= DAY_LENGTH &&
        known?.born?.slice(0, DAY_LENGTH) === born.slice(0, DAY_LENGTH);
      const ref = known?.ref ?? (await this.#aliases.get(await keyOf(identifier)))?.value.ref;
      if (ref !== undefined) refs.add(ref);
    }
    const [ref, ...others] = refs;
    if (ref === undefined) return { ref: null, why: 'unknown' };
    return others.length === 0 ? { ref, isBornSame } : { ref: null, why: 'two-patients' };
  }

  /** The feed says that these identifiers are one patient's, who is known: those that the registry does not have are remembered. Answers whether any was new. */
  async learn(identifiers: readonly OutsideIdentifier[], ref: string): Promise<boolean> {
    let isNew = false;
    for (const identifier of identifiers) {
      if ((await this.#inMap(identifier)) !== null) continue;
      this.#ports.context.lease.requireHeld();
      const written = await this.#aliases.update(await keyOf(identifier), (newest) =>
        newest?.value.ref === ref ? undefined : { ref },
      );
      isNew ||= written;
    }
    return isNew;
  }

  async #inMap({ system, value }: OutsideIdentifier): Promise<{ ref: string; born: string | null } | null> {
    const kept = await this.#ports.values.get(patientMapKey(patientMapShard(system, value)));
    if (kept?.value.t !== 'patient-map') return null;
    const found = kept.value.systems.find((entry) => entry.system === system);
    return found?.patients.find((patient) => patient.value === value) ?? null;
  }
}

/** Of `1958-03-14`. */
const DAY_LENGTH = 10;

/** A date that is known to the year or month only says no more than that. */
function differs(known: string | null, said: string | null): boolean {
  if (known === null || said === null) return false;
  const length = Math.min(known.length, said.length, DAY_LENGTH);
  return known.slice(0, length) !== said.slice(0, length);
}

/** Identifiers are made of anything, keys of the state are not. */
async function keyOf({ system, value }: OutsideIdentifier): Promise<string> {
  const text = new Uint8Array(encodeUtf8(`${system}\0${value}`));
  return encodeBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', text)));
}
