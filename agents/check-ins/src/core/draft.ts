import type { CheckInAlert, CheckInRun } from '@baton/wire';
import { programmesKey } from '@baton/wire';
import type { Effect, Track } from './track.ts';
import type { View } from './view.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const MOST_PROMPTS = 24;
const MOST_HANDLED = 40;
const MOST_STEPS = 60;
const MOST_DAYS = 4;

/** The outcome of one decision while it is made: what is remembered next, values to write, and what is to be done. */
export class Draft {
  readonly view: View;
  readonly track: Mutable<Track>;
  /** The open dialogue as it will be. */
  run: Mutable<CheckInRun> | null;
  readonly #writes = new Map<string, CheckInRun | CheckInAlert>();
  readonly #todo: Effect[] = [];
  #isChanged = false;

  constructor(view: View) {
    this.view = view;
    this.track = { ...view.track };
    this.run = view.run && { ...view.run };
  }

  get isChanged(): boolean {
    return this.#isChanged || this.#writes.size > 0 || this.#todo.length > 0;
  }

  /** Something of `track` was set. */
  touch(): void {
    this.#isChanged = true;
  }

  write(value: CheckInRun | CheckInAlert): void {
    this.#writes.set(programmesKey(value), value);
  }

  do(effect: Effect): void {
    this.#todo.push(effect);
  }

  addStep(step: CheckInRun['steps'][number]): void {
    if (this.run === null) return;
    // A dialogue that went round and round keeps its newest steps.
    this.run.steps = [...this.run.steps, step].slice(-MOST_STEPS);
  }

  addPrompt(prompt: Track['prompts'][number]): void {
    this.track.prompts = [...this.track.prompts, prompt].slice(-MOST_PROMPTS);
    this.touch();
  }

  setHandled(id: Track['handled'][number]): void {
    this.track.handled = [...this.track.handled, id].slice(-MOST_HANDLED);
    this.touch();
  }

  setSlot(date: string, slot: string): void {
    const known = this.track.days.find((day) => day.date === date);
    const rest = this.track.days.filter((day) => day.date !== date);
    const slots = [...new Set([...(known?.slots ?? []), slot])];
    this.track.days = [...rest, { date, slots }].sort((a, b) => (a.date < b.date ? -1 : 1)).slice(-MOST_DAYS);
    this.touch();
  }

  hasSlot(date: string, slot: string): boolean {
    return this.track.days.some((day) => day.date === date && day.slots.includes(slot));
  }

  /** What is written down before anything of it is done; null: nothing changed. */
  toTrack(): Track | null {
    if (!this.isChanged) return null;
    const { writes, todo, rev } = this.view.track;
    const merged = new Map(writes.map((value) => [programmesKey(value), value]));
    for (const [key, value] of this.#writes) merged.set(key, value);
    return { ...this.track, rev: rev + 1, writes: [...merged.values()], todo: [...todo, ...this.#todo] };
  }
}
