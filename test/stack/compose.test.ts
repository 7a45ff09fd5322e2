import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCompose } from '../../stack/compose';
import { allOnHost, onHost, readDockerfile } from '../../stack/on-host';
import { wavesOf } from '../../stack/open-stack';
import { commandsOf } from '../../stack/runbook';
import { VERSIONS } from '../support/stack';

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const ENV = { POSTGRES_PASSWORD: 'p4ss', JOBHERALD_TOKEN: 't0ken', ORDERS_WEBHOOK_SECRET: 'whsec_x' };
const services = readCompose(read('docker-compose.yml'), ENV);

describe('docker-compose.yml, as the stack reads it', () => {
  it('starts the database first, then its schema, Temporal, and what needs a namespace last', () => {
    expect(wavesOf(services)).toEqual([
      ['postgresql'],
      ['temporal-schema'],
      ['temporal'],
      ['temporal-ui', 'setup'],
      ['worker', 'gateway'],
    ]);
    expect(services.filter(({ isOneShot }) => isOneShot).map(({ name }) => name)).toEqual(['temporal-schema', 'setup']);
  });

  it('has the releases of Temporal that its tests look for in the cache', () => {
    const images = services.map(({ image }) => image?.replace(/@.*/, ''));
    expect(images).toContain(`temporalio/server:${VERSIONS['temporal-server']}`);
    expect(images).toContain(`temporalio/ui:${VERSIONS['temporal-ui']}`);
  });

  it('gives each service the environment of the file, with its variables and their defaults put in', () => {
    const environment = Object.fromEntries(services.map((service) => [service.name, service.environment]));
    expect(environment['temporal']).toMatchObject({
      DB: 'postgres12',
      POSTGRES_PWD: 'p4ss',
      NUM_HISTORY_SHARDS: '512',
      TEMPORAL_ALLOW_NO_AUTH: 'true',
    });
    expect(environment['worker']).toEqual({
      JOBHERALD_TOKEN: 't0ken',
      ORDERS_WEBHOOK_SECRET: 'whsec_x',
      ORDERS_URL: 'https://orders.example.com/hooks',
    });
  });

  it('names every variable that it demands and does not get', () => {
    expect(() => readCompose(read('docker-compose.yml'), {})).toThrow(
      new TypeError(
        [
          'JOBHERALD_TOKEN: choose a token for the API',
          'ORDERS_WEBHOOK_SECRET: make a whsec_ key that signs webhooks',
          'POSTGRES_PASSWORD: choose a password for PostgreSQL',
        ].join('\n'),
      ),
    );
  });

  it('restarts what ends, one-shots five times, and stops each within its own time', () => {
    const of = (name: string) => services.find((service) => service.name === name);
    expect([of('setup')?.restarts, of('worker')?.restarts]).toEqual([5, Number.POSITIVE_INFINITY]);
    expect([of('postgresql')?.stopWithinMs, of('worker')?.stopWithinMs, of('temporal')?.stopWithinMs]).toEqual([
      60_000, 40_000, 10_000,
    ]);
  });

  it('is refused where services wait for each other', () => {
    const text = `services: {a: {restart: always, mem_limit: 1m, depends_on: {b: {condition: service_healthy}}},
      b: {restart: always, mem_limit: 1m, depends_on: {a: {condition: service_healthy}}}}`;
    expect(() => readCompose(text, {})).toThrow('wait for each other');
  });
});

describe('a text written for containers', () => {
  const host = {
    services: ['postgresql', 'temporal'],
    ports: new Map([
      [5432, 15432],
      [7233, 17233],
      [8080, 18080],
    ]),
    paths: { '/app': '/home/me/jobherald', '/set-up-schema.sh': '/home/me/jobherald/deploy/set-up-schema.sh' },
  };

  it.each([
    ['temporal', 'temporal'],
    ['0.0.0.0', '127.0.0.1'],
    ['5432', '15432'],
    ['temporal:7233', '127.0.0.1:17233'],
    ["fetch('http://127.0.0.1:8080/readyz')", "fetch('http://127.0.0.1:18080/readyz')"],
    ['/app/dist/main.js', '/home/me/jobherald/dist/main.js'],
    ['/set-up-schema.sh', '/home/me/jobherald/deploy/set-up-schema.sh'],
    ['512', '512'],
    ['postgres12', 'postgres12'],
    ['https://orders.example.com/hooks', 'https://orders.example.com/hooks'],
    ['my-temporal:7233', 'my-temporal:7233'],
  ])('%s reads %s here', (container, here) => {
    expect(onHost(container, host)).toBe(here);
  });

  it('is a host where its variable says so, and may be a user elsewhere', () => {
    const environment = { DATABASE_HOST: 'temporal', DATABASE_USER: 'temporal', POSTGRES_SEEDS: 'postgresql' };
    expect(allOnHost(environment, host)).toEqual({
      DATABASE_HOST: '127.0.0.1',
      DATABASE_USER: 'temporal',
      POSTGRES_SEEDS: '127.0.0.1',
    });
  });
});

describe('the Dockerfile, as the stack reads it', () => {
  it('gives what its last stage sets and runs', () => {
    expect(readDockerfile(read('Dockerfile'))).toEqual({
      environment: expect.objectContaining({ NODE_ENV: 'production', NODE_OPTIONS: '--max-semi-space-size=4' }),
      entrypoint: ['node', '/app/dist/src/cli/main.js'],
    });
  });
});

describe('docs/runbooks/restore.md, as the drill reads it', () => {
  it('dumps both databases, then stops, restores, starts, audits and repairs', () => {
    const verbs = (heading: string) =>
      commandsOf('restore.md', heading).map((line) => /(pg_dump|pg_restore|stop|up|audit)\b/.exec(line)?.[0]);
    expect(verbs('Back up')).toEqual(['pg_dump', 'pg_dump']);
    expect(verbs('Restore')).toEqual(['stop', 'pg_restore', 'pg_restore', 'up', 'audit', 'audit']);
  });
});
