import type { Bytes } from '@baton/kernel';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Starts with `/v1/`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Bytes | null;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: Bytes;
}

export interface SocketEvents {
  open(): void;
  message(frame: Bytes): void;
  /** Told once, whoever closed it. */
  closed(): void;
}

export interface Socket {
  send(frame: Bytes): void;
  close(): void;
}

/** The way to one server. */
export interface Transport {
  /** Rejects with `Unreachable` when no answer came; any answer resolves. */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** Opens the sync socket; `token` is the bearer token, null where a cookie carries the session. */
  connect(token: string | null, events: SocketEvents): Socket;
}

/** No answer: offline, refused, timed out. Worth trying again. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}
