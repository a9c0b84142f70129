import { decodeRunState } from '@baton/clinical';
import type { EventId, TimestampMs } from '@baton/kernel';
import { isQuiet, quietEnds } from '@baton/policy';
import type { Enrolment } from '@baton/wire';
import { earlier, type KeeperPorts, type Patient } from './ports.ts';
import type { Effect, EffectOf, Track } from './track.ts';

/** So soon after a patient's message an answer is a part of that exchange (docs/protocol/patients.md §4). */
const EXCHANGE_MS = 5 * 60_000;

/** First what people must hear of, last what nobody waits for: a message to the patient that cannot go holds nobody up. */
const ORDER: readonly Effect['t'][] = [
  'consent',
  'ask',
  'withdraw-alert',
  'close-asks',
  'patient-says',
  'enrolment',
  'say',
  'settle',
];

/** Carries out what was decided (docs/protocol/programmes.md §5). It was written before; whatever breaks off is taken up again from there. */
export class Effects {
  readonly #ports: KeeperPorts;

  constructor(ports: KeeperPorts) {
    this.#ports = ports;
  }

  /** Answers when something that waits can go; null: nothing waits. */
  async finish(id: EventId, before: Track): Promise<TimestampMs | null> {
    const { tracks, requireHeld } = this.#ports;
    if (before.writes.length === 0 && before.todo.length === 0) return null;
    for (const value of before.writes) await this.#write(value);
    const left: Effect[] = [];
    let next: TimestampMs | null = null;
    for (const kind of ORDER)
      for (const effect of before.todo.filter(({ t }) => t === kind)) {
        const outcome = await this.#carryOut(id, before.ref, effect);
        left.push(...outcome.left);
        next = earlier(next, outcome.at);
      }
    const isAllWaiting = left.length === before.todo.length && left.every((one) => before.todo.includes(one));
    if (before.writes.length === 0 && isAllWaiting) return next;
    requireHeld();
    const isWritten = await tracks.put(id, { ...before, rev: before.rev + 1, writes: [], todo: left });
    if (!isWritten) throw new Error('another station was faster');
    return next;
  }

