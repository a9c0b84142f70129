import type { FeedReport, FeedVisits, FoundPatient, HeldMessages, PatientFinder } from '@baton/agent';
import { encodeBase64Url, type TimestampMs } from '@baton/kernel';
import type { HeldMessage } from '@baton/wire';
import type { Condition, Verdict } from './message/acknowledgement.ts';
import { toLatin1 } from './message/character-set.ts';
import { type Header, type ReadMessage, readAgain, readHeader, readMessage } from './message/read-message.ts';
import { type ReadPatient, readPatient } from './people/read-patient.ts';
import type { Hl7v2Settings } from './settings.ts';
import { type ReadVisit, readVisit } from './visits/read-visit.ts';
import { WITHOUT_PATIENT } from './visits/visit-status.ts';

/** ADT events that say which identifiers are one patient's: admitted, registered, changed, person added or changed, merged. */
const PEOPLE_EVENTS = new Set(['A01', 'A04', 'A08', 'A28', 'A31', 'A40']);

export interface TakingPorts {
  readonly settings: Hl7v2Settings;
  readonly nowMs: () => TimestampMs;
  readonly visits: FeedVisits;
  readonly finder: PatientFinder;
  readonly held: () => Pick<HeldMessages, 'hold' | 'drop' | 'lookSoon'>;
  readonly report: FeedReport;
  /** The record system says that this patient has died: nothing is sent any more. */
  readonly died: (ref: string) => Promise<void>;
}

export interface Taken {
  readonly header: Header | null;
  readonly verdict: Verdict;
}

const ACCEPT: Verdict = { t: 'accept' };

/**
 * Takes one message (docs/protocol/programmes.md §1). What it answers is true by then: an accepted visit is committed at the server, and what cannot be used
 * is kept for a person. Rejects where the server could not be reached: then nothing is answered, and the sender repeats.
 */
export class MessageTaker {
  readonly #ports: TakingPorts;

  constructor(ports: TakingPorts) {
    this.#ports = ports;
  }

  async take(bytes: Uint8Array, isCut: boolean): Promise<Taken> {
    const taken = await this.#judge(bytes, isCut);
    if (taken.verdict.t === 'accept') this.#ports.report.taken();
    else this.#ports.report.refused(taken.verdict.condition, taken.verdict.reason);
    return taken;
  }

