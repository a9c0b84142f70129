import type { AccountId, ConversationId } from '@baton/kernel';
import { listAccounts } from '@baton/ledger';
import type { ConversationKind, Manifest, NamedCollection } from '@baton/wire';
import { isClientError } from '../failure.ts';
import type { CarePorts } from './care-ports.ts';

/** Where a program works, as far as its manifest lists that kind of conversation. */
interface Places {
  readonly collections: readonly NamedCollection[];
  /** The queue of unknown numbers. */
  readonly unknown: boolean;
  readonly patients: boolean;
  readonly sidebars: boolean;
}

/** Programs that work for patients' conversations (agents' manifests name their program), and where each may be let in. */
const PLACES = {
  sms: { collections: ['texting'], unknown: true, patients: true, sidebars: false },
  triage: { collections: ['desk'], unknown: false, patients: true, sidebars: true },
  reminders: {
    collections: ['appointments', 'texting', 'desk'],
    unknown: false,
    patients: true,
    sidebars: true,
  },
  'check-ins': {
    collections: ['programmes', 'appointments', 'texting', 'desk'],
    unknown: false,
    patients: true,
    sidebars: true,
  },
  hl7v2: { collections: ['appointments', 'texting'], unknown: false, patients: false, sidebars: false },
  fhir: { collections: ['appointments', 'texting'], unknown: false, patients: false, sidebars: false },
} as const satisfies Readonly<Record<string, Places>>;
export type CareProgram = keyof typeof PLACES;

const PROGRAMS = Object.keys(PLACES) as readonly CareProgram[];
const placesOf = (program: CareProgram): Places => PLACES[program];

export interface CareAgent {
  readonly account: AccountId;
  readonly program: CareProgram;
  readonly manifest: Manifest;
}

type AgentPorts = Pick<CarePorts, 'keyLog' | 'manifests' | 'logs' | 'book' | 'sealed' | 'admit'>;

/** Lets assistants in where their work is, within their manifests; members see that they are there. */
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
      const program = PROGRAMS.find((name) => name === manifest?.program);
      if (manifest && program) agents.push({ account, program, manifest });
    }
    return agents;
  }

  /** Into the collections that are there, and the texting assistant into the queue of unknown numbers. */
  async admitToGround(unknown: ConversationId, agents?: readonly CareAgent[]): Promise<void> {
    const { sealed } = this.#ports;
    for (const agent of agents ?? (await this.find())) {
      const places = placesOf(agent.program);
      await this.#admit(agent, [
        ...places.collections.map((name) => [sealed.idOf(name), 'collection'] as const),
        ...(places.unknown ? [[unknown, 'queue'] as const] : []),
      ]);
    }
  }

  /** Into a patient's conversation and, where it works there, its sidebar. Answers whether anybody had to be let in. */
  async admitTo(
    conv: ConversationId,
    sidebar: ConversationId | null,
    agents?: readonly CareAgent[],
  ): Promise<boolean> {
    let changed = false;
    for (const agent of agents ?? (await this.find())) {
      const { patients, sidebars } = placesOf(agent.program);
      const places = [
        ...(patients ? [[conv, 'patient'] as const] : []),
        ...(sidebars && sidebar !== null ? [[sidebar, 'sidebar'] as const] : []),
      ];
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
