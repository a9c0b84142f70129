import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { fastifyCookie } from '@fastify/cookie';
import { API_PREFIX, encodeServerFrame, type ErrorCode, MAX_FRAME_BYTES } from '@baton/wire';
import { type WebSocket, WebSocketServer } from 'ws';
import { authenticate, type Session } from '../../access/sessions.ts';
import { ApiError } from '../../api-error.ts';
import type { Services } from '../../server-parts.ts';
import type { App } from '../route-kit.ts';
import { toApiError } from '../failures.ts';
import { allowedOrigins, SESSION_COOKIE, tokenOf } from '../session-cookie.ts';
import { runSyncSocket } from './sync-socket.ts';

const SYNC_PATH = `${API_PREFIX}/sync`;
const CLOSE_REFUSED = 1008;
/** What a page asks for that has a bearer token: beside it `bearer.<token>`, because a browser lets a socket have no other header. */
const SYNC_PROTOCOL = 'baton';

/** Takes sync sockets from the HTTP server. A refused one is told why in a `bye` frame, because a browser hides an HTTP status. */
export function registerSync(app: App, services: Services): { close(): Promise<void> } {
  const origins = allowedOrigins(services.config.publicUrl);
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    clientTracking: true,
    handleProtocols: (offered) => (offered.has(SYNC_PROTOCOL) ? SYNC_PROTOCOL : false),
  });

  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== SYNC_PATH) {
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
      return;
    }
    socket.on('error', () => socket.destroy());
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      // The first frame may arrive before the session was looked up: it waits in the socket.
      webSocket.pause();
      admit(services, origins, request)
        .then((session) => {
          runSyncSocket(services, session, webSocket);
          webSocket.resume();
        })
        .catch((error: unknown) => refuse(webSocket, toApiError(services, error).code));
    });
  });

  return {
    close: () =>
      new Promise((resolve) => {
        for (const webSocket of sockets.clients) webSocket.terminate();
        sockets.close(() => resolve());
      }),
  };
}

async function admit(
  services: Services,
  origins: ReadonlySet<string>,
  request: IncomingMessage,
): Promise<Session> {
  const cookies = fastifyCookie.parse(request.headers.cookie ?? '');
  const authorization = request.headers.authorization ?? bearerOf(request.headers['sec-websocket-protocol']);
  const given = tokenOf({ authorization, cookie: cookies[SESSION_COOKIE] });
  const { origin } = request.headers;
  // SameSite does not keep a foreign page from opening a socket in every browser; the origin does.
  if (origin === undefined ? given.byCookie : !origins.has(origin)) throw new ApiError('auth.origin');
  const { session } = await authenticate(services, given.token);
  return session;
}

function bearerOf(protocols: string | undefined): string | undefined {
  const token = /(?:^|,)\s*bearer\.([A-Za-z0-9_-]{1,100})\s*(?:,|$)/.exec(protocols ?? '')?.[1];
  return token === undefined ? undefined : `Bearer ${token}`;
}

function refuse(webSocket: WebSocket, code: ErrorCode): void {
  webSocket.resume();
  webSocket.send(encodeServerFrame({ t: 'bye', code }), () => webSocket.close(CLOSE_REFUSED));
}
