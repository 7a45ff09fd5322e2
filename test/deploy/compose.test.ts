import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config/load-config';
import { TEST_SECRET } from '../support/test-config';

const ROOT = join(__dirname, '../..');
const ENV = {
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
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

const file: { readonly services: Readonly<Record<string, Service>>; readonly volumes: object } = parse(
  readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'),
  { merge: true },
);
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
        build === '.' ? '.' : expect.stringMatching(/^[\w./-]+:\d+[\d.]*$/),
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

  it('asks worker and gateway for their health where its configuration has them listen', () => {
    const probe = (name: string) => file.services[name]?.healthcheck?.test.at(-1);
    expect(probe('worker')).toContain(`http://127.0.0.1:${config.worker.port}/healthz`);
    expect(probe('gateway')).toContain(`http://127.0.0.1:${config.gateway.port}/healthz`);
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
});
