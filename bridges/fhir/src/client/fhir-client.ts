import type { Egress } from '@baton/agent';
import type { Clock, Rng, Timers } from '@baton/kernel';
import type { FhirSettings } from '../settings.ts';
import { FhirFailure } from './fhir-failure.ts';
import { SmartTokens } from './smart-token.ts';

export const ANSWER_MS = 30_000;
const LONGEST_BYTES = 16 * 1024 * 1024;
const TRIES = 4;
const FIRST_PAUSE_MS = 1000;
/** A server that wants more rest than this is left alone until the next poll. */
const LONGEST_PAUSE_MS = 60_000;
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

export interface ClientPorts {
  readonly egress: Egress;
  readonly clock: Clock;
  readonly wait: Timers;
  readonly rng: Rng;
}

export interface FhirAnswer {
  readonly status: number;
  readonly etag: string | null;
  /** The server's clock, where it says it. */
  readonly date: number | null;
  /** null: none, or none that is JSON. */
  readonly json: unknown;
}

interface Ask {
  readonly method?: 'GET' | 'PUT' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A plain client of one FHIR R4 server: with a token, with patience, within limits. Addresses and bodies are in no failure that it throws. */
export class FhirClient {
  readonly #settings: FhirSettings;
  readonly #ports: ClientPorts;
  readonly #tokens: SmartTokens | null;

  constructor(settings: FhirSettings, ports: ClientPorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#tokens =
      settings.auth.kind === 'smart'
        ? new SmartTokens(settings.auth, {
            clock: ports.clock,
            rng: ports.rng,
            post: async (url, form) => {
              const headers = {
                'content-type': 'application/x-www-form-urlencoded',
                accept: 'application/json',
              };
              return this.#once(url, { method: 'POST', headers, body: form.toString() });
            },
          })
        : null;
  }

  get base(): string {
    return this.#settings.baseUrl;
  }

  /** `url`: below the base, or what the server gave as its next page. Asks again while the server is not there; throws FhirFailure where it stays away. */
  async ask(url: string, ask: Ask = {}): Promise<FhirAnswer> {
    if (new URL(url).origin !== new URL(this.base).origin) throw new FhirFailure('foreign-address', false);
    let hasNewToken = false;
    for (let attempt = 1; ; attempt += 1) {
      let failure: FhirFailure;
      let restMs: number | null = null;
      try {
        const answer = await this.#once(url, { ...ask, headers: await this.#headers(ask) });
        if (answer.status === 401 && this.#tokens !== null && !hasNewToken) {
          hasNewToken = true;
          this.#tokens.forget();
          continue;
        }
        if (!PASSING.has(answer.status)) return answer;
        failure = new FhirFailure(`http-${answer.status}`, true);
        restMs = answer.restMs;
      } catch (error) {
        if (!(error instanceof FhirFailure)) throw error;
        failure = error;
      }
      if (!failure.isPassing || attempt >= TRIES) throw failure;
      await this.#rest(restMs ?? FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }

  async #headers({ headers, body }: Ask): Promise<Record<string, string>> {
    const { auth } = this.#settings;
    const token = auth.kind === 'bearer' ? auth.token : await this.#tokens?.get();
    return {
      accept: 'application/fhir+json',
      ...(body !== undefined && { 'content-type': 'application/fhir+json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    };
  }

  async #once(
    url: string,
    { method = 'GET', headers, body }: Ask,
  ): Promise<FhirAnswer & { readonly restMs: number | null }> {
    const stop = new AbortController();
    const cancel = this.#ports.wait.after(ANSWER_MS, () => stop.abort());
    try {
      const response = await this.#ports.egress.fetch(url, {
        method,
        headers: { ...headers },
        signal: stop.signal,
        ...(body !== undefined && { body }),
      });
      const text = await readText(response);
      const date = Date.parse(response.headers.get('date') ?? '');
      return {
        status: response.status,
        etag: response.headers.get('etag'),
        date: Number.isFinite(date) ? date : null,
        json: parseJson(text),
        restMs: restOf(response.headers.get('retry-after'), this.#ports.clock.nowMs()),
      };
    } catch (error) {
      if (error instanceof FhirFailure) throw error;
      // A host that the manifest does not list is nothing that goes away.
      const isRefused = error instanceof Error && 'code' in error && error.code === 'egress';
      throw isRefused ? new FhirFailure('not-in-manifest', false) : new FhirFailure('not-reached', true);
    } finally {
      cancel();
    }
  }

  #rest(ms: number): Promise<void> {
    if (ms > LONGEST_PAUSE_MS) throw new FhirFailure('asked-to-wait', true);
    return new Promise((resolve) => this.#ports.wait.after(ms, resolve));
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, size] = ['', 0];
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > LONGEST_BYTES) throw new FhirFailure('too-long', false);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Seconds, or a date (RFC 9110). */
function restOf(text: string | null, nowMs: number): number | null {
  if (text === null) return null;
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
