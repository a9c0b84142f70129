import type { ReplyFacts } from '@baton/clinical';
import type { EventId, TimestampMs } from '@baton/kernel';
import { localDate } from '../schedule/local-time.ts';
import type { Understand } from './decide-invitation.ts';
import { decideMessage } from './decide-message.ts';
import { decideTick, nextTick } from './decide-tick.ts';
import { Draft } from './draft.ts';
import { Effects } from './effects.ts';
import { withModel } from './model-aide.ts';
import { earlier, type KeeperPorts } from './ports.ts';
import { newTrack, type Track } from './track.ts';
import type { Inbound, View } from './view.ts';

/** What one decision leads to is looked at again at once; more rounds than this mean that something goes in a circle. */
const MOST_ROUNDS = 12;

/**
 * Runs enrolments (docs/protocol/programmes.md §5). Each decision is written down whole, with everything that it leads to, before any of that is done: whoever
 * is killed in between is taken up by the next, and nothing is done twice.
 */
export class Keeper {
  readonly #ports: KeeperPorts;
  readonly #effects: Effects;

  constructor(ports: KeeperPorts) {
    this.#ports = ports;
    this.#effects = new Effects(ports);
  }

  /** Everything that is due for one patient. Answers when something will be again; null: not by itself. Never twice at a time for one patient. */
  async work(ref: string): Promise<TimestampMs | null> {
    const { newest, records, mail } = this.#ports;
    await newest();
    const ids = records.enrolmentsOf(ref);
    let next: TimestampMs | null = null;
    for (const id of ids) await this.#finish(id);
    for (const message of await mail.unread(ref)) {
      await this.#take(ids, message);
      this.#ports.requireHeld();
      await mail.doneUpTo(ref, message);
    }
    for (const id of ids) next = earlier(next, await this.#tick(id));
    return next;
  }

  /** Patients for whom anything can still come: on a protocol, or with something that is not done. */
  async liveOf(refs: Iterable<string>): Promise<readonly string[]> {
    const { records, tracks } = this.#ports;
    const live: string[] = [];
    for (const ref of refs)
      for (const id of records.enrolmentsOf(ref)) {
        const track = records.enrolment(id)?.state === 'ended' ? await tracks.get(id) : null;
        const isOver = records.enrolment(id)?.state === 'ended' && !isUnfinished(track);
        if (!isOver && live.at(-1) !== ref) live.push(ref);
      }
    return live;
  }

  /** The first of the patient's enrolments that it belongs to takes it: the one that it names first, then those with an open question. */
  async #take(ids: readonly EventId[], message: Inbound): Promise<void> {
    const { tracks } = this.#ports;
    const named: EventId[] = [];
    const open: EventId[] = [];
    const idle: EventId[] = [];
    for (const id of ids) {
      const track = await tracks.get(id);
      (isNamed(track, message) ? named : track?.run ? open : idle).push(id);
    }
    for (const id of [...named, ...open, ...idle]) {
      const understand = await this.#readerOf(id, message);
      const isTaken = await this.#decide(id, (draft) => decideMessage(draft, message, understand));
      if (isTaken) return;
    }
  }

  async #readerOf(id: EventId, message: Inbound): Promise<Understand> {
    const { understand, aide } = this.#ports;
    if (aide === null) return understand;
    const view = await this.#view(id);
    if (view === null) return understand;
    return withModel(understand, aide, async (look) => decideMessage(new Draft(view), message, look));
  }

  async #tick(id: EventId): Promise<TimestampMs | null> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      let waitsUntil: TimestampMs | null = null;
      let dueAt: TimestampMs | null = null;
      const isChanged = await this.#decide(id, (draft) => {
        decideTick(draft);
        if (!draft.isChanged) dueAt = nextTick(draft);
        return draft.isChanged;
      });
      waitsUntil = await this.#finish(id);
      if (!isChanged) return earlier(dueAt, waitsUntil);
    }
    throw new Error('an enrolment does not come to rest');
  }

  async #decide(id: EventId, decide: (draft: Draft) => boolean): Promise<boolean> {
    const { tracks, requireHeld } = this.#ports;
    const view = await this.#view(id);
    if (view === null) return false;
    const draft = new Draft(view);
    const answer = decide(draft);
    const track = draft.toTrack();
    if (track === null) return answer;
    requireHeld();
    if (!(await tracks.put(id, track))) throw new Error('another station was faster');
    await this.#effects.finish(id, track);
    return answer;
  }

  async #finish(id: EventId): Promise<TimestampMs | null> {
    const track = await this.#ports.tracks.get(id);
    return track && this.#effects.finish(id, track);
  }

  /** null: no enrolment, or nobody who could be written to. */
  async #view(id: EventId): Promise<View | null> {
    const { records, patients, clock, newId, shadow } = this.#ports;
    const enrolment = records.enrolment(id);
    const patient = enrolment && patients.of(enrolment.ref);
    if (!enrolment || !patient) return null;
    const nowMs = clock.nowMs();
    const track = await this.#track(id, enrolment.ref, localDate(enrolment.timeZone, nowMs) ?? '1970-01-01');
    const alerts = await Promise.all(track.alerts.map((alert) => records.alert(alert.id)));
    return {
      nowMs,
      enrolment,
      protocol: await records.protocol(enrolment),
      track,
      run: track.run === null ? null : await records.run(track.run),
      facts: await this.#factsOf(enrolment.ref),
      alerts: new Map(alerts.flatMap((alert) => (alert ? [[alert.id, alert] as const] : []))),
      newId,
      shadow,
      ...patient,
    };
  }

  /** By whichever enrolment it is known: a message about a visit may be the one that says "fever". */
  async #factsOf(ref: string): Promise<ReplyFacts> {
    const { records } = this.#ports;
    for (const id of records.enrolmentsOf(ref)) {
      const enrolment = records.enrolment(id);
      if (enrolment === null || enrolment.state === 'ended') continue;
      if ((await records.protocol(enrolment))?.chemotherapy) return { chemotherapy: true };
    }
    return { chemotherapy: false };
  }

  async #track(id: EventId, ref: string, today: string): Promise<Track> {
    const { tracks, requireHeld } = this.#ports;
    const known = await tracks.get(id);
    if (known) return known;
    const track = newTrack(ref, today);
    requireHeld();
    if (!(await tracks.put(id, track))) throw new Error('another station was faster');
    return track;
  }
}

function isNamed(track: Track | null, { answers }: Inbound): boolean {
  if (track === null || answers === null) return false;
  const { prompts, invited } = track;
  return prompts.some(({ id }) => id === answers.prompt) || invited?.ids.includes(answers.prompt) === true;
}

function isUnfinished(track: Track | null): boolean {
  if (track === null) return false;
  const { alerts, todo, writes, run } = track;
  return alerts.length > 0 || todo.length > 0 || writes.length > 0 || run !== null;
}
