import type { AgentContext, KeptRole, RunningProgram } from '@baton/agent';
import { isId, type RoleId, type TimestampMs } from '@baton/kernel';
import { planTurns, type TurnPlan } from './plan-turns.ts';

/** So long after a change of hands a holder's own device may do it; then the agent does. */
export const GRACE_MS = 20_000;
/** Nothing is in sight: looked at again so much later. */
const FAR_MS = 24 * 3_600_000;

/**
 * Hands roles over at shift change (docs/protocol/agents.md §7). One durable timer for each role stands at the next moment at which somebody comes
 * or goes; records and memberships that change set it anew. A turn compares and changes what differs, so that doing it twice changes nothing.
 */
export class DutyKeeper implements RunningProgram {
  readonly #context: AgentContext;
  #off: readonly (() => void)[] = [];
  #looking: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(context: AgentContext) {
    this.#context = context;
  }

  start(): void {
    const { timers, session, lease } = this.#context;
    timers.start(async ({ data }) => {
      const role = data['role'];
      if (role !== undefined && isId('role', role)) await this.#turn(role, data['step'] ?? 'look');
    });
    this.#off = [
      session.roles.subscribe(() => this.#look()),
      lease.subscribe((held) => {
        if (held) this.#look();
      }),
    ];
    this.#look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const end of this.#off) end();
    await this.#looking;
  }

  /** Looks at every role; a burst of changes is one look. */
  #look(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#looking ??= this.#lookAll().finally(() => {
      this.#looking = null;
    });
  }

  async #lookAll(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      const { lease, session } = this.#context;
      if (!lease.isHeld) return;
      for (const kept of session.roles.kept()) await this.#schedule(kept).catch(() => this.#lookLater());
    }
  }

  /** Offline, or the state is behind: once more, a little later. */
  #lookLater(): void {
    if (!this.#stopped) this.#context.wait.after(GRACE_MS, () => this.#look());
  }

  /** Writes down when this role is looked at next. */
  async #schedule(kept: KeptRole): Promise<void> {
    const { clock, timers } = this.#context;
    const nowMs = clock.nowMs();
    const next = nextLook(kept, nowMs);
    const name = timerOf(kept.role);
    const known = (await timers.list()).find((timer) => timer.name === name);
    // One that stands earlier is kept: it is a turn that is under way.
    if (known && known.dueAt <= next.dueAt) return timers.wake();
    await timers.set(name, next.dueAt, { role: kept.role, step: next.step });
  }

  async #turn(role: RoleId, step: string): Promise<void> {
    const { session, clock, timers } = this.#context;
    await session.roles.refresh(role);
    const kept = session.roles.find(role);
    const plan = kept && planTurns(kept, clock.nowMs());
    if (plan && (plan.isUrgent || step === 'act')) await this.#act(plan);
    else if (plan) await timers.set(timerOf(role), clock.nowMs() + GRACE_MS, { role, step: 'act' });
    // After this handler its timer is taken away; the next look sets the next one.
    this.#context.wait.after(0, () => this.#look());
  }

  async #act({ role, turns }: TurnPlan): Promise<void> {
    const { session, lease, activity } = this.#context;
    lease.requireHeld();
    try {
      await session.roles.turnOver(role, turns);
    } catch (error) {
      await activity.note('role.turn', [role], 'failed');
      throw error;
    }
    const concerned = turns.flatMap(({ accounts }) => accounts);
    await activity.note('role.turn', [role, ...concerned.slice(0, 19)]);
  }
}

function timerOf(role: RoleId): string {
  return `turn-${role}`;
}

export interface NextLook {
  readonly dueAt: TimestampMs;
  /** `look`: see whether something is to be done; `act`: the grace is over. */
  readonly step: 'look' | 'act';
}

/** When this role is looked at next: at once where nobody on duty has keys, else a little after a change of hands. */
export function nextLook(kept: KeptRole, nowMs: TimestampMs): NextLook {
  const plan = planTurns(kept, nowMs);
  if (plan) return plan.isUrgent ? { dueAt: nowMs, step: 'act' } : { dueAt: nowMs + GRACE_MS, step: 'act' };
  return { dueAt: kept.nextChange(nowMs) ?? nowMs + FAR_MS, step: 'look' };
}
