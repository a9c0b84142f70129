import type { EhrAdapter, EhrOutcome } from '@baton/agent';
import type { Appointment, WriteBack } from '@baton/wire';
import type { FhirAnswer, FhirClient } from '../client/fhir-client.ts';
import { FhirFailure } from '../client/fhir-failure.ts';
import { type AppointmentResource, appointmentResource } from '../resources.ts';
import { referenceKey } from '../visits/included.ts';

const CONFLICT_TRIES = 3;
const OFFER_SYSTEM = 'urn:baton:write-back';
const CANCEL_REASONS = 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason';
/** FHIR participant status by what the patient said. */
const STATUS = {
  none: 'needs-action',
  confirmed: 'accepted',
  reschedule: 'tentative',
  declined: 'declined',
} as const satisfies Record<Appointment['answer']['state'], string>;

const TAKEN: EhrOutcome = { t: 'taken' };

/** Offers changes to a FHIR R4 server: as AppointmentResponse, or by changing the Appointment under its version (If-Match). */
export class FhirEhrAdapter implements EhrAdapter {
  readonly #client: FhirClient;
  readonly #mode: 'response' | 'appointment';

  constructor(client: FhirClient, mode: 'response' | 'appointment') {
    this.#client = client;
    this.#mode = mode;
  }

  async offer(change: WriteBack, visit: Appointment): Promise<EhrOutcome> {
    const id = visit.id.split('/').at(-1) ?? '';
    // A visit of another server than the one that is set up now is nothing for it.
    if (visit.source.system !== this.#client.base) return { t: 'refused', code: 'another-server' };
    try {
      for (let attempt = 1; ; attempt += 1) {
        const found = await this.#client.ask(`${this.#client.base}/Appointment/${encodeURIComponent(id)}`);
        if (found.status !== 200) return refusal(found);
        const read = appointmentResource.safeParse(found.json);
        if (!read.success) return { t: 'refused', code: 'unreadable' };
        const answer =
          this.#mode === 'response'
            ? await this.#respond(change, read.data)
            : await this.#change(change, read.data, found.etag);
        if (answer === null || (answer.status >= 200 && answer.status < 300)) return TAKEN;
        // Somebody changed it over there in the meantime: what they wrote is looked at first.
        const isConflict = answer.status === 409 || answer.status === 412;
        if (!isConflict) return refusal(answer);
        if (attempt >= CONFLICT_TRIES) return { t: 'later', code: `http-${answer.status}` };
      }
    } catch (error) {
      if (!(error instanceof FhirFailure)) throw error;
      return { t: error.isPassing ? 'later' : 'refused', code: error.code };
    }
  }

  /** null: there is nothing to answer. `If-None-Exist` makes a second offer the first one. */
  #respond(change: WriteBack, current: AppointmentResource): Promise<FhirAnswer> | null {
    const isOff = change.status === 'cancelled';
    const actor = patientOf(current)?.actor;
    if ((change.answer === 'none' && !isOff) || actor?.reference === undefined) return null;
    const value = `${current.id}.${change.at}`;
    const body = {
      resourceType: 'AppointmentResponse',
      identifier: [{ system: OFFER_SYSTEM, value }],
      appointment: { reference: `Appointment/${current.id}` },
      start: new Date(change.start).toISOString(),
      end: new Date(change.end).toISOString(),
      actor: { reference: actor.reference },
      participantStatus: isOff ? 'declined' : STATUS[change.answer],
    };
    return this.#client.ask(`${this.#client.base}/AppointmentResponse`, {
      method: 'POST',
      headers: { 'if-none-exist': `identifier=${encodeURIComponent(`${OFFER_SYSTEM}|${value}`)}` },
      body: JSON.stringify(body),
    });
  }

  /** null: it is so already. Everything that is not changed goes back as it came. */
  #change(change: WriteBack, current: AppointmentResource, etag: string | null): Promise<FhirAnswer> | null {
    const isOff = change.status === 'cancelled' && current.status !== 'cancelled';
    const isMoved =
      current.start === undefined ||
      Date.parse(current.start) !== change.start ||
      Date.parse(current.end ?? '') !== change.end;
    const status = STATUS[change.answer];
    const patient = patientOf(current);
    const isAnswered = change.answer !== 'none' && patient !== null && patient.status !== status;
    if (!isOff && !isAnswered && (!isMoved || change.status === 'cancelled')) return null;
    const next = {
      ...current,
      ...(isOff && {
        status: 'cancelled',
        ...(change.answer === 'declined' && {
          cancelationReason: { coding: [{ system: CANCEL_REASONS, code: 'pat-crs' }] },
        }),
      }),
      ...(isMoved &&
        change.status !== 'cancelled' && {
          start: new Date(change.start).toISOString(),
          end: new Date(change.end).toISOString(),
          minutesDuration: Math.max(1, Math.round((change.end - change.start) / 60_000)),
        }),
      participant: current.participant.map((one) =>
        one === patient && isAnswered ? { ...one, status } : one,
      ),
    };
    const version = etag ?? (current.meta?.versionId === undefined ? null : `W/"${current.meta.versionId}"`);
    return this.#client.ask(`${this.#client.base}/Appointment/${encodeURIComponent(current.id)}`, {
      method: 'PUT',
      headers: version === null ? {} : { 'if-match': version },
      body: JSON.stringify(next),
    });
  }
}

function patientOf({ participant }: AppointmentResource): AppointmentResource['participant'][number] | null {
  return (
    participant.find(({ actor }) => referenceKey(actor?.reference ?? '')?.startsWith('Patient/')) ?? null
  );
}

function refusal({ status }: FhirAnswer): EhrOutcome {
  return { t: 'refused', code: `http-${status}` };
}
