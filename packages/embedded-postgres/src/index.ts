export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './errors.ts';
export { type FolderLock, takeFolderLock } from './folder-lock.ts';
export type { ServerExit } from './server-process.ts';
export { type EmbeddedPostgres, findEmbeddedPostgres, startEmbeddedPostgres } from './start.ts';
export { startTemporaryPostgres, type TemporaryPostgres } from './temporary.ts';
