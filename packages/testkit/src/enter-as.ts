import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveSession } from '@baton/client';
import { createNodeDoor } from '@baton/client-node';

/** A device of a demo persona without a screen, for what a test arranges rather than shows. */
export interface EnteredDevice {
  readonly session: LiveSession;
  /** Ends the session and removes the device's folder. */
  close(): Promise<void>;
}

/** Signs in with a demo link at the running product. */
export async function enterAs(link: string): Promise<EnteredDevice> {
  const { origin, hash } = new URL(link);
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-entered-'));
  const door = await createNodeDoor({
    serverUrl: origin,
    publicUrl: origin,
    dataDir,
    durable: false,
    deviceLabel: 'Test',
  });
  const session = await door.signIn({ kind: 'demo', fragment: hash.slice(1) });
  return {
    session,
    async close() {
      await session.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
