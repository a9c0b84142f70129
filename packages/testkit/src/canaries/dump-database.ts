import pg from 'pg';

const BYTEA_OID = 17;
/** What separates cells: no canary has it inside. */
const BETWEEN = Buffer.from([0xff, 0x00, 0xff]);

export interface TableDump {
  /** `table baton.items`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Every row of every table, partition, materialised view and sequence of a database, in all schemas, PostgreSQL's own included: texts as the
 * server prints them, `bytea` as the bytes themselves, so that what is compressed or encoded inside is found too. Needs a superuser's URL:
 * row-level security would hide rows from anybody else.
 */
export async function dumpDatabase(superuserUrl: string): Promise<TableDump[]> {
  const client = new pg.Client(superuserUrl);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(`
      SELECT format('%I.%I', n.nspname, c.relname) AS name
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'm', 'S') AND n.nspname NOT LIKE 'pg\\_temp%' ORDER BY 1`);
    const dumps: TableDump[] = [];
    for (const { name } of rows) dumps.push({ name: `table ${name}`, bytes: await dumpTable(client, name) });
    return dumps;
  } finally {
    await client.end();
  }
}

async function dumpTable(client: pg.Client, table: string): Promise<Uint8Array> {
  const { rows } = await client.query<(string | Buffer | null)[]>({
    text: `SELECT * FROM ${table}`,
    rowMode: 'array',
    types: {
      getTypeParser: (oid: number) => (text: string) =>
        oid === BYTEA_OID ? Buffer.from(text.slice(2), 'hex') : text,
    },
  } as pg.QueryArrayConfig);
  return Buffer.concat(
    rows.flatMap((row) =>
      row.flatMap((cell) => [
        typeof cell === 'string' ? Buffer.from(cell, 'utf8') : (cell ?? Buffer.alloc(0)),
        BETWEEN,
      ]),
    ),
  );
}
