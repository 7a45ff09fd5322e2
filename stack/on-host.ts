/**
 * How what is written for containers reads on one machine without them. Everything that is not listed here is taken from
 * docker-compose.yml, Dockerfile and deploy/ as it stands.
 */
export interface Host {
  /** The names that containers call each other by. */
  readonly services: readonly string[];
  /** The port here, by that inside a container. */
  readonly ports: ReadonlyMap<number, number>;
  /** The path here, by the one that a container has it at. */
  readonly paths: Readonly<Record<string, string>>;
}

const LOOPBACK = '127.0.0.1';

/** Variables whose value is a host's name alone. Elsewhere a name may be a user or a database. */
const NAMES_A_HOST = /_(HOST|SEEDS)$/;

/**
 * An address, a port or a path of a container, alone or within a text, as it is here.
 * @param name the variable or member whose value it is
 */
export function onHost(text: string, { services, ports, paths }: Host, name = ''): string {
  const here = (port: string) => String(ports.get(Number(port)) ?? port);
  if (/^\d+$/.test(text)) return here(text);
  if (text === '0.0.0.0' || (NAMES_A_HOST.test(name) && services.includes(text))) return LOOPBACK;
  const names = ['0\\.0\\.0\\.0', '127\\.0\\.0\\.1', ...services].join('|');
  const addresses = text.replaceAll(
    new RegExp(`(?<![\\w.-])(?:${names}):(\\d+)`, 'g'),
    (_, port) => `${LOOPBACK}:${here(port)}`,
  );
  const mount = Object.keys(paths).find((path) => addresses === path || addresses.startsWith(`${path}/`));
  return mount === undefined ? addresses : addresses.replace(mount, paths[mount] ?? mount);
}

/** {@link onHost} for all that is in a value: an environment, a configuration file. */
export function allOnHost<T>(value: T, host: Host, name?: string): T;
export function allOnHost(value: unknown, host: Host, name?: string): unknown {
  if (Array.isArray(value)) return value.map((each) => allOnHost(each, host));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, allOnHost(member, host, key)]));
  if (typeof value === 'string') return onHost(value, host, name);
  return typeof value === 'number' ? (host.ports.get(value) ?? value) : value;
}

/** Each ENV of a Dockerfile's last stage, and what its ENTRYPOINT runs. */
export function readDockerfile(text: string): {
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
} {
  const last = text.slice(text.lastIndexOf('\nFROM '));
  const environment = [...last.matchAll(/^ENV (.*)$/gm)].flatMap(([, pairs = '']) =>
    pairs.split(' ').map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  const entrypoint = /^ENTRYPOINT (\[.*\])$/m.exec(last)?.[1];
  if (entrypoint === undefined) throw new TypeError('the Dockerfile has no ENTRYPOINT');
  return { environment: Object.fromEntries(environment), entrypoint: JSON.parse(entrypoint) };
}
