import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServedRequest } from '@baton/agent';
import { nodeTimers } from '@baton/client-node';
import type { Answer } from '../agents/request-relay.ts';
import { isLocalRequest } from './locality.ts';

/** A webhook of a carrier has some kilobytes. */
export const BODY_LIMIT_BYTES = 256 * 1024;
const URL_LIMIT = 8192;
const HEADER_LIMIT = 8192;
const RECEIVE_MS = 10_000;
const STOP_LIMIT_MS = 1500;
const MOST_CONNECTIONS = 256;
const RETRY_AFTER_S = '5';
const PROGRAM_PATH = /^\/([a-z][a-z0-9-]{1,39})(?:\/|$)/;

/** What a program may say of its answer; the rest is said here. */
const PASSED_HEADERS = ['content-type', 'content-security-policy', 'cache-control', 'retry-after'] as const;

export interface StationListenerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Whether this station has an agent of this program. */
  readonly has: (program: string) => boolean;
  /** null: not at work, or not in time. */
  readonly ask: (program: string, request: ServedRequest) => Promise<Answer | null>;
}

export interface StationListener {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * The station's own door for what comes from outside in plain text: carriers' webhooks and the phone simulator (docs/protocol/agents.md §8).
 * It reads a request whole and raw, hands it to the process of the program that the path names, and answers what that answers. It knows
 * nothing of what is in it, keeps nothing and logs nothing of it. Throws where the port is taken.
 */
export async function startStationListener(options: StationListenerOptions): Promise<StationListener> {
  const server = createServer(
    { maxHeaderSize: 16_384, requestTimeout: RECEIVE_MS, headersTimeout: RECEIVE_MS, keepAliveTimeout: 5000 },
    (request, response) => {
      const { port } = server.address() as AddressInfo;
      void handle(request, response, { ...options, port }).catch(() => {
        // Whoever asked has gone.
        response.destroy();
      });
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, stop: () => stop(server) };
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const cancel = nodeTimers.after(STOP_LIMIT_MS, () => server.closeAllConnections());
  await closed;
  cancel();
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { port, has, ask }: StationListenerOptions,
): Promise<void> {
  const { method = '', url = '' } = request;
  if (method !== 'GET' && method !== 'POST') return refuse(request, response, 405);
  if (url.length > URL_LIMIT || !url.startsWith('/')) return refuse(request, response, 400);
  const question = url.indexOf('?');
  const path = question < 0 ? url : url.slice(0, question);
  const program = PROGRAM_PATH.exec(path)?.[1];
  if (program === undefined || !has(program)) return refuse(request, response, 404);
  const body = await readBody(request);
  if (body === null) return refuse(request, response, 413);
  const answer = await ask(program, {
    method,
    path,
    query: question < 0 ? '' : url.slice(question + 1),
    headers: plainHeaders(request),
    body,
    isLocal: isLocalRequest({ method, headers: request.headers, remote: request.socket.remoteAddress, port }),
  });
  if (answer === null) return refuse(request, response, 503);
  const headers = Object.entries(answer.headers).filter(([name]) =>
    (PASSED_HEADERS as readonly string[]).includes(name.toLowerCase()),
  );
  send(response, { ...answer, headers: Object.fromEntries(headers) });
}

/** Whole and as it came: signatures are over these bytes. null: longer than anything that belongs here. */
async function readBody(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) return null;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const text = Array.isArray(value) ? value.join(', ') : value;
      return text === undefined || text.length > HEADER_LIMIT ? [] : [[name, text]];
    }),
  );
}

/** In words for a person who looks here with a browser; a carrier looks at the number. */
const WORDS: Readonly<Record<number, string>> = {
  400: 'Not understood.\n',
  404: 'Nothing here.\n',
  405: 'Not understood.\n',
  413: 'Too long.\n',
  503: 'The assistant is not at work yet. Try again in a moment.\n',
};

function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  // The rest of what comes is not read; the connection ends with the answer.
  if (status === 413) response.once('finish', () => request.destroy());
  send(response, {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...(status === 503 && { 'retry-after': RETRY_AFTER_S }),
      ...(status === 405 && { allow: 'GET, POST' }),
      ...(status === 413 && { connection: 'close' }),
    },
    body: Buffer.from(WORDS[status] ?? ''),
  });
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'content-type': 'application/octet-stream',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...headers,
    'content-length': body.length,
  });
  response.end(body);
}
