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

/** Sent outside every transaction: inside one it would serialise the commits. */
export async function notify(db: Database, payloads: readonly string[]): Promise<void> {
  await db.pool.query({
    name: 'notify',
    text: `SELECT pg_notify('${CHANNEL}', u) FROM unnest($1::text[]) u`,
    values: [payloads],
  });
}
