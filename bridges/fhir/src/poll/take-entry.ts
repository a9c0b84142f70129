import type { FeedReport, FeedVisits, FoundPatient, Held, HeldMessages, PatientFinder } from '@baton/agent';
import type { TimestampMs } from '@baton/kernel';
import type { HeldMessage } from '@baton/wire';
import { z } from 'zod';
import { bundleResource } from '../resources.ts';
import { Included } from '../visits/included.ts';
import { mapAppointment, type MappedVisit, type MappingSettings } from '../visits/map-appointment.ts';

const MINUTE_MS = 60_000;
/** What is held: the appointment with the patient that it came with, as a bundle. */
const LONGEST_HELD = 60_000;

export interface EntryPorts {
  readonly mapping: MappingSettings;
  readonly nowMs: () => TimestampMs;
  readonly visits: FeedVisits;
  readonly finder: PatientFinder;
  readonly held: () => Pick<HeldMessages, 'hold' | 'drop'>;
  readonly report: FeedReport;
  readonly died: (ref: string) => Promise<void>;
}

const identified = z.looseObject({ id: z.string().max(64) });

/** Takes one Appointment of the record system, or keeps it for a person. Rejects where it could not be committed. */
export class EntryTaker {
  readonly #ports: EntryPorts;

  constructor(ports: EntryPorts) {
    this.#ports = ports;
  }

  /** `full`: it could not be kept, and has to be asked for again. */
  async take(resource: unknown, included: Included): Promise<'taken' | 'full'> {
    const { mapping, nowMs, held, report } = this.#ports;
    const mapped = mapAppointment(resource, { settings: mapping, included, nowMs: nowMs() });
    if (!mapped.ok) {
      const { code, at } = mapped.error;
      const named = identified.safeParse(resource);
      const name = named.success ? named.data.id : JSON.stringify(resource).slice(0, 200);
      // The same one comes again with every look at everything.
      const kept = await held().hold(name, code, JSON.stringify(resource));
      if (kept === 'new') report.refused(code, `An appointment does not fit at ${at}.`);
      return this.#answer(kept);
    }
    const { id } = mapped.value.visit;
    const found = await this.#find(mapped.value);
    const { ref } = found;
    const isNew = await this.#commit(mapped.value, ref);
    let kept: Held = 'known';
    if (ref !== null) await held().drop(id);
    else if (!(await this.#hasPatient(id)))
      kept = await held().hold(id, 'unknown-patient', heldText(resource, included));
    if (mapped.value.patient.isDeceased) await this.#died(found);
    if (isNew) report.taken();
    return this.#answer(kept);
  }

  async #hasPatient(id: string): Promise<boolean> {
    return ((await this.#ports.visits.find(id))?.ref ?? null) !== null;
  }

  #answer(kept: Held): 'taken' | 'full' {
    if (kept !== 'full') return 'taken';
    this.#ports.report.problem(
      'held-full',
      'So many appointments wait for somebody to look at them that no more are kept.',
    );
    return 'full';
  }

  /** From then on nothing is sent: an identifier alone is not enough for that. */
  async #died(found: FoundPatient): Promise<void> {
    if (found.ref === null) return;
    if (found.isBornSame) return this.#ports.died(found.ref);
    const words =
      "The record system says that a patient has died, without the registry's birth date. Nothing was changed.";
    this.#ports.report.problem('deceased-unsure', words);
  }

  /** One that was held, for its patient or because more patients are known now. */
  async again(held: HeldMessage): Promise<'used' | 'waits'> {
    const { mapping, nowMs } = this.#ports;
    const bundle = bundleResource.safeParse(parseJson(held.raw));
    if (!bundle.success) return 'used';
    const included = new Included();
    included.add(bundle.data);
    const resource = bundle.data.entry.find(
      (entry) => entry.resource?.resourceType === 'Appointment',
    )?.resource;
    const mapped = mapAppointment(resource, { settings: mapping, included, nowMs: nowMs() });
    if (!mapped.ok) return 'used';
    const ref = held.ref ?? (await this.#find(mapped.value)).ref;
    // Somebody said whose it is while it was being held once more.
    if (ref === null) return (await this.#hasPatient(mapped.value.visit.id)) ? 'used' : 'waits';
    await this.#commit(mapped.value, ref);
    return 'used';
  }

  async #find({ patient }: MappedVisit): Promise<FoundPatient> {
    const found = await this.#ports.finder.find(patient.identifiers, patient.born);
    if (found.ref === null && found.why !== 'unknown') {
      const words =
        found.why === 'two-patients'
          ? 'The identifiers of an appointment are those of two patients: it is held.'
          : 'An appointment says another birth date than the registry for its identifier: it is held.';
      this.#ports.report.problem(found.why, words);
    }
    return found;
  }

  async #commit({ visit, when }: MappedVisit, ref: string | null): Promise<boolean> {
    const { visits, mapping } = this.#ports;
    const at = visit.source.version;
    const { start, end } = when ??
      (await visits.find(visit.id)) ?? { start: at, end: at + mapping.minutes * MINUTE_MS };
    return visits.take({ ...visit, ref, start, end });
  }
}

function heldText(resource: unknown, included: Included): string {
  const entry = [resource, ...included.patientsOf(resource)].map((one) => ({ resource: one }));
  const whole = JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry });
  if (whole.length <= LONGEST_HELD) return whole;
  return JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: entry.slice(0, 1) });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
