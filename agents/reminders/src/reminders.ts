import type { AgentContext, RunningProgram } from '@baton/agent';
import { ReminderDesk } from './core/reminder-desk.ts';
import { AnswerWatch } from './threads/answer-watch.ts';
import { ReminderMemory } from './threads/memory.ts';
import { SessionDoor } from './threads/patient-door.ts';

/** The core wired to a station's session. */
export class Reminders implements RunningProgram {
  readonly #context: AgentContext;
  #stopped = false;
  #stop: () => Promise<void> = async () => {};

  constructor(context: AgentContext) {
    this.#context = context;
  }

  /** Waits until the practice has visits and texting here; nothing of the program waits for that. */
  start(): void {
    this.#open().catch(() => void this.#context.activity.note('reminders.open', [], 'failed'));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#stop();
  }

  async #open(): Promise<void> {
    const { session, clock, wait, lease, activity } = this.#context;
    const appointments = await session.collections.awaitNamed('appointments');
    const texting = await session.collections.awaitNamed('texting');
    if (this.#stopped) return;
    const memory = new ReminderMemory(this.#context);
    const messageId = (...parts: readonly string[]) => memory.messageId(...parts);
    const door = new SessionDoor({ session, lease }, messageId);
    const desk = new ReminderDesk({
      clock,
      wait,
      lease,
      appointments,
      texting,
      door,
      messageId,
      choices: memory,
      note: (what, ids, outcome) => void activity.note(what, ids, outcome),
    });
    const watch = new AnswerWatch(this.#context, (answer) => desk.take(answer));
    this.#stop = async () => {
      door.stop();
      await watch.stop();
      await desk.stop();
    };
    await desk.start();
    if (this.#stopped) return this.#stop();
    door.start((conv) => desk.opened(conv));
    watch.start();
  }
}
