import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from '../free-port';
import { findPostgres } from './find-postgres';
import { insteadOfRoot, type Service, serviceDirectory, startService } from './service';

const run = promisify(execFile);

export interface PostgresService extends Service {
  /** Of its one, empty database. */
  readonly url: string;
}

/** A PostgreSQL server on loopback. */
export async function startPostgres(): Promise<PostgresService> {
  const path = await findPostgres();
  const as = insteadOfRoot('postgres');
  const directory = await serviceDirectory('postgres', as);
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;

  const initArgs = ['-D', directory, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await run(join(dirname(path), 'initdb'), initArgs, { cwd: directory, ...as });
  // What is tried is the death of receivers, not of this server.
  const settings = ['fsync=off', 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
  const args = ['-D', directory, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const service = await startService({ path, args, directory, as, isReady: () => answers(url) });
  return { url, ...service };
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  // A refusal is reported twice.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
