import { type ConversationId, isId, type OwnerId, type RoleId } from '@baton/kernel';
import { type TextingSettings, textingCodec } from '@baton/wire';
import { namedCollectionOf, patientQueueOf } from '../collections/named-collection.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { CareAgents } from './care-agents.ts';
import type { CarePorts } from './care-ports.ts';
import { PATIENT_QUEUE } from './suggest-settings.ts';

type GroundPorts = Pick<
  CarePorts,
  'digest' | 'org' | 'book' | 'entries' | 'sync' | 'sealed' | 'policy' | 'queue' | 'saveQueue' | 'may'
>;

/** What an organisation's texting stands on: two collections, the queue of unknown numbers, the queue that owes answers. */
export class CareGround {
  readonly #ports: GroundPorts;
  readonly #agents: CareAgents;

  constructor(ports: GroundPorts, agents: CareAgents) {
    this.#ports = ports;
    this.#agents = agents;
  }

  /** The queue conversation of texts that belong to nobody. */
  get unknown(): ConversationId {
    return namedCollectionOf(this.#ports.digest, this.#ports.org, 'unknown');
  }

  /** Makes what is missing, in an order in which every step can be repeated; what is there stays as it is. */
  async establish(settings: TextingSettings): Promise<void> {
    const { sync, sealed, policy } = this.#ports;
    if (!policy()) throw new ClientError('duty.no_supervisor', 'policy');
    requireAnswerable(settings);
    await sync.catchUp();
    await this.#ensureQueue(settings);
    const texting = sealed.idOf('texting');
    await this.make(texting, { kind: 'collection', team: settings.team });
    await this.make(sealed.idOf('desk'), { kind: 'collection', team: settings.team });
    await this.make(this.unknown, { kind: 'queue', team: settings.team });
    await this.#agents.admitToGround(this.unknown);
    const collection = await sealed.named('texting');
    await collection.put('settings', (newest) => (newest ? null : textingCodec.encode(settings)));
  }

  /**
   * Makes a collection of the programmes (docs/protocol/programmes.md) for the team that reads patients' conversations, and lets the assistants in
   * whose work is there. Does nothing where it is. `request.not_found` at `settings` before texting is set up: there is no team yet.
   */
  async establishNamed(name: 'appointments' | 'programmes', settings: TextingSettings | null): Promise<void> {
    if (!settings)
      throw new ClientError('request.not_found', 'settings', {
        sentence: 'Set up texting first: it says which team looks after patients.',
      });
    const { sync, sealed } = this.#ports;
    await sync.catchUp();
    await this.make(sealed.idOf(name), { kind: 'collection', team: settings.team });
    await this.#agents.admitToGround(this.unknown);
  }

  /** Makes a conversation of the team's roles, unless it is there: whoever comes second finds the first one's. */
  async make(
    conv: ConversationId,
    input: {
      readonly kind: 'collection' | 'queue' | 'patient' | 'sidebar';
      readonly team: readonly RoleId[];
      readonly parent?: ConversationId;
    },
  ): Promise<void> {
    const { book, entries, sync } = this.#ports;
    if (book.get(conv)) return;
    try {
      await entries.create(conv, {
        op: 'create',
        kind: input.kind,
        members: input.team.map((m) => ({ m, hist: true })),
        role: null,
        parent: input.parent ?? null,
      });
    } catch (error) {
      if (!isClientError(error, 'conflict.exists') && !isClientError(error, 'conflict.head')) throw error;
      await sync.run(conv, () => sync.pullToNewest(conv));
      if (!book.get(conv)) throw new ClientError('policy.not_a_member', input.kind);
    }
  }

  async #ensureQueue({ askTo, urgentTo, team }: TextingSettings): Promise<void> {
    const { digest, org, queue, saveQueue } = this.#ports;
    const own = patientQueueOf(digest, org);
    if (![askTo, urgentTo].includes(own) || queue(own)?.active) return;
    const [defaultOwner] = team;
    if (defaultOwner === undefined) return;
    await saveQueue({
      kind: 'queue',
      queue: own,
      name: PATIENT_QUEUE,
      roles: team,
      defaultOwner,
      active: true,
    });
  }
}

/** Patients ask roles and queues, so that somebody is always there: never one person (docs/protocol/patients.md §5). */
export function requireAnswerable({ askTo, urgentTo, routes, team }: TextingSettings): void {
  const owners: readonly OwnerId[] = [askTo, urgentTo, ...routes.map(({ to }) => to)];
  if (owners.some((owner) => isId('account', owner)))
    throw new ClientError('request.invalid', 'settings.askTo', {
      sentence:
        'What patients write is owed by a role or a queue, not by one person. Choose a role or a queue.',
    });
  if (team.length === 0)
    throw new ClientError('request.invalid', 'settings.team', {
      sentence: 'Choose at least one team role that reads what patients write.',
    });
}
