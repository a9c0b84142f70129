// The process of one agent. The guard stands before anything else is loaded: order matters here (docs/protocol/agents.md §6).
import { guardProcess } from '../guard/process.ts';
import { guardOutgoing } from '../guard/outgoing.ts';

const server = new URL(process.argv[2] ?? '');
const port = server.port === '' ? (server.protocol === 'https:' ? 443 : 80) : Number(server.port);
const allowHosts = guardOutgoing({ host: server.hostname, port }, (what) => {
  process.send?.({ t: 'line', text: `outgoing refused: ${what}` });
});
const confine = guardProcess();

const { runProcess } = await import('./run-process.ts');
await runProcess({ allowHosts, confine });
