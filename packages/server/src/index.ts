export type { S3Settings, ServerConfig } from './config.ts';
export type { Ports } from './ports.ts';
export { createSetupLink } from './setup-link.ts';
export { type RunningServer, type ServerSurroundings, startServer } from './start-server.ts';
export { migrate } from './store/migrate.ts';
export { createLogger, type LogFields, type Logger } from './telemetry/logger.ts';
