import { type AccountId, type Clock, equalBytes, type EventId, newId, type Rng } from '@baton/kernel';
import type { Consent, Enrolment, ProtocolVersion, Regimen } from '@baton/wire';
import type { MedicineHold, Programmes } from '../api/programmes.ts';
import { ClientError } from '../failure.ts';
import type { ProgrammesBook } from './programmes-book.ts';
import type { ProgrammesWriter } from './programmes-writer.ts';
import type { VerdictBook } from './verdict-book.ts';

export interface EnrolmentActsPorts {
  readonly me: AccountId;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly may: (action: string) => boolean;
  readonly consent: (ref: string, id: EventId) => Consent | null;
  /** Throws where nothing may be begun with a patient: deceased, or marked not to be contacted. */
  readonly requireContact: (ref: string) => void;
}

interface Parts {
  readonly book: ProgrammesBook;
  readonly verdicts: VerdictBook;
  readonly writer: ProgrammesWriter;
}

/** What people do with patients on a protocol. */
export class EnrolmentActs {
  readonly #ports: EnrolmentActsPorts;
  readonly #parts: Parts;

  constructor(ports: EnrolmentActsPorts, parts: Parts) {
    this.#ports = ports;
    this.#parts = parts;
  }

  async enrol(input: Parameters<Programmes['enrol']>[0]): Promise<EventId> {
    const { me, rng, clock, consent, requireContact } = this.#ports;
    this.#requireRight();
    if (input.regimen !== null) this.#requireClinician();
    requireContact(input.ref);
    const given = consent(input.ref, input.consent);
    if (given === null || given.purpose !== 'check-ins' || given.revoked !== null)
      throw new ClientError('request.invalid', 'enrolment.consent', {
        sentence: 'Daily check-ins need the patient’s consent. Record it first.',
      });
    const protocol = await this.#requireRunnable(input.protocol.id, input.protocol.version);
    if (!equalBytes(protocol.hash, input.protocol.hash))
      throw new ClientError('ledger.wrong_purpose', 'enrolment.protocol');
    for (const other of this.#parts.book.enrolments())
      if (other.ref === input.ref && other.protocol.id === protocol.id && other.state !== 'ended')
        throw new ClientError('conflict.exists', 'enrolment', {
          sentence: 'This patient is on this programme already. Change or end that enrolment.',
        });
    const id = newId('event', rng);
    const createdAt = clock.nowMs();
    await this.#parts.writer.change(`enrolment:${id}`, () => ({
      t: 'enrolment',
      id,
      ...input,
      state: 'invited',
      reason: null,
      since: createdAt,
      resumesOn: null,
      stale: null,
      by: me,
      createdAt,
    }));
    return id;
  }

  async change(id: EventId, change: Parameters<Programmes['changeEnrolment']>[1]): Promise<void> {
    const { language, times, proxy, settings, askTo, timeZone } = change;
    await this.#alter(id, (newest) => ({
      ...newest,
      ...(language === undefined ? {} : { language }),
      ...(times === undefined ? {} : { times }),
      ...(proxy === undefined ? {} : { proxy }),
      ...(settings === undefined ? {} : { settings }),
      ...(askTo === undefined ? {} : { askTo }),
      ...(timeZone === undefined ? {} : { timeZone }),
    }));
  }

  async pause(id: EventId, until: string | null, reason: string): Promise<void> {
    await this.#alter(id, (newest) => {
      if (newest.state === 'invited')
        throw new ClientError('request.invalid', 'enrolment.invited', {
          sentence:
            'The patient has not answered the invitation yet. End the enrolment, or wait for the answer.',
        });
      return this.#inState(newest, 'paused', { reason, resumesOn: until });
    });
  }

  async resume(id: EventId): Promise<void> {
    await this.#alter(id, (newest) =>
      newest.state === 'active' || newest.state === 'invited'
        ? null
        : this.#inState(newest, 'active', { reason: null, resumesOn: null }),
    );
  }

  /** For good: who ended is enrolled anew. */
  async end(id: EventId, reason: string): Promise<void> {
    await this.#alter(id, (newest) => this.#inState(newest, 'ended', { reason, resumesOn: null }));
  }

  async markStale(id: EventId, why: string): Promise<void> {
    const since = this.#ports.clock.nowMs();
    await this.#alter(id, (newest) => {
      if (newest.regimen === null) throw new ClientError('request.invalid', 'enrolment.regimen');
      return newest.stale === null ? { ...newest, stale: { since, why } } : null;
    });
  }

  async confirmRegimen(
    id: EventId,
    regimen: Omit<Regimen, 'version' | 'confirmedBy' | 'confirmedAt'>,
  ): Promise<void> {
    this.#requireClinician();
    await this.#alter(id, (newest) => ({
      ...newest,
      regimen: this.#stood(regimen, newest.regimen),
      stale: null,
    }));
  }

  async hold(id: EventId, hold: MedicineHold): Promise<void> {
    this.#requireClinician();
    await this.#alter(id, (newest) => {
      const regimen = requireRegimen(newest);
      return { ...newest, regimen: this.#stood({ ...regimen, holds: [...regimen.holds, hold] }, regimen) };
    });
  }

  /** `from`: the first day on which it is taken again. */
  async liftHolds(id: EventId, from: string): Promise<void> {
    this.#requireClinician();
    await this.#alter(id, (newest) => {
      const regimen = requireRegimen(newest);
      const last = dayBefore(from);
      const holds = regimen.holds
        .filter((hold) => hold.from < from)
        .map((hold) => (hold.until === null || hold.until > last ? { ...hold, until: last } : hold));
      return { ...newest, regimen: this.#stood({ ...regimen, holds }, regimen) };
    });
  }

  async moveToVersion(id: EventId, version: number): Promise<void> {
    const known = this.#parts.book.enrolment(id);
    if (!known) throw new ClientError('request.not_found', 'enrolment');
    const { hash } = await this.#requireRunnable(known.protocol.id, version);
    await this.#alter(id, (newest) => ({ ...newest, protocol: { ...newest.protocol, version, hash } }));
  }

  /** Each change of the order is a new version that a person stands for. */
  #stood(regimen: Omit<Regimen, 'version' | 'confirmedBy' | 'confirmedAt'>, before: Regimen | null): Regimen {
    const { me, clock } = this.#ports;
    const version = (before?.version ?? 0) + 1;
    return { ...regimen, version, confirmedBy: me, confirmedAt: clock.nowMs() };
  }

  #inState(
    newest: Enrolment,
    state: Enrolment['state'],
    change: Pick<Enrolment, 'reason' | 'resumesOn'>,
  ): Enrolment {
    return { ...newest, state, ...change, since: this.#ports.clock.nowMs() };
  }

  async #alter(id: EventId, decide: (newest: Enrolment) => Enrolment | null): Promise<void> {
    this.#requireRight();
    await this.#parts.writer.alter('enrolment', `enrolment:${id}`, (newest) => {
      if (newest.state === 'ended')
        throw new ClientError('request.invalid', 'enrolment.ended', {
          sentence: 'This enrolment has ended. Enrol the patient again.',
        });
      return decide(newest);
    });
  }

  async #requireRunnable(id: string, version: number): Promise<ProtocolVersion> {
    const { book, verdicts } = this.#parts;
    const protocol = book.protocol(id, version);
    if (!protocol) throw new ClientError('request.not_found', 'protocol');
    const { mayRun } = await verdicts.judge(protocol, book.signatures(protocol));
    if (!mayRun || protocol.state === 'retired')
      throw new ClientError('policy.forbidden', 'protocol.unsigned', {
        sentence: mayRun
          ? 'This version is retired. Choose one that is in use.'
          : 'This version is not signed by an author and a clinician. Nobody can be enrolled on it.',
      });
    return protocol;
  }

  /** Whoever confirms an order stands for the doses that texts name. Anybody may stop them: `markStale`. */
  #requireClinician(): void {
    if (!this.#ports.may('regimen.confirm'))
      throw new ClientError('policy.forbidden', 'regimen.confirm', {
        sentence:
          'A clinician confirms the plan of a medicine. If the order changed, say so: no text names a dose until then.',
      });
  }

  #requireRight(): void {
    if (!this.#ports.may('patient.registry.write'))
      throw new ClientError('policy.forbidden', 'patient.registry.write');
  }
}

function requireRegimen({ regimen }: Enrolment): Regimen {
  if (regimen === null) throw new ClientError('request.invalid', 'enrolment.regimen');
  return regimen;
}

/** ISO 8601 calendar dates. */
function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
