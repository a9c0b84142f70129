import type { AccountId, ConversationId } from '@baton/kernel';
import { listAccounts } from '@baton/ledger';
import type { ConversationKind, Manifest } from '@baton/wire';
import { isClientError } from '../failure.ts';
import type { CarePorts } from './care-ports.ts';

/** Programs that work for patients' conversations (agents' manifests name their program). */
export const CARE_PROGRAMS = ['sms', 'triage'] as const;
export type CareProgram = (typeof CARE_PROGRAMS)[number];

export interface CareAgent {
  readonly account: AccountId;
  readonly program: CareProgram;
  readonly manifest: Manifest;
}

type AgentPorts = Pick<CarePorts, 'keyLog' | 'manifests' | 'logs' | 'book' | 'sealed' | 'admit'>;

/** Lets the texting and triage assistants in where their work is, within their manifests; members see that they are there. */
export class CareAgents {
  readonly #ports: AgentPorts;

  constructor(ports: AgentPorts) {
    this.#ports = ports;
  }

  /** Agents whose manifests name one of these programs. */
  async find(): Promise<readonly CareAgent[]> {
    const { keyLog, manifests } = this.#ports;
    const agents: CareAgent[] = [];
    for (const { account, kind, active, claimed, manifest: hash } of listAccounts(keyLog.state)) {
      if (kind !== 'agent' || !active || !claimed || !hash) continue;
      const manifest = manifests.peek(hash) ?? (await manifests.find(hash).catch(() => null));
      const program = CARE_PROGRAMS.find((name) => name === manifest?.program);
      if (manifest && program) agents.push({ account, program, manifest });
    }
    return agents;
  }

  /** Into the collections, and the texting assistant into the queue of unknown numbers. */
  async admitToGround(unknown: ConversationId, agents?: readonly CareAgent[]): Promise<void> {
    const { sealed } = this.#ports;
    const places = {
      sms: [
        [sealed.idOf('texting'), 'collection'],
        [unknown, 'queue'],
      ],
      triage: [[sealed.idOf('desk'), 'collection']],
    } as const;
    for (const agent of agents ?? (await this.find())) await this.#admit(agent, places[agent.program]);
  }

  /** Into a patient's conversation; the sidebar is the triage assistant's alone. Answers whether anybody had to be let in. */
  async admitTo(
    conv: ConversationId,
    sidebar: ConversationId | null,
    agents?: readonly CareAgent[],
  ): Promise<boolean> {
    const patient = [conv, 'patient'] as const;
    const beside = sidebar === null ? [] : ([[sidebar, 'sidebar']] as const);
    let changed = false;
    for (const agent of agents ?? (await this.find())) {
      const places = agent.program === 'sms' ? [patient] : [patient, ...beside];
      changed = (await this.#admit(agent, places)) || changed;
    }
    return changed;
  }

  async #admit(
    agent: CareAgent,
    places: readonly (readonly [ConversationId, ConversationKind])[],
  ): Promise<boolean> {
    let changed = false;
    for (const [conv, kind] of places) {
      const access = agent.manifest.access.find((listed) => listed.kind === kind);
      if (!access || !(await this.#isWanted(agent.account, conv))) continue;
      changed = true;
      await this.#ports.admit(agent.account, conv, access.history).catch(ignoreRefusal);
    }
    return changed;
  }

  /** Not there, and nobody took it out: whoever was taken out by hand is let in again by hand only. */
  async #isWanted(agent: AccountId, conv: ConversationId): Promise<boolean> {
    const { book, logs } = this.#ports;
    const row = book.get(conv);
    if (!row || row.left || row.closed || row.members.includes(agent)) return false;
    const log = logs.peek(conv) ?? (await logs.require(conv).catch(() => null));
    return log?.state.past.has(agent) !== true;
  }
}

/** Who may not let an assistant in leaves that to a colleague who may; the conversation works without it. */
function ignoreRefusal(error: unknown): void {
  if (!isClientError(error)) throw error;
}
