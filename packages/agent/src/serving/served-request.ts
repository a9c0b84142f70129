import type { Bytes } from '@baton/kernel';

/** One HTTP request that reached the station's listener, whole (docs/protocol/agents.md §8). */
export interface ServedRequest {
  readonly method: 'GET' | 'POST';
  /** From the first slash, as it came, without query: `/sms/webhook`. */
  readonly path: string;
  /** From the `?` on, as it came; empty without one. */
  readonly query: string;
  /** Names in lower case. One that came twice is joined as HTTP says; what Node drops is dropped. */
  readonly headers: Readonly<Record<string, string>>;
  /** Raw: signatures are over these bytes. */
  readonly body: Bytes;
  /** Asked of this machine by its own name, by no other site's page and through no proxy (T23, DNS rebinding). */
  readonly isLocal: boolean;
}

export interface ServedResponse {
  readonly status: number;
  /** `content-type`, `content-security-policy` and a few more; others are left out by the listener. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Bytes | string;
}

export type Serve = (request: ServedRequest) => Promise<ServedResponse>;

/** What the runtime of a program takes requests with; `serve` may be called once. */
export class ServingDesk {
  #serve: Serve | null = null;

  /** Until a program serves, whoever asks is told to come again. */
  readonly serve = (handler: Serve): void => {
    if (this.#serve !== null) throw new Error('A program serves once.');
    this.#serve = handler;
  };

  /** Never rejects: what the program throws is a 500 without a word of it. */
  async answer(request: ServedRequest): Promise<ServedResponse & { readonly failure?: unknown }> {
    const handler = this.#serve;
    if (handler === null) return { status: 503 };
    try {
      return await handler(request);
    } catch (failure) {
      return { status: 500, failure };
    }
  }
}
