import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findPostgresql, initialise, postgresArguments } from '../../stack/postgresql';
import { releaseFolder } from '../../stack/programs';
import { type ServiceProcess, serviceProcess } from '../../stack/service-process';
import { createAuthority } from '../channels/webhook/certificates';
import { freePort } from '../support/free-port';
import { lacksReleases, VERSIONS } from '../support/stack';
import { temporaryDirectory } from '../support/temporary-directory';

const ROOT = join(__dirname, '../..');
const PASSWORD = 'with@"$special":/,characters';
const lacks = lacksReleases();
const describeWithReleases = lacks === undefined ? describe : describe.skip;

describeWithReleases(`deploy/temporal/set-up-schema.sh${lacks === undefined ? '' : ` (skipped: ${lacks})`}`, () => {
  const authority = createAuthority();
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: ServiceProcess;
  let port: number;

  /** A PostgreSQL that takes connections over TLS only. */
  beforeAll(async () => {
    folder = await temporaryDirectory();
    chmodSync(folder.path, 0o711);
    const postgresql = await findPostgresql();
    const data = join(folder.path, 'data');
    await initialise(postgresql, data, { POSTGRES_USER: 'temporal', POSTGRES_PASSWORD: PASSWORD });
    const { cert, key } = authority.issue('localhost');
    for (const [from, name] of [
      [cert, 'server.crt'],
      [key, 'server.key'],
    ] as const) {
      copyFileSync(from, join(data, name));
      chmodSync(join(data, name), 0o600);
      if (postgresql.as) chownSync(join(data, name), postgresql.as.uid, postgresql.as.gid);
    }
    port = await freePort();
    server = serviceProcess(
      {
        name: 'postgresql',
        argv: [...postgresArguments(postgresql, data, port), '-c', 'ssl=on'],
        env: {},
        cwd: data,
        as: postgresql.as,
        log: join(folder.path, 'log'),
        isOneShot: false,
        healthcheck: {
          test: [join(postgresql.programs, 'pg_isready'), '--host', '127.0.0.1', '--port', String(port)],
          intervalMs: 1_000,
          timeoutMs: 5_000,
          startPeriodMs: 0,
          retries: 60,
        },
        restarts: 0,
        stopSignal: 'SIGINT',
        stopWithinMs: 10_000,
      },
      () => undefined,
    );
    await server.start();
  });
  afterAll(async () => {
    await server.stop();
    authority.remove();
    await folder.remove();
  });

  const setUpSchema = (env: Readonly<Record<string, string>>) => {
    const release = releaseFolder(process.env, 'temporal-server', VERSIONS['temporal-server']);
    const { status, stdout, stderr } = spawnSync('/bin/sh', [join(ROOT, 'deploy/temporal/set-up-schema.sh')], {
      encoding: 'utf8',
      env: {
        PATH: [release, process.env['PATH']].join(delimiter),
        SCHEMAS: join(release, 'schema'),
        DATABASE_HOST: 'localhost',
        DATABASE_PORT: String(port),
        DATABASE_USER: 'temporal',
        SQL_PASSWORD: PASSWORD,
        ...env,
      },
    });
    return { status, said: stdout + stderr };
  };

  it('sets both databases up over TLS at a port of its own, and again without harm', () => {
    const tls = { SQL_TLS: 'true', SQL_TLS_CA_FILE: authority.caFile };
    const first = setUpSchema(tls);
    expect(first).toMatchObject({ status: 0, said: expect.stringContaining('Schema updated from 0.0 to 1.0') });
    const again = setUpSchema(tls);
    expect(again).toMatchObject({ status: 0, said: expect.not.stringContaining('Schema updated from') });
  });

  it('fails where the certificate is of another authority', () => {
    const other = createAuthority();
    const { status, said } = setUpSchema({ SQL_TLS: 'true', SQL_TLS_CA_FILE: other.caFile });
    other.remove();
    expect([status, said]).toEqual([1, expect.stringContaining('unknown authority')]);
  });
});
