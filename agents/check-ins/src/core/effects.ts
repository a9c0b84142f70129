import { decodeRunState } from '@baton/clinical';
import type { EventId, TimestampMs } from '@baton/kernel';
import { isQuiet, quietEnds } from '@baton/policy';
import type { Enrolment } from '@baton/wire';
import { localDate } from '../schedule/local-time.ts';
import { dosesNow, dosesOf, isDoseQuestion } from './dose-words.ts';
import { earlier, type KeeperPorts, type Patient } from './ports.ts';
import type { Effect, EffectOf, Track } from './track.ts';

/** So soon after a patient's message an answer is a part of that exchange (docs/protocol/patients.md §4). */
const EXCHANGE_MS = 5 * 60_000;
/** What could not be sent is tried again after so long; staff are told when it has lasted. */
const AGAIN_MS = 60_000;
const LASTS_MS = 10 * 60_000;

/** What is still to be done of an effect, and when. */
interface Outcome {
  readonly left: readonly Effect[];
  readonly at: TimestampMs | null;
}

const DONE: Outcome = { left: [], at: null };

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
        // Its answer has not gone: until then somebody owes one.
        const isStuck = effect.t === 'settle' && left.some((one) => isStuckAnswer(one, effect.message));
        const outcome = isStuck ? { left: [effect], at: null } : await this.#carryOut(id, before.ref, effect);
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

  async #carryOut(id: EventId, ref: string, effect: Effect): Promise<Outcome> {
    const { mail, records, patients, requireHeld, clock } = this.#ports;
    requireHeld();
    switch (effect.t) {
      case 'say':
        return this.#say(id, ref, effect);
      case 'ask': {
        const { alert } = effect;
        const message = await mail.ask(ref, effect);
        if (alert !== null) await records.changeAlert(alert, (newest) => ({ ...newest, message }));
        return DONE;
      }
      case 'settle':
        await mail.settle(ref, effect.message);
        return DONE;
      case 'close-asks':
        await mail.closeAsks(ref, effect);
        return DONE;
      case 'withdraw-alert':
        await this.#withdrawAlert(ref, effect, clock.nowMs());
        return DONE;
      case 'patient-says':
        await records.changeAlert(effect.alert, (newest) =>
          newest.patientSays === null ? { ...newest, patientSays: effect.says } : null,
        );
        return DONE;
      case 'enrolment':
        await records.changeEnrolment(id, (newest) => changed(newest, effect));
        return DONE;
      case 'consent': {
        const enrolment = records.enrolment(id);
        if (enrolment) await patients.giveConsent(enrolment, effect);
        return DONE;
      }
    }
  }

  async #say(id: EventId, ref: string, said: EffectOf<'say'>): Promise<Outcome> {
    const { mail, clock, newest, patients, records, note, requireHeld } = this.#ports;
    // Whether it may go is asked of what the server has at this moment, whatever was decided before.
    await newest();
    const enrolment = records.enrolment(id);
    const patient = patients.of(ref);
    const nowMs = clock.nowMs();
    const isAllowed = enrolment !== null && patient !== null && mayGo(said, enrolment, patient);
    if (!isAllowed || !(await this.#isPlanned(said, enrolment))) {
      note('check-in.not-sent', 'refused');
      return DONE;
    }
    if (said.notAfter !== null && nowMs > said.notAfter) return this.#giveUp(said, enrolment, nowMs);
    if (said.run !== null && !(await this.#isStillAsked(said))) return DONE;
    const waitsUntil = quietUntil(said, enrolment, { patient, nowMs });
    if (waitsUntil !== null) {
      const isWorth = said.notAfter === null || waitsUntil <= said.notAfter;
      return isWorth ? { left: [said], at: waitsUntil } : DONE;
    }
    if (said.stuck !== undefined && nowMs < said.stuck.tried + AGAIN_MS)
      return { left: [said], at: said.stuck.tried + AGAIN_MS };
    requireHeld();
    switch (await mail.say(ref, said)) {
      case 'sent':
        return DONE;
      case 'later':
        note('check-in.waits', 'failed');
        return this.#waitOn(said, enrolment, nowMs);
      case 'refused':
        note('check-in.refused', 'failed');
        return { left: [this.#tellStaff(enrolment, 'could not be sent')], at: nowMs };
    }
  }

  /** Answers, alerts and other questions go on meanwhile. */
  #waitOn(said: EffectOf<'say'>, enrolment: Enrolment, nowMs: TimestampMs): Outcome {
    const { since = nowMs, told = false } = said.stuck ?? {};
    const lasts = !told && nowMs - since >= LASTS_MS;
    const waiting: Effect = { ...said, stuck: { since, tried: nowMs, told: told || lasts } };
    if (!lasts) return { left: [waiting], at: nowMs + AGAIN_MS };
    return { left: [this.#tellStaff(enrolment, 'still waits to be sent'), waiting], at: nowMs };
  }

  #giveUp({ stuck }: EffectOf<'say'>, enrolment: Enrolment, nowMs: TimestampMs): Outcome {
    if (stuck === undefined || stuck.told) return DONE;
    return { left: [this.#tellStaff(enrolment, 'could not be sent in time')], at: nowMs };
  }

  #tellStaff({ askTo }: Enrolment, what: string): Effect {
    return {
      t: 'ask',
      id: this.#ports.newId('message'),
      contract: 'reply',
      text: `A message of a check-in to the patient ${what}. Please look at the conversation.`,
      first: askTo,
      withinMs: null,
      alert: null,
    };
  }

  /** A question that waited for the morning, and was answered or given up meanwhile, is not asked. */
  async #isStillAsked({ run, prompt }: EffectOf<'say'>): Promise<boolean> {
    const value = run === null ? null : await this.#ports.records.run(run);
    const state = value && decodeRunState(value.state);
    return state !== null && value?.outcome === 'open' && state.question === prompt?.step;
  }

  /** Tablets are spoken of only by the plan as it is now, whatever it was when that was decided. */
  async #isPlanned({ prompt, text }: EffectOf<'say'>, enrolment: Enrolment): Promise<boolean> {
    const { records, clock } = this.#ports;
    const run = prompt === null || !prompt.about.startsWith('run:') ? null : await records.run(prompt.about);
    const state = run && decodeRunState(run.state);
    const named = state && dosesOf(state);
    if (run === null || state === null || named === null) return true;
    const protocol = await records.protocol(enrolment);
    if (!isDoseQuestion(protocol, prompt?.step) && !text.includes(named)) return true;
    const date = localDate(enrolment.timeZone, clock.nowMs()) ?? run.date;
    return (
      protocol !== null && dosesNow(protocol, enrolment, { ...run, date, language: state.language }) === named
    );
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

function isStuckAnswer(effect: Effect, message: EffectOf<'settle'>['message']): boolean {
  return effect.t === 'say' && effect.stuck !== undefined && effect.replyTo === message;
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
