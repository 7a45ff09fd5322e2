import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Environment } from '../src/dev/temporal-server/cli-cache';
import { freePort } from '../test/support/free-port';
import { type ComposeService, readCompose } from './compose';
import { allOnHost, type Host, onHost, readDockerfile } from './on-host';
import { findPostgresql, initialise, type Postgresql, postgresArguments } from './postgresql';
import { buildRelease, type ReleaseName } from './programs';
import { type HostService, type ServiceProcess, serviceProcess } from './service-process';

const ROOT = join(__dirname, '..');

/** Where a container listens without docker-compose.yml saying so: its network is its own. */
const TEMPORAL_PORTS = {
  FRONTEND_GRPC_PORT: 7233,
  FRONTEND_HTTP_PORT: 7243,
  FRONTEND_MEMBERSHIP_PORT: 6933,
  HISTORY_GRPC_PORT: 7234,
  HISTORY_MEMBERSHIP_PORT: 6934,
  MATCHING_GRPC_PORT: 7235,
  MATCHING_MEMBERSHIP_PORT: 6935,
  WORKER_GRPC_PORT: 7239,
  WORKER_MEMBERSHIP_PORT: 6939,
};
const POSTGRESQL_PORT = 5432;
const WORKER_PORT = 8081;

/** Images by the release whose programs are in them. */
const RELEASE_OF: Readonly<Record<string, ReleaseName>> = {
  'temporalio/server': 'temporal-server',
  'temporalio/admin-tools': 'temporal-server',
  'temporalio/ui': 'temporal-ui',
};

export interface StackOptions {
  /** Where data, configuration and logs are kept. What is there goes on. */
  readonly directory: string;
  /** The variables of docker-compose.yml, and where caches are. */
  readonly env: Environment;
  /** Of docker-compose.yml, in place of all. */
  readonly only?: readonly string[];
  /** Whether published ports are any free ones, in place of those of the file. */
  readonly freePorts: boolean;
  /** What jobherald.yaml holds, in place of deploy/jobherald.yaml. */
  readonly configure?: (config: object) => object;
  readonly say: (line: string) => void;
}

export interface Stack {
  /** In their order. */
  readonly services: readonly ServiceProcess[];
  /** @param port a container's @returns the one here */
  port(port: number): number;
  /** What a service runs, and the environment in which a command runs beside it. */
  within(service: string): Pick<HostService, 'argv' | 'env' | 'cwd'>;
  /** Starts what does not run, each when those that it waits for are ready. */
  up(): Promise<void>;
  /** Stops services, or all, the last first. */
  stop(names?: readonly string[]): Promise<void>;
}

/** Everything of docker-compose.yml, on this machine and without an engine; nothing is started yet. */
export async function openStack(options: StackOptions): Promise<Stack> {
  const { directory, env, say, only } = options;
  const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
  const services = readCompose(read('docker-compose.yml'), env).filter(({ name }) => only?.includes(name) ?? true);
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o711); // PostgreSQL's user has its data there
  const host = { ...(await hostOf(services, options)), services: services.map(({ name }) => name) };
  const tools: Tools = {
    host,
    directory,
    env,
    dockerfile: readDockerfile(read('Dockerfile')),
    postgresql: await findPostgresql(),
    say,
  };
  const config = allOnHost(parse(read('deploy/jobherald.yaml')), host) as object;
  mkdirSync(join(directory, 'etc'), { recursive: true });
  writeFileSync(join(directory, 'etc/jobherald.yaml'), stringify(options.configure?.(config) ?? config), {
    mode: 0o600,
  });

  const hostServices: HostService[] = [];
  for (const service of services) hostServices.push(await hostServiceOf(service, tools));
  const processes = hostServices.map((service) => serviceProcess(service, say));
  const waves = wavesOf(services);
  return {
    services: processes,
    port: (port) => host.ports.get(port) ?? port,
    within(name) {
      const service = hostServices.find((each) => each.name === name);
      if (service === undefined) throw new TypeError(`there is no service ${name}`);
      return service;
    },
    async up() {
      for (const wave of waves) {
        const absent = processes.filter((process) => wave.includes(process.name) && process.pid() === undefined);
        for (const { name } of absent) say(`starting ${name}`);
        await Promise.all(absent.map((process) => process.start()));
      }
    },
    async stop(names) {
      for (const wave of waves.toReversed()) {
        const stopped = wave.filter((name) => names?.includes(name) ?? true);
        await Promise.all(processes.filter(({ name }) => stopped.includes(name)).map((process) => process.stop()));
      }
    },
  };
}