  /** A message that was held, for its patient or because more patients are known now. */
  async again(held: HeldMessage): Promise<'used' | 'waits'> {
    const { settings, nowMs, visits } = this.#ports;
    const message = readAgain(held.raw);
    if (message?.header.type !== 'SIU') return 'used';
    const read = readVisit(message, settings, nowMs());
    if (!read.ok) return 'used';
    if (read.value.when === null && (await visits.find(read.value.visit.id)) === null) return 'waits';
    const ref = held.ref ?? (await this.#find(readPatient(message, settings))).ref;
    // Somebody said whose it is while it was being held once more.
    if (ref === null) return (await this.#hasPatient(read.value.visit.id)) ? 'used' : 'waits';
    await this.#commit(read.value, ref);
    return 'used';
  }

  async #hasPatient(id: string): Promise<boolean> {
    return ((await this.#ports.visits.find(id))?.ref ?? null) !== null;
  }

  async #judge(bytes: Uint8Array, isCut: boolean): Promise<Taken> {
    const { settings } = this.#ports;
    if (isCut) {
      const header = readHeader(bytes);
      await this.#hold(header, 'unreadable', toLatin1(bytes));
      return refuse(header, 'error', 'internal', 'the message is too long');
    }
    const read = readMessage(bytes, settings.characterSet);
    if (!read.ok) {
      if (read.error.t === 'no-hl7') return refuse(null, 'reject', 'internal', 'this is no HL7 v2 message');
      await this.#hold(read.error.header, 'unreadable', toLatin1(bytes));
      return read.error.t === 'unknown-character-set'
        ? refuse(read.error.header, 'error', 'wrong-value', 'the character set in MSH-18 is not taken here')
        : refuse(
            read.error.header,
            'error',
            'wrong-value',
            'the message is not in its character set (MSH-18)',
          );
    }
    const message = read.value;
    const { header } = message;
    if (header.version !== '' && !header.version.startsWith('2.'))
      return refuse(header, 'reject', 'wrong-version', 'the version in MSH-12 is not taken here');
    if (header.processing !== '' && !(settings.processing as readonly string[]).includes(header.processing))
      return refuse(header, 'reject', 'wrong-processing', 'the processing id in MSH-11 is not taken here');
    if (header.type === 'SIU') return this.#takeVisit(message);
    if (header.type === 'ADT') return this.#takePeople(message);
    return refuse(header, 'reject', 'unknown-type', 'only SIU and ADT are taken here');
  }

  async #takeVisit(message: ReadMessage): Promise<Taken> {
    const { header } = message;
    const { settings, nowMs, visits, held } = this.#ports;
    if (WITHOUT_PATIENT.has(header.event)) return { header, verdict: ACCEPT };
    const read = readVisit(message, settings, nowMs());
    if (!read.ok) {
      const code = read.error.condition === 'unknown-event' ? 'unknown-event' : 'missing-field';
      await this.#hold(header, code, message.text);
      return refuse(header, 'error', read.error.condition, read.error.reason);
    }
    const { id, status } = read.value.visit;
    const current = await visits.find(id);
    const patient = readPatient(message, settings);
    const isOver = status === 'cancelled' || status === 'entered-in-error' || status === 'noshow';
    if (read.value.when === null && current === null && !isOver) {
      await this.#hold(header, 'missing-field', message.text);
      return refuse(header, 'error', 'missing-field', 'no time of the visit in AIS-4, SCH-11 or TQ1-7');
    }
    if (patient === null || patient.identifiers.length === 0) {
      // A change of a visit whose patient is known says enough.
      if ((current?.ref ?? null) === null && !isOver) {
        await this.#hold(header, 'missing-field', message.text);
        const reason = 'PID-3 has no identifier of an authority that is set up here';
        return refuse(header, 'error', 'missing-field', reason);
      }
      await this.#commit(read.value, null);
      return { header, verdict: ACCEPT };
    }
    const found = await this.#find(patient);
    const { ref } = found;
    await this.#commit(read.value, ref);
    if (ref !== null) await held().drop(id);
    else if (!(await this.#hasPatient(id))) {
      const kept = await held().hold(id, 'unknown-patient', message.text);
      if (kept === 'full')
        return refuse(header, 'error', 'internal', 'too many visits of unknown patients wait already');
    }
    if (patient.isDeceased) await this.#died(message, found);
    return { header, verdict: ACCEPT };
  }

  /** Only so far as somebody whose message is held becomes known, or has died: the registry is not the feed's. */
  async #takePeople(message: ReadMessage): Promise<Taken> {
    const { header } = message;
    const { settings, finder, held } = this.#ports;
    const patient = PEOPLE_EVENTS.has(header.event) ? readPatient(message, settings) : null;
    if (patient === null) return { header, verdict: ACCEPT };
    const all = [...patient.identifiers, ...patient.former];
    const found = await finder.find(all, patient.born);
    if (found.ref === null) return { header, verdict: ACCEPT };
    if (await finder.learn(all, found.ref)) held().lookSoon();
    if (patient.isDeceased) await this.#died(message, found);
    return { header, verdict: ACCEPT };
  }

  /**
   * From then on nothing is sent, so a record number alone is not enough: whoever reaches the interface could silence a patient with one message, or a
   * wrong digit do it. What does not say the registry's birth date too is for a person.
   */
  async #died(message: ReadMessage, found: FoundPatient): Promise<void> {
    if (found.ref === null) return;
    if (found.isBornSame) return this.#ports.died(found.ref);
    await this.#hold(message.header, 'missing-field', message.text);
    const words =
      "A message says that a patient has died, without the registry's birth date: it is held for you to look at.";
    this.#ports.report.problem('deceased-unsure', words);
  }

  async #find(patient: ReadPatient | null): Promise<FoundPatient> {
    if (patient === null) return { ref: null, why: 'unknown' };
    const found = await this.#ports.finder.find(patient.identifiers, patient.born);
    if (found.ref === null && found.why !== 'unknown') {
      const words =
        found.why === 'two-patients'
          ? 'The record numbers of a message are those of two patients: it is held.'
          : 'A message says another birth date than the registry for its record number: it is held.';
      this.#ports.report.problem(found.why, words);
    }
    return found;
  }

  async #commit({ visit, when }: ReadVisit, ref: string | null): Promise<void> {
    const { visits, settings } = this.#ports;
    const current = await visits.find(visit.id);
    // A visit that ended before it was ever heard of is kept all the same: the message that made it may still be on its way.
    const at = visit.source.version;
    const { start, end } = when ?? current ?? { start: at, end: at + settings.minutes * 60_000 };
    await visits.take({ ...visit, ref, start, end });
  }

  async #hold(header: Header | null, code: HeldMessage['code'], raw: string): Promise<void> {
    const { application = '', facility = '', control = '' } = header ?? {};
    const name = control === '' ? await digestOf(raw) : [application, facility, control].join('|');
    if ((await this.#ports.held().hold(name, code, raw)) === 'full')
      this.#ports.report.problem(
        'held-full',
        'So many messages wait for somebody to look at them that no more are kept.',
      );
  }
}

function refuse(header: Header | null, t: 'error' | 'reject', condition: Condition, reason: string): Taken {
  return { header, verdict: { t, condition, reason } };
}

async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return encodeBase64Url(new Uint8Array(digest));
}
