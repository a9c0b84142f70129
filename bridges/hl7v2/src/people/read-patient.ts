import type { OutsideIdentifier } from '@baton/agent';
import type { ReadMessage } from '../message/read-message.ts';
import type { Segment } from '../message/segment.ts';
import { readDate } from '../message/times.ts';
import type { Hl7v2Settings } from '../settings.ts';

/** Identifier types (HL7 table 0203) that are never looked at: messaging has no need of them (minimum necessary, 45 CFR 164.502(b)). */
const LEFT_OUT = new Set(['SS', 'DL', 'PPN']);

export interface ReadPatient {
  /** Those of the authorities that the settings name. */
  readonly identifiers: readonly OutsideIdentifier[];
  /** ISO 8601, as far as it is said. */
  readonly born: string | null;
  readonly isDeceased: boolean;
  /** A40: identifiers that are no more, and whose patient is this one. */
  readonly former: readonly OutsideIdentifier[];
}

/** Whom PID (and MRG) means; null where there is no PID. */
export function readPatient(message: ReadMessage, settings: Hl7v2Settings): ReadPatient | null {
  const pid = message.segment('PID');
  if (pid === null) return null;
  const mrg = message.segment('MRG');
  return {
    identifiers: identifiersOf(pid, 3, settings),
    born: readDate(pid.text(7)),
    isDeceased: pid.text(30).toUpperCase() === 'Y',
    former: mrg === null ? [] : identifiersOf(mrg, 1, settings),
  };
}

function identifiersOf(segment: Segment, field: number, settings: Hl7v2Settings): OutsideIdentifier[] {
  const found: OutsideIdentifier[] = [];
  for (let repetition = 0; repetition < Math.min(segment.repetitions(field), 20); repetition += 1) {
    const value = segment.text(field, 1, repetition);
    if (value === '' || value.length > 200) continue;
    if (LEFT_OUT.has(segment.text(field, 5, repetition).toUpperCase())) continue;
    const names = segment.subcomponents(field, 4, repetition).filter((name) => name !== '');
    for (const { authority, system } of settings.authorities) {
      const isMeant = authority === '' ? names.length === 0 : names.includes(authority);
      if (isMeant && !found.some((known) => known.system === system && known.value === value))
        found.push({ system, value });
    }
  }
  return found;
}
