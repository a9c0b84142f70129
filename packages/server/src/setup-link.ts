import { encodeBase64Url, encodeUtf8 } from '@baton/kernel';
import { nodePorts } from './adapters/node-ports.ts';
import { SETUP_LINK_LIFE_MS } from './config.ts';
import { openDatabase } from './store/database.ts';
import { insertSetupToken } from './store/one-time.ts';

/**
 * A one-time link, good for a day, with which a new organisation is set up. The token travels in the fragment, so no server or proxy log
 * shows it. The database must have been migrated.
 */
export async function createSetupLink(options: { databaseUrl: string; publicUrl: string }): Promise<string> {
  const { clock, digest, rng } = nodePorts;
  const token = encodeBase64Url(rng.bytes(32));
  const db = await openDatabase({ databaseUrl: options.databaseUrl, onError: () => {} });
  try {
    await insertSetupToken(db.global, {
      hash: digest(encodeUtf8(token)),
      kind: 'admin',
      expiresAtMs: clock.nowMs() + SETUP_LINK_LIFE_MS,
    });
  } finally {
    await db.close();
  }
  return `${options.publicUrl.replace(/\/$/, '')}/setup#${token}`;
}
