import { parse } from 'yaml';

/** What docker-compose.yml says of one service, its variables put in. */
export interface ComposeService {
  readonly name: string;
  /** Undefined where this repository builds it. */
  readonly image?: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Files and volumes, by where the container has them. */
  readonly mounts: Readonly<Record<string, string>>;
  /** Published ports, by those of the container. */
  readonly published: Readonly<Record<number, number>>;
  /** What has to be healthy, or to have ended well, before it starts. */
  readonly after: readonly string[];
  /** Whether others wait for its end: it does one thing at every start. */
  readonly isOneShot: boolean;
  readonly healthcheck?: HealthCheck;
  /** How often it is started again after a failure. */
  readonly restarts: number;
  /** From being asked to stop until it is killed, ms. */
  readonly stopWithinMs: number;
  readonly memoryLimitBytes: number;
}

export interface HealthCheck {
  /** A program and its arguments. */
  readonly test: readonly string[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly startPeriodMs: number;
  readonly retries: number;
}

interface RawService {
  readonly image?: string;
  readonly build?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly restart: string;
  readonly stop_grace_period?: string;
  readonly mem_limit: string;
  readonly healthcheck?: {
    readonly test: readonly string[];
    readonly interval: string;
    readonly timeout: string;
    readonly start_period?: string;
    readonly retries: number;
  };
}

const ENDED_WELL = 'service_completed_successfully';
const STOPS_WITHIN = '10s';

/**
 * The services of a compose file, each behind those that it waits for.
 * @throws {TypeError} that names every variable that it demands and `env` lacks
 */
export function readCompose(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): readonly ComposeService[] {
  const { services } = withVariables(parse(text, { merge: true }), env) as {
    readonly services: Readonly<Record<string, RawService>>;
  };
  const oneShots = new Set(
    Object.values(services).flatMap(({ depends_on = {} }) =>
      Object.entries(depends_on).flatMap(([other, { condition }]) => (condition === ENDED_WELL ? [other] : [])),
    ),
  );
  return inOrder(Object.entries(services).map(([name, raw]) => serviceOf(name, raw, oneShots.has(name))));
}

function serviceOf(name: string, raw: RawService, isOneShot: boolean): ComposeService {
  const pairs = (list: readonly string[] = [], key: number, value: number) =>
    Object.fromEntries(list.map((entry) => entry.split(':')).map((parts) => [parts[key], parts[value]]));
  return {
    name,
    ...(raw.build === undefined && raw.image !== undefined && { image: raw.image }),
    entrypoint: raw.entrypoint ?? [],
    command: raw.command ?? [],
    environment: raw.environment ?? {},
    mounts: pairs(raw.volumes, 1, 0),
    published: Object.fromEntries(
      (raw.ports ?? []).map((port) => port.split(':').map(Number)).map(([, host = 0, own = 0]) => [own, host]),
    ),
    after: Object.keys(raw.depends_on ?? {}),
    isOneShot,
    ...(raw.healthcheck && {
      healthcheck: {
        test: raw.healthcheck.test.slice(1), // "CMD" comes first
        intervalMs: milliseconds(raw.healthcheck.interval),
        timeoutMs: milliseconds(raw.healthcheck.timeout),
        startPeriodMs: milliseconds(raw.healthcheck.start_period ?? '0s'),
        retries: raw.healthcheck.retries,
      },
    }),
    restarts: Number(/^on-failure:(\d+)$/.exec(raw.restart)?.[1] ?? Number.POSITIVE_INFINITY),
    stopWithinMs: milliseconds(raw.stop_grace_period ?? STOPS_WITHIN),
    memoryLimitBytes: bytes(raw.mem_limit),
  };
}

function inOrder(services: readonly ComposeService[]): readonly ComposeService[] {
  const started: ComposeService[] = [];
  while (started.length < services.length) {
    const isStarted = (name: string) => started.some((other) => other.name === name);
    const next = services.find(({ name, after }) => !isStarted(name) && after.every(isStarted));
    if (next === undefined) throw new TypeError('services wait for each other, or for one that is not there');
    started.push(next);
  }
  return started;
}

/** `${NAME}`, `${NAME:-default}` and `${NAME:?message}`, wherever a text has them. */
const VARIABLE = /\$\{(\w+)(?::([-?])([^}]*))?\}/g;

function withVariables(value: unknown, env: Readonly<Record<string, string | undefined>>): unknown {
  const missing = new Set<string>();
  const walk = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(walk);
    if (typeof each === 'object' && each !== null)
      return Object.fromEntries(Object.entries(each).map(([key, member]) => [key, walk(member)]));
    if (typeof each !== 'string') return each;
    return each.replaceAll(VARIABLE, (_, name: string, kind?: string, rest = '') => {
      if (env[name]) return env[name];
      if (kind === '?') missing.add(`${name}: ${rest}`);
      return kind === '-' ? rest : '';
    });
  };
  const walked = walk(value);
  if (missing.size > 0) throw new TypeError([...missing].join('\n'));
  return walked;
}

function milliseconds(text: string): number {
  const [, number, unit] = /^(\d+)(s|m)$/.exec(text) ?? [];
  if (number === undefined) throw new TypeError(`${text} is not a duration in seconds or minutes`);
  return Number(number) * (unit === 's' ? 1_000 : 60_000);
}

function bytes(text: string): number {
  const [, number, unit] = /^(\d+)(m|g)$/.exec(text) ?? [];
  if (number === undefined) throw new TypeError(`${text} is not a size in m or g`);
  return Number(number) * (unit === 'm' ? 2 ** 20 : 2 ** 30);
}
