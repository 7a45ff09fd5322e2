import { execFile, execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findPostgres } from '../test/support/services/find-postgres';
import { insteadOfRoot, type RunAs } from '../test/support/services/service';

const run = promisify(execFile);

/** PostgreSQL's programs, installed by the system's packages, and whom they run as: the server refuses root. */
export interface Postgresql {
  readonly programs: string;
  readonly as: RunAs | undefined;
  readonly version: string;
}

export async function findPostgresql(): Promise<Postgresql> {
  const server = await findPostgres();
  const version = execFileSync(server, ['--version'], { encoding: 'utf8' }).trim();
  return { programs: dirname(server), as: insteadOfRoot('postgres'), version };
}

/**
 * What the official image does at a first start: a cluster whose owner is POSTGRES_USER with POSTGRES_PASSWORD, and a
 * database of that name. Passwords are asked for over TCP. Does nothing where the data is.
 */
export async function initialise(
  { programs, as }: Postgresql,
  data: string,
  { POSTGRES_USER: user = 'postgres', POSTGRES_PASSWORD: password = '' }: Readonly<Record<string, string>>,
): Promise<void> {
  if (existsSync(join(data, 'PG_VERSION'))) return;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const passwordFile = `${data}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  for (const path of as ? [data, passwordFile] : []) chownSync(path, as?.uid ?? 0, as?.gid ?? 0);
  try {
    const options = ['--username', user, '--pwfile', passwordFile, '--encoding', 'UTF8', '--locale', 'C'];
    const access = ['--auth-host', 'scram-sha-256', '--auth-local', 'trust'];
    await run(join(programs, 'initdb'), ['--pgdata', data, ...options, ...access], { cwd: data, ...as });
    const single = run(join(programs, 'postgres'), ['--single', '-D', data, 'postgres'], { cwd: data, ...as });
    single.child.stdin?.end(`CREATE DATABASE "${user}"\n`);
    await single;
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** The server's own arguments; the files that its programs share are in its data. */
export function postgresArguments({ programs }: Postgresql, data: string, port: number): readonly string[] {
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${data}`];
  return [join(programs, 'postgres'), '-D', data, '-p', String(port), ...settings.flatMap((each) => ['-c', each])];
}
