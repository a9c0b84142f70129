import { type Bytes, decodeUtf8, encodeUtf8 } from '@baton/kernel';
import { API_PREFIX, errorBody } from '@baton/wire';
import type { z } from 'zod';
import { ClientError, offlineError } from '../failure.ts';
import { type HttpAnswer, type HttpRequest, type Transport, Unreachable } from '../ports/transport.ts';

export interface RestCall<T> {
  readonly method: HttpRequest['method'];
  /** Below `/v1`, starting with a slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | null>>;
  readonly body?: unknown;
  /** Schema of the answer; null where the answer is ignored. */
  readonly answer: z.ZodType<T> | null;
}

/** The JSON API: every answer passes its wire schema before it has a type, every refusal becomes a `ClientError`. */
export class Rest {
  readonly #transport: Transport;
  #token: string | null = null;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get token(): string | null {
    return this.#token;
  }

  useToken(token: string | null): void {
    this.#token = token;
  }

  async call<T>(call: RestCall<T>): Promise<T> {
    const answer = await this.#send(
      {
        method: call.method,
        path: API_PREFIX + call.path + queryText(call.query ?? {}),
        headers: call.body === undefined ? {} : { 'content-type': 'application/json' },
        body: call.body === undefined ? null : encodeUtf8(JSON.stringify(call.body)),
      },
      call.path,
    );
    if (call.answer === null) return undefined as T;
    const parsed = call.answer.safeParse(parseJson(answer, call.path));
    if (!parsed.success) throw new ClientError('wire.schema', call.path);
    return parsed.data;
  }

  /** Raw bytes up or down (blobs). */
  async bytes(
    request: Omit<HttpRequest, 'headers'> & Partial<Pick<HttpRequest, 'headers'>>,
  ): Promise<HttpAnswer> {
    const type = request.body ? { 'content-type': 'application/octet-stream' } : {};
    const headers = { ...type, ...request.headers };
    return this.#send({ ...request, path: API_PREFIX + request.path, headers }, request.path);
  }

  /** Raw bytes up, JSON down. */
  async send<T>(
    call: Omit<RestCall<T>, 'body' | 'answer'> & { readonly bytes: Bytes; readonly answer: z.ZodType<T> },
  ): Promise<T> {
    const path = call.path + queryText(call.query ?? {});
    const answer = await this.bytes({ method: call.method, path, body: call.bytes });
    const parsed = call.answer.safeParse(parseJson(answer, call.path));
    if (!parsed.success) throw new ClientError('wire.schema', call.path);
    return parsed.data;
  }

  async #send(request: HttpRequest, at: string): Promise<HttpAnswer> {
    const headers: Record<string, string> = { ...request.headers };
    if (this.#token !== null) headers['authorization'] = `Bearer ${this.#token}`;
    let answer: HttpAnswer;
    try {
      answer = await this.#transport.request({ ...request, headers });
    } catch (error) {
      if (error instanceof Unreachable) throw offlineError(at);
      throw error;
    }
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw refusal(answer, at);
  }
}

function refusal(answer: HttpAnswer, at: string): ClientError {
  const parsed = errorBody.safeParse(parseJsonOrNull(answer));
  if (parsed.success) {
    const retryMs = answer.status >= 500 || answer.status === 429 ? 2000 : 0;
    return new ClientError(parsed.data.code, parsed.data.at || at, { retryMs });
  }
  // Something between here and the server answered in its place.
  return new ClientError('limit.busy', at, { retryMs: 2000 });
}

function parseJson(answer: HttpAnswer, at: string): unknown {
  const value = parseJsonOrNull(answer);
  if (value === undefined) throw new ClientError('wire.malformed', at);
  return value;
}

function parseJsonOrNull(answer: HttpAnswer): unknown {
  const text = decodeUtf8(answer.body);
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function queryText(query: Readonly<Record<string, string | number | null>>): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
