import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { Pool, type PoolClient } from 'pg';
import { createClient } from 'redis';
import {
  createReceiver,
  postgresStore,
  redisStore,
  type Store,
  sqliteStore,
  toNodeHandler,
} from '../../../src/receiver';
import { TEST_SECRET } from '../../support/test-config';

/**
 * A receiver that is to be killed: `node --require …/typescript-hook.js receiver-process.ts STORE URL MOMENT`. It says
 * `at <url>` and, when it has come to the moment, `now`; there it stays.
 */
const [kind, url = '', moment] = process.argv.slice(2);

const say = (text: string) => process.stdout.write(`${text}\n`);
const forever = () => new Promise<never>(() => {});
const stay = async (here: string) => {
  if (here !== moment) return;
  say('now');
  await forever();
};

function serve<Context>(store: Store<Context>, effect: (id: string, context: Context) => unknown): void {
  const once: Store<Context>['once'] = async (key, handle) => {
    const settlement = await store.once(key, handle);
    await stay('before the answer');
    return settlement;
  };
  const receiver = createReceiver({
    name: 'orders',
    store: { ...store, once },
    secrets: [TEST_SECRET],
    async handler({ id }, context) {
      await effect(id, context);
      await stay('after the effect');
    },
  });
  const server = createServer(toNodeHandler(receiver));
  server.listen(0, '127.0.0.1', () => say(`at http://127.0.0.1:${(server.address() as AddressInfo).port}`));
}

async function main(): Promise<void> {
  if (kind === 'SQLite') {
    const database = new DatabaseSync(url);
    serve(sqliteStore(database), (id) => database.prepare('INSERT INTO effects (id) VALUES (?)').run(id));
  } else if (kind === 'PostgreSQL') {
    serve(postgresStore<PoolClient>(new Pool({ connectionString: url })), (id, { client }) =>
      client.query('INSERT INTO effects (id) VALUES ($1)', [id]),
    );
  } else {
    const client = createClient({ url });
    await client.connect();
    serve(redisStore(client, { lease: '500ms' }), (id) => client.incr(id));
  }
}

void main();