/** Services that wait for nothing but those of earlier waves start together. */
export function wavesOf(services: readonly Pick<ComposeService, 'name' | 'after'>[]): readonly (readonly string[])[] {
  const waves: string[][] = [];
  for (const { name, after } of services) {
    const depth = 1 + Math.max(-1, ...after.map((other) => waves.findIndex((wave) => wave.includes(other))));
    waves[depth] = [...(waves[depth] ?? []), name];
  }
  return waves;
}

async function hostOf(
  services: readonly ComposeService[],
  { directory, freePorts }: StackOptions,
): Promise<Pick<Host, 'ports' | 'paths'>> {
  const ports = new Map<number, number>();
  for (const port of [POSTGRESQL_PORT, WORKER_PORT, ...Object.values(TEMPORAL_PORTS)])
    ports.set(port, await freePort());
  for (const [own, published] of services.flatMap((service) => Object.entries(service.published)))
    ports.set(Number(own), freePorts ? await freePort() : published);
  const mounts = services.flatMap(({ mounts }) => Object.entries(mounts));
  return {
    ports,
    paths: {
      '/app': ROOT,
      ...Object.fromEntries(
        mounts.map(([target, source]) => [target, join(source.startsWith('./') ? ROOT : directory, source)]),
      ),
      '/etc/jobherald': join(directory, 'etc'),
    },
  };
}

interface Tools {
  readonly host: Host;
  readonly directory: string;
  readonly env: Environment;
  readonly dockerfile: ReturnType<typeof readDockerfile>;
  readonly postgresql: Postgresql;
  readonly say: (line: string) => void;
}

/** A service as it runs here: its program, and what its image would have set besides the file. */
async function hostServiceOf(service: ComposeService, tools: Tools): Promise<HostService> {
  const { host, directory, postgresql } = tools;
  const { argv, env = {}, paths = [], ...special } = await imageOf(service, tools);
  const { name, isOneShot, healthcheck, restarts, stopWithinMs } = service;
  const path = [...paths, dirname(process.execPath), postgresql.programs, tools.env['PATH']].join(delimiter);
  return {
    name,
    argv,
    env: { PATH: path, HOME: homedir(), ...env, ...allOnHost(service.environment, host) },
    cwd: directory,
    log: join(directory, `${name}.log`),
    isOneShot,
    ...(healthcheck && { healthcheck: { ...healthcheck, test: healthcheck.test.map((each) => onHost(each, host)) } }),
    restarts,
    stopSignal: 'SIGTERM',
    stopWithinMs,
    ...special,
  };
}

async function imageOf(
  service: ComposeService,
  { host, directory, env, dockerfile, postgresql, say }: Tools,
): Promise<Pick<HostService, 'argv'> & Partial<HostService> & { readonly paths?: readonly string[] }> {
  const command = [...service.entrypoint, ...service.command].map((each) => onHost(each, host));
  const [image = '', version = ''] = service.image?.split(/[:@]/) ?? [];
  if (service.image === undefined) {
    const entrypoint = dockerfile.entrypoint.map((each) => onHost(each, host));
    return { argv: [...entrypoint, ...command], env: dockerfile.environment, cwd: join(directory, 'etc') };
  }
  if (image === 'postgres') {
    const data = join(directory, 'postgresql');
    await initialise(postgresql, data, service.environment);
    const argv = postgresArguments(postgresql, data, host.ports.get(POSTGRESQL_PORT) ?? POSTGRESQL_PORT);
    const env = { PGHOST: data, PGPORT: String(host.ports.get(POSTGRESQL_PORT)) }; // its own programs use its socket
    return { argv, env, cwd: data, as: postgresql.as, stopSignal: 'SIGINT' }; // the image's STOPSIGNAL
  }
  const release = RELEASE_OF[image];
  if (release === undefined) throw new TypeError(`${service.name}: nothing is known of the image ${image}`);
  const folder = await buildRelease(env, release, version, say);
  if (image === 'temporalio/admin-tools')
    return { argv: command, env: { SCHEMAS: join(folder, 'schema') }, paths: [folder] };
  if (image === 'temporalio/server') {
    const ports = Object.entries(TEMPORAL_PORTS).map(([name, port]) => [name, String(host.ports.get(port))]);
    return { argv: [join(folder, 'temporal-server'), 'start'], env: Object.fromEntries(ports) };
  }
  const cwd = join(directory, 'temporal-ui');
  mkdirSync(join(cwd, 'config'), { recursive: true });
  // Published on loopback only.
  writeFileSync(join(cwd, 'config/docker.yaml'), `${readFileSync(join(folder, 'config'), 'utf8')}\nhost: 127.0.0.1\n`);
  return { argv: [join(folder, 'ui-server'), '--env', 'docker', 'start'], cwd };
}
