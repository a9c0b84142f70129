import type { AccountId, ConversationId } from '@baton/kernel';
import { listAccounts } from '@baton/ledger';
import type { ConversationKind, Manifest } from '@baton/wire';
import { isClientError } from '../failure.ts';
import type { CarePorts } from './care-ports.ts';

/** Programs that work for patients' conversations (agents' manifests name their program). */
export const CARE_PROGRAMS = ['sms', 'triage'] as const;
export type CareProgram = (typeof CARE_PROGRAMS)[number];

interface CareAgent {
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

  /** Into the collections, and the texting assistant into the queue of unknown numbers. */
  async admitToGround(unknown: ConversationId): Promise<void> {
    const { sealed } = this.#ports;
    await this.#admitAll('sms', [
      [sealed.idOf('texting'), 'collection'],
      [unknown, 'queue'],
    ]);
    await this.#admitAll('triage', [[sealed.idOf('desk'), 'collection']]);
  }

  /** Into a patient's conversation; the sidebar is the triage assistant's alone. */
  async admitTo(conv: ConversationId, sidebar: ConversationId | null): Promise<void> {
    await this.#admitAll('sms', [[conv, 'patient']]);
    await this.#admitAll('triage', [[conv, 'patient'], ...(sidebar ? [[sidebar, 'sidebar'] as const] : [])]);
  }

  /** Whether somebody is missing, as far as this device knows now. */
  async isMissing(conv: ConversationId, sidebar: ConversationId | null): Promise<boolean> {
    for (const agent of await this.#find()) {
      const places: readonly (readonly [ConversationId | null, ConversationKind])[] =
        agent.program === 'sms'
          ? [[conv, 'patient']]
          : [
              [conv, 'patient'],
              [sidebar, 'sidebar'],
            ];
      for (const [place, kind] of places)
        if (place !== null && lists(agent.manifest, kind) && (await this.#isWanted(agent.account, place)))
          return true;
    }
    return false;
  }

  async #admitAll(
    program: CareProgram,
    places: readonly (readonly [ConversationId, ConversationKind])[],
  ): Promise<void> {
    for (const agent of await this.#find()) {
      if (agent.program !== program) continue;
      for (const [conv, kind] of places) {
        const access = agent.manifest.access.find((listed) => listed.kind === kind);
        if (!access || !(await this.#isWanted(agent.account, conv))) continue;
        await this.#ports.admit(agent.account, conv, access.history).catch(ignoreRefusal);
      }
    }
  }

  /** Not there, and nobody took it out: whoever was taken out by hand is let in again by hand only. */
  async #isWanted(agent: AccountId, conv: ConversationId): Promise<boolean> {
    const { book, logs } = this.#ports;
    if (book.get(conv)?.members.includes(agent) === true) return false;
    const log = logs.peek(conv) ?? (await logs.require(conv).catch(() => null));
    return log?.state.past.has(agent) !== true;
  }

  async #find(): Promise<readonly CareAgent[]> {
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
}

function lists(manifest: Manifest, kind: ConversationKind): boolean {
  return manifest.access.some((listed) => listed.kind === kind);
}

/** Who may not let an assistant in leaves that to a colleague who may; the conversation works without it. */
function ignoreRefusal(error: unknown): void {
  if (!isClientError(error)) throw error;
}
