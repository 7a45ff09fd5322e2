import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config/load-config';
import { findTemporalCli } from '../../src/dev/temporal-server/find-temporal-cli';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { rememberingLog } from '../support/logs';
import { TEST_SECRET } from '../support/test-config';

const ROOT = join(__dirname, '../..');
const ENV = {
  POSTGRES_PASSWORD: 'a-password-for-tests',
  JOBHERALD_TOKEN: 'a-token-for-tests',
  ORDERS_WEBHOOK_SECRET: TEST_SECRET,
  ORDERS_URL: 'https://x.example/',
};

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly read_only?: boolean;
  readonly mem_limit?: string;
  readonly logging?: { readonly options?: Readonly<Record<string, string>> };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

const file: {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: object;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
} = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true });
const services = Object.entries(file.services);
const config = parseConfig(readFileSync(join(ROOT, 'deploy/jobherald.yaml'), 'utf8'), { env: ENV, cwd: ROOT });

const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
const itWithCompose = hasCompose ? it : it.skip;

describe('docker-compose.yml', () => {
  itWithCompose('is taken by docker compose', () => {
    const { status, stderr } = spawnSync('docker', ['compose', 'config', '--quiet'], {
      cwd: ROOT,
      env: { ...process.env, ...ENV },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });

  it('pins every image that it does not build', () => {
    for (const [name, { image, build }] of services) {
      expect([name, build ?? image]).toEqual([
        name,
        build === '.' ? '.' : expect.stringMatching(/^[\w./-]+:\d+(\.\d+)+(@sha256:[0-9a-f]{64})?$/),
      ]);
    }
  });

  it('waits for healthy services only where there is a health check, and for ends only of what ends', () => {
    const endings = ['temporal-schema', 'setup'];
    for (const [name, { depends_on = {} }] of services) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const isOneShot = endings.includes(other);
        expect([name, other, condition]).toEqual([
          name,
          other,
          isOneShot ? 'service_completed_successfully' : 'service_healthy',
        ]);
        if (!isOneShot) expect(file.services[other]?.healthcheck).toBeDefined();
      }
    }
  });

  it('mounts only files and volumes that are there', () => {
    for (const source of services.flatMap(([, { volumes = [] }]) =>
      volumes.map((volume) => volume.split(':')[0] ?? ''),
    )) {
      expect([source, source.startsWith('./') ? existsSync(join(ROOT, source)) : source in file.volumes]).toEqual([
        source,
        true,
      ]);
    }
  });

  it('publishes on loopback only', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('has no password of its own: each is taken from the environment, and demanded', () => {
    const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
    const secrets = [...text.matchAll(/^ +\w*(?:PASSWORD|PWD|TOKEN|SECRET): (.*)$/gm)].map(([, value]) => value);
    expect(secrets).toHaveLength(5);
    for (const value of secrets) expect(value).toMatch(/^\$\{\w+:\?.+\}$/);
  });

  it('lets nobody write to an image, take all memory or fill the disk with logs', () => {
    for (const [name, service] of services) {
      expect([name, service]).toEqual([
        name,
        expect.objectContaining({
          read_only: true,
          mem_limit: expect.stringMatching(/^\d+[mg]$/),
          security_opt: ['no-new-privileges:true'],
          logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } },
        }),
      ]);
    }
  });

  it('lets only Temporal reach PostgreSQL, whose network leads nowhere else', () => {
    const onDatabase = services.filter(([, { networks }]) => networks?.includes('database')).map(([name]) => name);
    expect(onDatabase).toEqual(['postgresql', 'temporal-schema', 'temporal']);
    expect(file.networks['database']).toEqual({ internal: true });
    expect(file.services['postgresql']?.networks).toEqual(['database']);
  });

  it('says what Temporal wants to hear before it serves without authorization, and is not confined to a few shards', () => {
    expect(file.services['temporal']?.environment).toMatchObject({
      TEMPORAL_ALLOW_NO_AUTH: 'true',
      NUM_HISTORY_SHARDS: '512',
    });
  });

  it('asks PostgreSQL over TCP, where the server that only makes the database does not answer', () => {
    expect(file.services['postgresql']?.healthcheck?.test).toEqual(expect.arrayContaining(['--host', '127.0.0.1']));
  });

  it('calls worker and gateway healthy when they are ready, where its configuration has them listen', () => {
    const probe = (name: string) => file.services[name]?.healthcheck?.test.at(-1);
    expect(probe('worker')).toContain(`http://127.0.0.1:${config.worker.port}/readyz`);
    expect(probe('gateway')).toContain(`http://127.0.0.1:${config.gateway.port}/readyz`);
    expect(config.temporal.address).toBe('temporal:7233');
  });

  it('gives every variable that its configuration needs', () => {
    const needed = [...readFileSync(join(ROOT, 'deploy/jobherald.yaml'), 'utf8').matchAll(/\$\{(\w+)\}/g)];
    for (const name of ['setup', 'worker', 'gateway']) {
      expect(Object.keys(file.services[name]?.environment ?? {})).toEqual(
        expect.arrayContaining(needed.map(([, variable]) => variable)),
      );
    }
  });

  it('runs commands of jobherald that there are', () => {
    const folder = join(ROOT, 'src/cli/commands');
    const commands = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    for (const [, { build, command }] of services) {
      if (build) expect(commands).toContain(`.command('${command?.[0]}')`);
    }
  });
});

