import { Pool, type PoolClient } from 'pg';
import { createReceiver, type Handler, type PostgresContext, postgresStore } from '../../../src/receiver';
import { INSTALLED_WITHIN_MS } from '../../support/services/install';
import { type SharedServices, sharedService } from '../../support/services/shared-service';
import { TEST_SECRET } from '../../support/test-config';
import { documentedSql } from '../documented-sql';
import { signedWebhook } from '../signed-webhook';
import { itKeepsTheRules } from './store-rules';

describe('the store in PostgreSQL', () => {
  let postgres: SharedServices['postgres'];
  let here: Pool;
  let there: Pool;
  const write = (id: string, { client }: PostgresContext<PoolClient>) =>
    client.query('INSERT INTO effects (id) VALUES ($1)', [id]);
  const countEffects = async (id: string) =>
    Number((await here.query('SELECT count(*) AS n FROM effects WHERE id = $1', [id])).rows[0].n);
  const rows = async () => Number((await here.query('SELECT count(*) AS n FROM jobherald_received')).rows[0].n);

  beforeAll(async () => {
    postgres = await sharedService('postgres');
    // A lock that a failed test left behind fails the next one rather than stopping it.
    const options = { connectionString: postgres.url, lock_timeout: 60_000 };
    [here, there] = [new Pool(options), new Pool(options)];
    for (const pool of [here, there]) pool.on('error', () => {});
    await here.query('CREATE TABLE effects (id text NOT NULL)');
    await postgresStore(here).setUp();
  }, INSTALLED_WITHIN_MS);
  beforeEach(async () => {
    await here.query('TRUNCATE jobherald_received, effects');
  });
  afterAll(() => {
    // Not awaited, because a pool waits for the clients that a failed test still has.
    for (const pool of [here, there]) void pool?.end();
  });

  itKeepsTheRules(() => ({
    open: (options) => [postgresStore<PoolClient>(here, options), postgresStore<PoolClient>(there, options)],
    effect: write,
    effects: countEffects,
  }));

  describe('when the handler goes wrong', () => {
    const errors: unknown[] = [];
    const receiving = (handler: Handler<PostgresContext<PoolClient>>) =>
      createReceiver({
        name: 'orders',
        store: postgresStore<PoolClient>(here),
        secrets: [TEST_SECRET],
        handler,
        onError: (error) => errors.push(error),
      });
    beforeEach(() => {
      errors.length = 0;
    });
    afterEach(async () => {
      // Nothing is left over that keeps the next attempt from being handled.
      const receiver = receiving(async ({ id }, context) => void (await write(id, context)));
      expect((await receiver.handle(signedWebhook('a'))).body).toBe('handled\n');
      expect(await countEffects('a')).toBe(1);
    });

    it('takes the effect back', async () => {
      const receiver = receiving(async ({ id }, context) => {
        await write(id, context);
        throw new Error('and then something else went wrong');
      });
      expect((await receiver.handle(signedWebhook('a'))).status).toBe(500);
      expect(await countEffects('a')).toBe(0);
    });

    it('does not call a transaction handled that PostgreSQL rolled back', async () => {
      const receiver = receiving(async ({ id }, context) => {
        await write(id, context);
        await context.client.query('SELECT 1/0').catch(() => {});
      });
      expect((await receiver.handle(signedWebhook('a'))).status).toBe(500);
      expect(String(errors[0])).toContain('let it throw');
    });

    it('keeps nothing that a part of it writes which goes on after another part has failed', async () => {
      const answered = Promise.withResolvers<void>();
      let goesOn: Promise<unknown> = Promise.resolve();
      const receiver = receiving(async ({ id }, context) => {
        goesOn = answered.promise.then(() => write(id, context)).catch((error: unknown) => error);
        throw new Error('another part failed');
      });
      expect((await receiver.handle(signedWebhook('a'))).status).toBe(500);
      answered.resolve();
      expect(String(await goesOn)).toContain('has been rolled back');
      expect(await countEffects('a')).toBe(0);
    });

    it('outlives a connection that is lost in the middle', async () => {
      const receiver = receiving(async ({ id }, context) => {
        await write(id, context);
        const { rows } = await context.client.query('SELECT pg_backend_pid() AS pid');
        const lost = new Promise((resolve) => context.client.once('end', resolve));
        await there.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
        await lost;
      });
      expect((await receiver.handle(signedWebhook('a'))).status).toBe(500);
    });
  });

  it('can be set up by many at once', async () => {
    const stores = Array.from({ length: 8 }, () => postgresStore(here, { table: 'made_at_once' }));
    await Promise.all(stores.map((store) => store.setUp()));
    expect(await stores[0]?.once({ name: 'orders', id: 'a' }, async () => {})).toBe('handled');
  });

  it('gives every client back', async () => {
    const pool = new Pool({ connectionString: postgres.url, max: 1 });
    pool.on('error', () => {});
    const store = postgresStore(pool);
    const key = (id: string) => ({ name: 'orders', id });
    await store.once(key('a'), async () => {});
    await store.once(key('a'), async () => {});
    await store.once(key('b'), () => Promise.reject(new Error('no'))).catch(() => {});
    await store.prune();
    expect(await store.once(key('b'), async () => {})).toBe('handled');
    expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([1, 1, 0]);
    await pool.end();
  });

  it('forgets the oldest first, a thousand at a time, and says whether there is more', async () => {
    const store = postgresStore(here, { forgetAfter: '1d' });
    await here.query(
      `INSERT INTO jobherald_received
       SELECT 'orders', 'old-' || age, now() - make_interval(days => age) FROM generate_series(2, 1501) AS age`,
    );
    await here.query("INSERT INTO jobherald_received VALUES ('orders', 'new')");
    expect([await store.prune(), await rows()]).toEqual([true, 501]);
    expect([await store.prune(), await rows()]).toEqual([false, 1]);
    expect(await store.once({ name: 'orders', id: 'new' }, async () => {})).toBe('duplicate');
  });

  it('forgets without waiting for a row that is in use', async () => {
    await here.query("INSERT INTO jobherald_received VALUES ('orders', 'old', '2020-01-01')");
    const user = await there.connect();
    await user.query('BEGIN; SELECT * FROM jobherald_received FOR UPDATE');
    expect([await postgresStore(here).prune(), await rows()]).toEqual([false, 1]);
    await user.query('ROLLBACK');
    user.release();
    expect([await postgresStore(here).prune(), await rows()]).toEqual([false, 0]);
  });

  it('works with a table made by the documented SQL, in another schema', async () => {
    await here.query('CREATE SCHEMA hooks');
    await here.query(documentedSql('PostgreSQL').replaceAll(/(?<= )jobherald_received(?= )/g, 'hooks.inbox'));
    const store = postgresStore(here, { table: 'hooks.inbox' });
    expect(await store.once({ name: 'orders', id: 'a' }, async () => {})).toBe('handled');
    expect((await here.query('SELECT receiver, webhook_id FROM hooks.inbox')).rows).toEqual([
      { receiver: 'orders', webhook_id: 'a' },
    ]);
    expect(() => postgresStore(here, { table: 'inbox; DROP TABLE effects' })).toThrow('is not a valid table name');
  });

  it('makes the table that is documented', async () => {
    const columns = async (schema: string) => {
      const { rows } = await here.query(
        `SELECT column_name, data_type, is_nullable, column_default FROM information_schema.columns
         WHERE table_schema = $1 AND table_name = 'jobherald_received' ORDER BY 1`,
        [schema],
      );
      const { rows: indexes } = await here.query(
        `SELECT replace(indexdef, $1, '') AS definition FROM pg_indexes
         WHERE schemaname = $1 AND tablename = 'jobherald_received' ORDER BY 1`,
        [schema],
      );
      return [...rows, ...indexes];
    };
    const client = await here.connect();
    await client.query('CREATE SCHEMA by_hand; SET search_path = by_hand');
    await client.query(documentedSql('PostgreSQL'));
    client.release(true);
    expect(await columns('by_hand')).toEqual(await columns('public'));
    expect(await columns('public')).toHaveLength(5);
  });
});
