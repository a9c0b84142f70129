import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface WireTap {
  /** Where clients connect instead of the server. */
  readonly url: string;
  /** Every byte that the server sent: status lines, headers, bodies, socket frames. */
  fromServer(): Buffer;
  /** Every byte that clients sent. Frames of a WebSocket are masked here, requests are not. */
  fromClients(): Buffer;
  close(): Promise<void>;
}

/** Passes everything on and keeps a copy. */
export async function startWireTap(serverUrl: string): Promise<WireTap> {
  const port = Number(new URL(serverUrl).port);
  const sent: Buffer[] = [];
  const received: Buffer[] = [];
  const open = new Set<Socket>();
  const listener = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    for (const socket of [client, server]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => open.delete(socket));
    }
    client.on('data', (chunk: Buffer) => void received.push(chunk));
    server.on('data', (chunk: Buffer) => void sent.push(chunk));
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
    client.pipe(server);
    server.pipe(client);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    fromServer: () => Buffer.concat(sent),
    fromClients: () => Buffer.concat(received),
    async close() {
      for (const socket of open) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}