describe('deploy/temporal/dynamic-config.yaml', () => {
  it('raises the limit of visibility calls, and switches on the fairness that deliveries have keys for', () => {
    expect(parse(readFileSync(join(ROOT, 'deploy/temporal/dynamic-config.yaml'), 'utf8'))).toMatchObject({
      'frontend.namespaceRPS.visibility': [{ value: 200 }],
      'matching.enableFairness': [{ value: true }],
    });
  });

  it('has values that a Temporal server takes, and 60 lists at once are not refused', async () => {
    const file = parse(readFileSync(join(ROOT, 'deploy/temporal/dynamic-config.yaml'), 'utf8')) as Readonly<
      Record<string, readonly [{ readonly value: unknown }]>
    >;
    const values = Object.entries(file).flatMap(([key, [{ value }]]) => ['--dynamic-config-value', `${key}=${value}`]);
    const cli = await findTemporalCli({ env: process.env, log: rememberingLog() });
    const port = await freePort();
    const child = spawn(cli, [
      'server',
      'start-dev',
      '--headless',
      '--port',
      `${port}`,
      '--log-level',
      'warn',
      ...values,
    ]);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const connection = Connection.lazy({ address: `127.0.0.1:${port}`, interceptors: [] });
    try {
      const count = () => connection.workflowService.countWorkflowExecutions({ namespace: 'default' });
      await eventually('the server answers', count);
      await Promise.all(Array.from({ length: 60 }, count));
      expect(said).not.toMatch(/Failed to convert value/);
    } finally {
      await connection.close();
      child.kill();
    }
  });
});

describe('Dockerfile', () => {
  const lines = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').split('\n');

  it('copies only what is there', () => {
    const copied = lines.flatMap((line) => /^COPY (?!--)(.*) \S+$/.exec(line)?.[1]?.split(' ') ?? []);
    expect(copied.length).toBeGreaterThan(5);
    for (const path of copied) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
  });

  it('does not run as root', () => {
    expect(lines.filter((line) => line.startsWith('USER')).at(-1)).toBe('USER node');
  });

  it('installs the certificates of authorities that a worker reads from the system', () => {
    expect(lines.join('\n')).toMatch(/^RUN apt-get update && apt-get install .*\bca-certificates\b/m);
  });

  it('builds upon one exact version of Node', () => {
    const bases = lines.filter((line) => line.startsWith('FROM')).map((line) => line.split(' ')[1]);
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(/^node:\d+\.\d+\.\d+-[a-z]+-slim(@sha256:[0-9a-f]{64})?$/);
  });
});
