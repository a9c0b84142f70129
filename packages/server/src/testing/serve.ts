// A server in a process of its own, to be killed: takes its settings as JSON, tells its port.
import type { ServerConfig } from '../config.ts';
import { startServer } from '../start-server.ts';

const config = JSON.parse(process.argv[2] ?? '') as ServerConfig;
const running = await startServer(config, { addressFactor: 1000 });
process.send?.({ port: running.port });
process.on('disconnect', () => process.exit(0));
