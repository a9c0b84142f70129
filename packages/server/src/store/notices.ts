import type { Database } from './database.ts';

const CHANNEL = 'baton';

export interface Listening {
  close(): Promise<void>;
}

/** Hears the notices of all processes on this database, over a connection of its own. */
export async function listen(
  db: Database,
  handlers: { hear: (payload: string) => void; lost: () => void },
): Promise<Listening> {
  const client = await db.connect();
  let closing = false;
  client.on('notification', (message) => handlers.hear(message.payload ?? ''));
  client.on('end', () => {
    if (!closing) handlers.lost();
  });
  await client.query(`LISTEN ${CHANNEL}`);
  return {
    async close() {
      closing = true;
      await client.end();
    },
  };
}

/**
 * Sent outside every transaction: inside one it would serialise the commits. It waits for no disk of its own, because what it speaks of is
 * durable already and a notice that is lost with the database's process is lost with its listeners.
 */
export async function notify(db: Database, payloads: readonly string[]): Promise<void> {
  await db.pool.query({
    name: 'notify',
    text: `SELECT set_config('synchronous_commit', 'off', true), pg_notify('${CHANNEL}', u) FROM unnest($1::text[]) u`,
    values: [payloads],
  });
}
