import type { BatonId, MessageId } from '@baton/kernel';
import type { Baton, Batons } from '../api/batons.ts';
import { ClientError } from '../failure.ts';
import { LiveCell, LiveView, type Soon } from '../live/cell.ts';

/** What is owed, by whom, by when. */
export class BatonDesk implements Batons {
  readonly owe: LiveView<readonly Baton[]>;
  readonly waiting: LiveView<readonly Baton[]>;
  readonly escalated: LiveView<readonly Baton[]>;
  readonly ended: LiveView<readonly Baton[]>;
  readonly owed: LiveView<number>;
  readonly changes: LiveCell<number>;
  readonly #listeners = new Set<(baton: Baton) => void>();

  constructor(ports: { readonly soon: Soon }) {
    this.owe = new LiveView(ports.soon, () => []);
    this.waiting = new LiveView(ports.soon, () => []);
    this.escalated = new LiveView(ports.soon, () => []);
    this.ended = new LiveView(ports.soon, () => []);
    this.owed = new LiveView(ports.soon, () => this.owe.read().length);
    this.changes = new LiveCell(ports.soon, 0);
  }

  onReached(listener: (baton: Baton) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  ofMessage(_message: MessageId): readonly Baton[] {
    return [];
  }

  get(_id: BatonId): Baton | null {
    return null;
  }

  acknowledge() {
    return notYet();
  }

  take() {
    return notYet();
  }

  handOver() {
    return notYet();
  }

  accept() {
    return notYet();
  }

  decline() {
    return notYet();
  }

  close() {
    return notYet();
  }

  openAnswerThread() {
    return notYet();
  }
}

function notYet(): Promise<never> {
  return Promise.reject(new ClientError('server.not_ready', 'batons'));
}
