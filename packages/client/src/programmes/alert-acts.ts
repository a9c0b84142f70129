import type { AccountId, BatonId, Clock, EventId, MessageId } from '@baton/kernel';
import type { CheckInAlert, CloseReason } from '@baton/wire';
import type { Programmes } from '../api/programmes.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { ProgrammesWriter } from './programmes-writer.ts';

export interface AlertActsPorts {
  readonly me: AccountId;
  readonly clock: Clock;
  readonly may: (action: string) => boolean;
  /** Open asks of a message in the sidebar. */
  readonly openBatons: (message: MessageId) => readonly BatonId[];
  readonly closeBaton: (baton: BatonId, reason: CloseReason) => Promise<void>;
}

/** What clinicians do about an alert: choose, do, say whether it was of use (docs/protocol/programmes.md §5). */
export class AlertActs {
  readonly #ports: AlertActsPorts;
  readonly #writer: ProgrammesWriter;

  constructor(ports: AlertActsPorts, writer: ProgrammesWriter) {
    this.#ports = ports;
    this.#writer = writer;
  }

  async act(id: EventId, way: Parameters<Programmes['actOnAlert']>[1], note: string): Promise<void> {
    const { me, clock } = this.#ports;
    if (way === 'none' && note.trim() === '')
      throw new ClientError('request.invalid', 'alert.note', {
        sentence: 'Say why nothing is needed. The note stays with the alert.',
      });
    await this.#alter(id, (newest) => {
      if (newest.act?.doneAt) throw doneAlready();
      this.#requireClinician(newest);
      return {
        ...newest,
        act: { way, by: me, chosenAt: clock.nowMs(), doneAt: null, appointment: null, note },
      };
    });
  }

  /** The clock stops, and what was asked in the sidebar is answered by it. */
  async finish(id: EventId, appointment: string | null): Promise<void> {
    const { clock, openBatons, closeBaton } = this.#ports;
    const found: { message: MessageId | null } = { message: null };
    await this.#alter(id, (newest) => {
      this.#requireClinician(newest);
      found.message = newest.message;
      if (newest.act === null) throw new ClientError('request.invalid', 'alert.act');
      return newest.act.doneAt === null
        ? { ...newest, act: { ...newest.act, doneAt: clock.nowMs(), appointment } }
        : null;
    });
    if (found.message === null) return;
    for (const baton of openBatons(found.message)) await closeBaton(baton, 'done').catch(ignoreRefusal);
  }

  async rate(id: EventId, useful: boolean): Promise<void> {
    const nurseSays = useful ? 'useful' : 'not-useful';
    await this.#alter(id, (newest) => (newest.nurseSays === nurseSays ? null : { ...newest, nurseSays }));
  }

  /** What is done about a red alert is a clinician's to decide. */
  #requireClinician({ band }: CheckInAlert): void {
    if (band === 'red' && !this.#ports.may('alert.act.red'))
      throw new ClientError('policy.forbidden', 'alert.act.red', {
        sentence: 'A clinician acts on a red alert. Hand it to one.',
      });
  }

  async #alter(id: EventId, decide: (newest: CheckInAlert) => CheckInAlert | null): Promise<void> {
    if (!this.#ports.may('patient.registry.write'))
      throw new ClientError('policy.forbidden', 'patient.registry.write');
    await this.#writer.alter('alert', `alert:${id}`, decide);
  }
}

function doneAlready(): ClientError {
  return new ClientError('conflict.exists', 'alert.done', {
    sentence: 'Somebody has done this already. Nothing more is needed.',
  });
}

/** A baton that another owes stays theirs to end; the alert says what was done. */
function ignoreRefusal(error: unknown): void {
  if (!isClientError(error)) throw error;
}
