import type { Job } from '@baton/wire';
import { type Action, isAction, JOBS_OF_KIND, NOT_ON_ONESELF, PERMISSION_TABLE } from './permission-table.ts';

/** Who asks, as the key log shows the account now. */
export interface Actor {
  readonly kind: 'user' | 'agent' | 'patient';
  readonly active: boolean;
  readonly jobs: readonly Job[];
}

export interface PermissionContext {
  /** The act concerns the actor's own account. */
  readonly onOneself?: boolean;
}

/** A decision and the rule that made it. */
export interface Explanation {
  readonly allowed: boolean;
  /** `allow:<action>:<job>`, or `deny:` and the reason. */
  readonly rule: string;
}

/** Whether the actor may do it. An unknown action, job or kind is denied. */
export function can(actor: Actor, action: Action, context: PermissionContext = {}): boolean {
  return explain(actor, action, context).allowed;
}

/** As `can`, with the rule: for the audit log and for the page that shows a person what they may do. Takes any text as an action. */
export function explain(actor: Actor, action: string, context: PermissionContext = {}): Explanation {
  if (!isAction(action)) return { allowed: false, rule: 'deny:unknown-action' };
  if (!actor.active) return { allowed: false, rule: 'deny:inactive' };
  if (context.onOneself === true && NOT_ON_ONESELF.has(action))
    return { allowed: false, rule: 'deny:on-oneself' };
  if (!Object.hasOwn(JOBS_OF_KIND, actor.kind)) return { allowed: false, rule: 'deny:unknown-kind' };
  const granted: readonly Job[] = PERMISSION_TABLE[action];
  const counted = JOBS_OF_KIND[actor.kind];
  const job = actor.jobs.find((held) => counted.includes(held) && granted.includes(held));
  return job === undefined
    ? { allowed: false, rule: 'deny:default' }
    : { allowed: true, rule: `allow:${action}:${job}` };
}