  async #write(value: Track['writes'][number]): Promise<void> {
    const { records, requireHeld } = this.#ports;
    requireHeld();
    if (value.t === 'run') await records.putRun(value);
    else await records.addAlert(value);
  }

  /** What is still to be done of it, and when. */
  async #carryOut(
    id: EventId,
    ref: string,
    effect: Effect,
  ): Promise<{ readonly left: readonly Effect[]; readonly at: TimestampMs | null }> {
    const { mail, records, patients, requireHeld, clock } = this.#ports;
    requireHeld();
    const done = { left: [], at: null };
    switch (effect.t) {
      case 'say':
        return this.#say(id, ref, effect);
      case 'ask': {
        const { alert } = effect;
        const message = await mail.ask(ref, effect);
        if (alert !== null) await records.changeAlert(alert, (newest) => ({ ...newest, message }));
        return done;
      }
      case 'settle':
        await mail.settle(ref, effect.message);
        return done;
      case 'close-asks':
        await mail.closeAsks(ref, effect);
        return done;
      case 'withdraw-alert':
        await this.#withdrawAlert(ref, effect, clock.nowMs());
        return done;
      case 'patient-says':
        await records.changeAlert(effect.alert, (newest) =>
          newest.patientSays === null ? { ...newest, patientSays: effect.says } : null,
        );
        return done;
      case 'enrolment':
        await records.changeEnrolment(id, (newest) => changed(newest, effect));
        return done;
      case 'consent': {
        const enrolment = records.enrolment(id);
        if (enrolment) await patients.giveConsent(enrolment, effect);
        return done;
      }
    }
  }

  async #say(
    id: EventId,
    ref: string,
    said: EffectOf<'say'>,
  ): Promise<{ readonly left: readonly Effect[]; readonly at: TimestampMs | null }> {
    const { mail, clock, newest, patients, records, note, newId, requireHeld } = this.#ports;
    // Whether it may go is asked of what the server has at this moment, whatever was decided before.
    await newest();
    const enrolment = records.enrolment(id);
    const patient = patients.of(ref);
    const nowMs = clock.nowMs();
    if (enrolment === null || patient === null || !mayGo(said, enrolment, patient)) {
      note('check-in.not-sent', 'refused');
      return { left: [], at: null };
    }
    if (said.notAfter !== null && nowMs > said.notAfter) return { left: [], at: null };
    if (said.run !== null && !(await this.#isStillAsked(said))) return { left: [], at: null };
    const waitsUntil = quietUntil(said, enrolment, { patient, nowMs });
    if (waitsUntil !== null) {
      const isWorth = said.notAfter === null || waitsUntil <= said.notAfter;
      return isWorth ? { left: [said], at: waitsUntil } : { left: [], at: null };
    }
    requireHeld();
    if ((await mail.say(ref, said)) === 'sent') return { left: [], at: null };
    note('check-in.refused', 'failed');
    const text = 'A message of a check-in could not be sent to the patient. Please look at the conversation.';
    const told = { t: 'ask', id: newId('message'), contract: 'reply', text, first: enrolment.askTo } as const;
    return { left: [{ ...told, withinMs: null, alert: null }], at: nowMs };
  }

  /** A question that waited for the morning, and was answered or given up meanwhile, is not asked. */
  async #isStillAsked({ run, prompt }: EffectOf<'say'>): Promise<boolean> {
    const value = run === null ? null : await this.#ports.records.run(run);
    const state = value && decodeRunState(value.state);
    return state !== null && value?.outcome === 'open' && state.question === prompt?.step;
  }

  async #withdrawAlert(ref: string, effect: EffectOf<'withdraw-alert'>, nowMs: TimestampMs): Promise<void> {
    const { records, mail } = this.#ports;
    const alert = await records.alert(effect.alert);
    const enrolment = alert && records.enrolment(alert.enrolment);
    if (!enrolment) return;
    if (alert.message) await mail.closeAsks(ref, { messages: [alert.message], first: enrolment.askTo });
    await records.changeAlert(effect.alert, (newest) => {
      if (newest.act !== null) return null;
      const act = {
        way: 'none',
        by: this.#ports.me,
        chosenAt: nowMs,
        doneAt: nowMs,
        appointment: null,
      } as const;
      return { ...newest, act: { ...act, note: effect.note } };
    });
  }
}

/** Consent, opt-out and the enrolment itself, as they are now. A question needs a dialogue that goes on; an advice is said to its end. */
function mayGo(said: EffectOf<'say'>, { state, regimen }: Enrolment, { standing }: Patient): boolean {
  if (state === 'invited')
    return standing === 'may' || (standing === 'no-consent' && said.prompt?.step === 'invite');
  if (standing !== 'may') return false;
  if (said.run === null) return said.prompt?.step !== 'invite';
  return state === 'active' || (state === 'held' && regimen !== null);
}

/** When it may go, where it may not now; null: now. */
function quietUntil(
  { replyTo, urgent, sinceMs }: EffectOf<'say'>,
  { timeZone }: Enrolment,
  { patient, nowMs }: { readonly patient: Patient; readonly nowMs: TimestampMs },
): TimestampMs | null {
  const isExchange = replyTo !== null && nowMs - sinceMs <= EXCHANGE_MS;
  if (urgent || isExchange || isQuiet(timeZone, nowMs, patient.hours) === false) return null;
  return quietEnds(timeZone, nowMs, patient.hours) ?? nowMs + 3_600_000;
}

/** Staff may have decided otherwise since: then that stays. */
function changed(newest: Enrolment, { from, to, reason, at }: EffectOf<'enrolment'>): Enrolment | null {
  if (!from.includes(newest.state)) return null;
  return { ...newest, state: to, reason, since: at, resumesOn: null };
}
