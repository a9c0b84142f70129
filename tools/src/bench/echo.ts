import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

// Sends back whatever it is sent: the shortest way through a socket and back. Runs as a process of its own.

const http = createServer();
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
sockets.on('connection', (socket) =>
  socket.on('message', (data, isBinary) => socket.send(data as Buffer, { binary: isBinary })),
);
http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as { port: number }).port }));
process.on('disconnect', () => process.exit(0));
