import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createReceiver, type SqliteContext, sqliteStore } from '../../../src/receiver';
import { eventually } from '../../support/eventually';
import { temporaryDirectory } from '../../support/temporary-directory';
import { TEST_SECRET } from '../../support/test-config';
import { documentedSql } from '../documented-sql';
import { signedWebhook } from '../signed-webhook';
import { itKeepsTheRules } from './store-rules';

describe('the store in SQLite', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let databases: DatabaseSync[];
  const open = (file = 'orders.sqlite') => {
    const database = new DatabaseSync(join(directory.path, file));
    databases.push(database);
    return database;
  };
  const countEffects = (id: string, database = open()) =>
    Number(database.prepare('SELECT count(*) AS n FROM effects WHERE id = ?').get(id)?.['n']);
  const write = (id: string, { database }: SqliteContext<DatabaseSync>) =>
    database.prepare('INSERT INTO effects (id) VALUES (?)').run(id);
  const count = (database: DatabaseSync) =>
    database.prepare('SELECT count(*) AS n FROM jobherald_received').get()?.['n'];

  beforeEach(async () => {
    directory = await temporaryDirectory();
    databases = [];
    const database = open();
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE effects (id TEXT NOT NULL)');
    await sqliteStore(database).setUp();
  });
  afterEach(async () => {
    for (const database of databases) database.close();
    await directory.remove();
  });

  itKeepsTheRules(() => ({
    open: (options) => [sqliteStore(open(), options), sqliteStore(open(), options)],
    effect: write,
    effects: countEffects,
  }));

  it('takes the effect of a handler that failed back', async () => {
    const receiver = createReceiver({
      name: 'orders',
      store: sqliteStore(open()),
      secrets: [TEST_SECRET],
      handler({ id }, context) {
        write(id, context);
        throw new Error('and then something else went wrong');
      },
      onError: () => {},
    });
    expect((await receiver.handle(signedWebhook('a'))).status).toBe(500);
    expect(countEffects('a')).toBe(0);
  });

  it('writes nothing of a handler that goes on after its time, into no transaction', async () => {
    const store = sqliteStore(open());
    const parts = { name: 'orders', store, secrets: [TEST_SECRET], onError: () => {} };
    let late: (() => unknown) | undefined;
    const stuck = createReceiver({
      ...parts,
      timeout: '50ms',
      handler({ id }, { database }) {
        const insert = database.prepare('INSERT INTO effects (id) VALUES (?)');
        late = () => insert.run(id);
        return new Promise<void>(() => {});
      },
    });
    expect((await stuck.handle(signedWebhook('late'))).status).toBe(503);
    const next = createReceiver({
      ...parts,
      handler({ id }, context) {
        write(id, context);
        expect(() => late?.()).toThrow('rolled back');
      },
    });
    expect((await next.handle(signedWebhook('next'))).status).toBe(200);
    expect([countEffects('late'), countEffects('next')]).toEqual([0, 1]);
  });

  it('lets no more wait than max_waiting', async () => {
    const store = sqliteStore(open());
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const handled: string[] = [];
    const receiver = createReceiver({
      name: 'orders',
      store,
      secrets: [TEST_SECRET],
      timeout: '60s',
      max_waiting: 2,
      handler: ({ id }) => {
        handled.push(id);
        return id === 'first' ? released : undefined;
      },
      onError: () => {},
    });
    const first = receiver.handle(signedWebhook('first'));
    await eventually('the first is being handled', () => handled.length === 1);
    const waiting = ['a', 'b'].map((id) => receiver.handle(signedWebhook(id)));
    expect(await receiver.handle(signedWebhook('c'))).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    release();
    expect((await Promise.all([first, ...waiting])).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(handled).toEqual(['first', 'a', 'b']);
  });

  it('is busy while another process writes', async () => {
    const store = sqliteStore(open());
    const other = open();
    other.exec('BEGIN IMMEDIATE');
    expect(await store.once({ name: 'orders', id: 'a' }, async () => {})).toBe('busy');
    other.exec('ROLLBACK');
    expect(await store.once({ name: 'orders', id: 'a' }, async () => {})).toBe('handled');
  });

  it('takes the effect back and is busy where a reader keeps it from being written', async () => {
    const database = open('without-wal.sqlite');
    database.exec('CREATE TABLE effects (id TEXT NOT NULL)');
    const store = sqliteStore(database);
    await store.setUp();
    const reader = open('without-wal.sqlite');
    reader.exec('BEGIN; SELECT count(*) FROM effects');
    const effect = async (context: SqliteContext<DatabaseSync>) => void write('a', context);
    expect(await store.once({ name: 'orders', id: 'a' }, effect)).toBe('busy');
    reader.exec('ROLLBACK');
    expect(countEffects('a', database)).toBe(0);
    expect(await store.once({ name: 'orders', id: 'a' }, effect)).toBe('handled');
    expect(countEffects('a', database)).toBe(1);
  });

  it('forgets the oldest first, a thousand at a time, and says whether there is more', async () => {
    const database = open();
    const store = sqliteStore(database, { forgetAfter: '1d' });
    const insert = database.prepare("INSERT INTO jobherald_received VALUES ('orders', ?, ?)");
    database.exec('BEGIN');
    for (let age = 0; age < 1_500; age++) insert.run(`old-${age}`, age);
    insert.run('new', Date.now());
    database.exec('COMMIT');
    expect([await store.prune(), count(database)]).toEqual([true, 501]);
    expect([await store.prune(), count(database)]).toEqual([false, 1]);
    expect(await store.once({ name: 'orders', id: 'new' }, async () => {})).toBe('duplicate');
  });

  it('forgets by itself while it works', async () => {
    const database = open();
    database.exec("INSERT INTO jobherald_received VALUES ('orders', 'old', 0)");
    const store = sqliteStore(database);
    const receiver = createReceiver({ name: 'orders', store, secrets: [TEST_SECRET], handler: () => {} });
    await receiver.handle(signedWebhook('a'));
    await eventually('the old one is forgotten', () => count(database) === 1);
    expect(await store.once({ name: 'orders', id: 'a' }, async () => {})).toBe('duplicate');
  });

  it('works with a table made by the documented SQL, under another name', async () => {
    const database = open();
    database.exec(documentedSql('SQLite').replaceAll('jobherald_received', 'inbox'));
    const store = sqliteStore(database, { table: 'inbox' });
    expect(await store.once({ name: 'orders', id: 'a' }, async () => {})).toBe('handled');
    expect(database.prepare('SELECT receiver, webhook_id FROM inbox').all()).toEqual([
      { receiver: 'orders', webhook_id: 'a' },
    ]);
    expect(() => sqliteStore(database, { table: 'inbox; DROP TABLE effects' })).toThrow('is not a valid table name');
  });

  it('makes the table that is documented', () => {
    const made = () =>
      open()
        .prepare("SELECT name, sql FROM sqlite_schema WHERE name LIKE 'jobherald%' ORDER BY name")
        .all()
        .map(({ sql }) => String(sql).replaceAll(/\s+/g, ' '));
    const before = made();
    open().exec('DROP TABLE jobherald_received');
    open().exec(documentedSql('SQLite'));
    expect(made()).toEqual(before);
    expect(before).toHaveLength(2);
  });
});
