import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Pool } from 'pg';
import { createClient } from 'redis';
import { postgresStore, sqliteStore } from '../../../src/receiver';
import { eventually } from '../../support/eventually';
import { INSTALLED_WITHIN_MS } from '../../support/services/install';
import { sharedService } from '../../support/services/shared-service';
import { temporaryDirectory } from '../../support/temporary-directory';
import { signedWebhook } from '../signed-webhook';

type EventContext = 'after the effect' | 'before the answer' | 'never';

interface Place {
  readonly url: string;
  effects(id: string): Promise<number>;
  close(): Promise<void>;
}

async function openSqlite(): Promise<Place> {
  const directory = await temporaryDirectory();
  const url = join(directory.path, 'orders.sqlite');
  const database = new DatabaseSync(url);
  database.exec('CREATE TABLE effects (id TEXT NOT NULL)');
  await sqliteStore(database).setUp();
  const count = database.prepare('SELECT count(*) AS n FROM effects WHERE id = ?');
  return {
    url,
    effects: async (id) => Number(count.get(id)?.['n']),
    async close() {
      database.close();
      await directory.remove();
    },
  };
}

async function openPostgres(): Promise<Place> {
  const { url } = await sharedService('postgres');
  const pool = new Pool({ connectionString: url });
  pool.on('error', () => {}); // a server that stops may tell so before it has read that the pool ended
  await pool.query('CREATE TABLE effects (id text NOT NULL)');
  await postgresStore(pool).setUp();
  return {
    url,
    effects: async (id) =>
      Number((await pool.query('SELECT count(*) AS n FROM effects WHERE id = $1', [id])).rows[0].n),
    async close() {
      await pool.end();
    },
  };
}

async function openRedis(): Promise<Place> {
  const { url } = await sharedService('redis');
  const client = createClient({ url });
  await client.connect();
  return {
    url,
    effects: async (id) => Number(await client.get(id)),
    async close() {
      client.destroy();
    },
  };
}

const running: { kill(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ kill }) => kill()));
});

/** A receiver in a process of its own, which stays where `moment` says until it is killed. */
async function startReceiverProcess(store: string, url: string, moment: EventContext) {
  const hook = join(__dirname, '../../../scripts/typescript-hook.js');
  const args = ['--require', hook, join(__dirname, 'receiver-process.ts'), store, url, moment];
  const child = spawn(process.execPath, args);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const closed = new Promise((resolve) => child.once('close', resolve));
  const kill = async () => {
    child.kill('SIGKILL');
    await closed;
  };
  running.push({ kill });
  const at = await eventually(`a receiver listens: ${output}`, () => /^at (\S+)$/m.exec(output)?.[1]);
  const post = async (id: string) => {
    const response = await fetch(at, signedWebhook(id));
    return { status: response.status, text: await response.text() };
  };
  return { post, kill, hasCome: () => /^now$/m.test(output) };
}

/** Kills a receiver at the moment, gives the next one what came to it, and tells what that answers in the end. */
async function afterDeath(store: string, place: Place, moment: EventContext, id: string) {
  const first = await startReceiverProcess(store, place.url, moment);
  const lost = first.post(id).catch(() => 'no answer');
  await eventually(`the receiver has come to ${moment}`, first.hasCome);
  await first.kill();
  expect(await lost).toBe('no answer');

  const next = await startReceiverProcess(store, place.url, 'never');
  const seen = new Set<string>();
  await eventually('the next receiver says it is handled', async () => {
    const { status, text } = await next.post(id);
    seen.add(text.split(/[:\n]/)[0] ?? '');
    return status === 200;
  });
  expect((await next.post(id)).text).toBe('duplicate: handled before\n');
  seen.delete('busy');
  return [...seen];
}

describe.each([
  { name: 'SQLite', open: openSqlite },
  { name: 'PostgreSQL', open: openPostgres },
])('with $name', ({ name, open }) => {
  let place: Place;
  beforeAll(async () => {
    place = await open();
  }, INSTALLED_WITHIN_MS);
  afterAll(() => place?.close());

  it('a receiver that is killed after the effect and before the commit has had none: the next one has it', async () => {
    const seen = await afterDeath(name, place, 'after the effect', 'a');
    expect(seen).toEqual(['handled']);
    expect(await place.effects('a')).toBe(1);
  });

  it('a receiver that is killed before it answers has had its effect: the next one has none', async () => {
    const seen = await afterDeath(name, place, 'before the answer', 'b');
    expect(seen).toEqual(['duplicate']);
    expect(await place.effects('b')).toBe(1);
  });
});

describe('with Redis', () => {
  let place: Place;
  beforeAll(async () => {
    place = await openRedis();
  }, INSTALLED_WITHIN_MS);
  afterAll(() => place?.close());

  it('a receiver that is killed after the effect has it again in the next one, as documented', async () => {
    const seen = await afterDeath('Redis', place, 'after the effect', 'a');
    expect(seen).toEqual(['handled']);
    expect(await place.effects('a')).toBe(2);
  });

  it('a receiver that is killed before it answers has had its effect: the next one has none', async () => {
    expect(await afterDeath('Redis', place, 'before the answer', 'b')).toEqual(['duplicate']);
    expect(await place.effects('b')).toBe(1);
  });
});
