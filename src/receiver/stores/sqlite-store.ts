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
} from '../store';
import { lend } from './lend';

/** The part of a `DatabaseSync` of `node:sqlite` that is used. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): { run(...values: (string | number)[]): { readonly changes: number | bigint } };
}

/** @typeParam Database `DatabaseSync` of `node:sqlite` */
export interface SqliteContext<Database extends SqliteDatabase> {
  /** In the transaction that also remembers the webhook: write the effect here, and neither commit nor roll back. */
  readonly database: Database;
}

/** A connection has one transaction at a time, whichever store uses it. */
interface Connection {
  readonly inTurn: OneAtATime;
  readonly handling: Set<string>;
}

const connections = new WeakMap<SqliteDatabase, Connection>();

/**
 * Remembers in SQLite, in one transaction with the handler's own writes.
 * @param database a connection that nothing else uses: while a handler waits, its transaction is open
 * @throws {DurationError}
 * @throws {TypeError} for an invalid table name
 */
export function sqliteStore<Database extends SqliteDatabase>(
  database: Database,
  { forgetAfter = FORGET_AFTER, table: name = TABLE }: RetentionOptions & TableOptions = {},
): Store<SqliteContext<Database>> {
  const forgetAfterMs = positiveDuration('forgetAfter', forgetAfter);
  const table = checkTableName(name, /^[a-z_][a-z0-9_]{0,62}$/);
  const { inTurn, handling } = connectionOf(database);

  return {
    setUp: () => inTurn(() => database.exec(tableSql(table))),

    async once({ name, id }, effect) {
      const key = `${table} ${name} ${id}`;
      if (handling.has(key)) return 'busy';
      handling.add(key);
      try {
        return await inTurn(() =>
          transaction(
            database,
            () => remember(database, table, name, id, forgetAfterMs),
            () => lend(database, (lent) => effect({ database: lent })),
          ),
        );
      } finally {
        handling.delete(key);
      }
    },

    prune: () =>
      inTurn(() => {
        try {
          return deleteOld(database, table, forgetAfterMs) === PRUNED_ROWS;
        } catch (error) {
          if (isBusy(error)) return false;
          throw error;
        }
      }),
  };
}

function connectionOf(database: SqliteDatabase): Connection {
  const known = connections.get(database);
  if (known !== undefined) return known;
  const connection: Connection = { inTurn: oneAtATime(), handling: new Set() };
  connections.set(database, connection);
  return connection;
}

function tableSql(table: string): string {
  return `
    CREATE TABLE IF NOT EXISTS ${table} (
      receiver   TEXT NOT NULL,
      webhook_id TEXT NOT NULL,
      handled_at INTEGER NOT NULL,
      PRIMARY KEY (receiver, webhook_id)
    );
    CREATE INDEX IF NOT EXISTS ${table}_handled_at ON ${table} (handled_at);`;
}

/** Takes the lock for writing at once, so that a copy in another process finds it taken before it has any effect. */
async function transaction(
  database: SqliteDatabase,
  remember: () => boolean,
  effect: () => Promise<void>,
): Promise<Settlement> {
  try {
    database.exec('BEGIN IMMEDIATE');
  } catch (error) {
    if (isBusy(error)) return 'busy';
    throw error;
  }
  try {
    const isNew = remember();
    if (isNew) await effect();
    return commit(database) ? (isNew ? 'handled' : 'duplicate') : 'busy';
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** False where a reader of another process keeps it from being written: then it is as if nothing had happened. */
function commit(database: SqliteDatabase): boolean {
  try {
    database.exec('COMMIT');
    return true;
  } catch (error) {
    if (!isBusy(error)) throw error;
    rollBack(database);
    return false;
  }
}

/** SQLite rolls back by itself after some errors; then there is nothing left to do. */
function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('ROLLBACK');
  } catch {}
}

/** Whether it was not known, or known for so long that it counts as unknown. */
function remember(database: SqliteDatabase, table: string, name: string, id: string, forgetAfterMs: number): boolean {
  const now = Date.now();
  const { changes } = database
    .prepare(
      `INSERT INTO ${table} (receiver, webhook_id, handled_at) VALUES (?, ?, ?)
       ON CONFLICT (receiver, webhook_id) DO UPDATE SET handled_at = excluded.handled_at WHERE handled_at <= ?`,
    )
    .run(name, id, now, now - forgetAfterMs);
  return Number(changes) === 1;
}

function deleteOld(database: SqliteDatabase, table: string, forgetAfterMs: number): number {
  const { changes } = database
    .prepare(
      `DELETE FROM ${table} WHERE rowid IN
       (SELECT rowid FROM ${table} WHERE handled_at <= ? ORDER BY handled_at LIMIT ${PRUNED_ROWS})`,
    )
    .run(Date.now() - forgetAfterMs);
  return Number(changes);
}

/** SQLITE_BUSY in its low byte; the others say why. Source: https://sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  const { errcode } = error as { readonly errcode?: unknown };
  return typeof errcode === 'number' && (errcode & 0xff) === 5;
}

/** Runs each piece of work after the one before it. */
export type OneAtATime = <T>(work: () => T | Promise<T>) => Promise<T>;

export function oneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => {});
    return next;
  };
}
