import type { ServedRequest } from '@baton/agent';
import type { Timers } from '@baton/kernel';
import type { FromProcess, RequestMessage } from './process-messages.ts';

/** So many at once; whoever comes then is told to come again. */
const MOST_WAITING = 64;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface RelayPorts {
  readonly timers: Timers;
  readonly limitMs: number;
  /** False where the process is gone. */
  readonly send: (message: RequestMessage) => boolean;
}

/** Hands requests to one process and waits for its answers. */
export class RequestRelay {
  readonly #ports: RelayPorts;
  readonly #waiting = new Map<number, (answer: Answer | null) => void>();
  #last = 0;

  constructor(ports: RelayPorts) {
    this.#ports = ports;
  }

  /** null: not answered in time, or by nobody. */
  ask(request: ServedRequest): Promise<Answer | null> {
    if (this.#waiting.size >= MOST_WAITING) return Promise.resolve(null);
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve) => {
      const settle = (answer: Answer | null): void => {
        cancel();
        this.#waiting.delete(id);
        resolve(answer);
      };
      const cancel = this.#ports.timers.after(this.#ports.limitMs, () => settle(null));
      this.#waiting.set(id, settle);
      const { method, path, query, headers, isLocal } = request;
      const body = Buffer.from(request.body).toString('base64');
      const message: RequestMessage = {
        t: 'request',
        id,
        method,
        path,
        query,
        headers: { ...headers },
        body,
        isLocal,
      };
      if (!this.#ports.send(message)) settle(null);
    });
  }

  answered({ id, status, headers, body }: Extract<FromProcess, { t: 'response' }>): void {
    this.#waiting.get(id)?.({ status, headers, body: Buffer.from(body, 'base64') });
  }

  /** The process is gone: nobody answers any more. */
  giveUp(): void {
    for (const settle of [...this.#waiting.values()]) settle(null);
  }
}
