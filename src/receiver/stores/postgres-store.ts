import { HandlerTimeoutError } from '../handling';
import {
  checkTableName,
  FORGET_AFTER,
  PRUNED_ROWS,
  positiveDuration,
  type RetentionOptions,
  type Settlement,
  type Store,
  TABLE,
  type TableOptions,
  type WebhookKey,
} from '../store';
import { lend } from './lend';

/** The part of a `PoolClient` of the package `pg` that is used. */
export interface PostgresClient {
  query(
    sql: string,
    values?: (string | number)[],
  ): Promise<{
    // biome-ignore lint/suspicious/noExplicitAny: as in pg, so that a handler can read its rows
    readonly rows: any[];
    readonly rowCount: number | null;
    readonly command: string;
  }>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
  release(destroy?: boolean): void;
}

/** The part of a `Pool` of the package `pg` that is used. */
export interface PostgresPool<Client extends PostgresClient = PostgresClient> {
  connect(): Promise<Client>;
}

/** @typeParam Client `PoolClient` of `pg` */
export interface PostgresContext<Client extends PostgresClient> {
  /** In the transaction that also remembers the webhook: write the effect here, and neither commit nor roll back. */
  readonly client: Client;
}

/**
 * Remembers in PostgreSQL, in one transaction with the handler's own writes.
 * @param pool of the package `pg`; each webhook in progress holds one of its clients
 * @throws {DurationError}
 * @throws {TypeError} for an invalid table name
 */
export function postgresStore<Client extends PostgresClient = PostgresClient>(
  pool: PostgresPool<Client>,
  { forgetAfter = FORGET_AFTER, table: name = TABLE }: RetentionOptions & TableOptions = {},
): Store<PostgresContext<Client>> {
  const forgetAfterSeconds = positiveDuration('forgetAfter', forgetAfter) / 1000;
  const table = checkTableName(name, /^([a-z_][a-z0-9_]{0,62}\.)?[a-z_][a-z0-9_]{0,50}$/);

  return {
    setUp: () =>
      withClient(pool, async (client) => {
        await client.query('BEGIN');
        // Two processes that create the same table at once fail, in spite of IF NOT EXISTS.
        await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${table} set-up`]);
        for (const sql of tableSql(table)) await client.query(sql);
        await client.query('COMMIT');
      }),

    once: (key, effect) =>
      withClient(pool, async (client): Promise<Settlement> => {
        await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
        if (!(await takeLock(client, table, key))) return end(client, 'busy');
        if (!(await remember(client, table, key, forgetAfterSeconds))) return end(client, 'duplicate');
        await lend(client, (lent) => effect({ client: lent }));
        await commit(client);
        return 'handled';
      }),

    prune: () =>
      withClient(pool, async (client) => {
        const { rowCount } = await client.query(
          `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
             SELECT ctid FROM ${table} WHERE handled_at <= now() - make_interval(secs => $1)
             ORDER BY handled_at LIMIT ${PRUNED_ROWS} FOR UPDATE SKIP LOCKED))`,
          [forgetAfterSeconds],
        );
        return rowCount === PRUNED_ROWS;
      }),
  };
}

/** Rolls back and gives the client back whatever happens; a broken one is not used again. */
async function withClient<Client extends PostgresClient, T>(
  pool: PostgresPool<Client>,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let isBroken = false;
  // Without a listener, a connection that is lost while the handler does something else would end the process.
  const onError = () => {
    isBroken = true;
  };
  client.on('error', onError);
  try {
    return await use(client);
  } catch (error) {
    // A handler that is over its time may go on with the client: nobody else gets it, and the server rolls back.
    if (error instanceof HandlerTimeoutError) isBroken = true;
    else await client.query('ROLLBACK').catch(onError);
    throw error;
  } finally {
    if (!isBroken) client.removeListener('error', onError);
    client.release(isBroken);
  }
}

function tableSql(table: string): readonly string[] {
  const index = `${table.split('.').at(-1)}_handled_at`;
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (
       receiver   text NOT NULL,
       webhook_id text NOT NULL,
       handled_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (receiver, webhook_id)
     )`,
    `CREATE INDEX IF NOT EXISTS ${index} ON ${table} (handled_at)`,
  ];
}

/** Held until the transaction ends, also by the death of this process. A copy does not wait for it. */
async function takeLock(client: PostgresClient, table: string, { name, id }: WebhookKey): Promise<boolean> {
  const { rows } = await client.query('SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken', [
    `${table} ${name} ${id}`,
  ]);
  return rows[0]?.taken === true;
}

/** Whether it was not known, or known for so long that it counts as unknown. */
async function remember(
  client: PostgresClient,
  table: string,
  { name, id }: WebhookKey,
  forgetAfterSeconds: number,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO ${table} AS known (receiver, webhook_id) VALUES ($1, $2)
     ON CONFLICT (receiver, webhook_id) DO UPDATE SET handled_at = excluded.handled_at
     WHERE known.handled_at <= now() - make_interval(secs => $3)`,
    [name, id, forgetAfterSeconds],
  );
  return rowCount === 1;
}

async function end(client: PostgresClient, settlement: Settlement): Promise<Settlement> {
  await client.query('ROLLBACK');
  return settlement;
}

/** PostgreSQL answers COMMIT with ROLLBACK, and no error, where a statement failed and the handler went on. */
async function commit(client: PostgresClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command === 'COMMIT') return;
  throw new Error('a statement of the handler failed and was caught, so PostgreSQL rolled back; let it throw');
}
