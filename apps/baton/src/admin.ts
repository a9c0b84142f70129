import { findEmbeddedPostgres, startEmbeddedPostgres, takeFolderLock } from '@baton/embedded-postgres';
import { join } from 'node:path';
import { createSetupLink, migrate } from '@baton/server';
import type { Config } from './config.ts';
import { dataFolderAt, prepareDataFolder } from './data-folder.ts';
import { databaseSentence, Refusal } from './refusal.ts';

/**
 * `admin init`: a one-time link with which a new organisation is set up. Works beside a running Baton as well as
 * before its first start.
 */
export async function adminInit(config: Config, log: (line: string) => void): Promise<string> {
  return withDatabase(config, log, async (databaseUrl) => {
    await migrate({ databaseUrl }).catch((error: unknown) => {
      throw new Refusal(databaseSentence(error));
    });
    return createSetupLink({ databaseUrl, publicUrl: config.publicUrl });
  });
}

async function withDatabase<T>(
  config: Config,
  log: (line: string) => void,
  work: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  if (config.databaseUrl !== null) return work(config.databaseUrl.reveal());
  const folder = dataFolderAt(config.dataDir);
  prepareDataFolder(folder);
  const lock = takeFolderLock(join(folder.root, 'lock'));
  if (lock === null) {
    const running = findEmbeddedPostgres(folder.root);
    if (running === null)
      throw new Refusal(`Baton is just starting or stopping on ${folder.root}: try again in a moment.`);
    return work(running.url);
  }
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: folder.root, log });
    try {
      return await work(postgres.url);
    } finally {
      await postgres.stop();
    }
  } finally {
    lock.release();
  }
}
