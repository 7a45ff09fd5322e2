import { parseArgs } from 'node:util';
import { SYSTEM_NAMES, type SystemName } from './plan/names';
import type { TemporalChoice } from './stage/temporal-part';

/** Where a message is only a hint, and a sweep finds what nobody announces. */
const SWEPT: readonly SystemName[] = ['vertex-ai', 'tencent-batch'];

/** What a deliberately broken build lacks. */
export const BREAKS = ['dedupe', 'identity', 'ack-before-signal'] as const;
export type Break = (typeof BREAKS)[number];

export interface FaultsOptions {
  readonly seed: string;
  readonly jobs: number;
  /** How long faults are made, ms. */
  readonly phaseMs: number;
  readonly systems: readonly SystemName[];
  /** Whether anybody announces an end; where nobody does, the sweeps have to find every one. */
  readonly hints: boolean;
  readonly broken: readonly Break[];
  /** How long the pending ends may take after the last fault, ms. */
  readonly patienceMs: number;
  /** Where ledgers and logs are kept; by default a new directory that is removed after a run that was right. */
  readonly directory?: string;
  readonly temporal: TemporalChoice;
}

export const FAULTS_USAGE = `npm run faults -- [options]
  --seed TEXT        what the whole plan follows from; default: 1
  --jobs N           in all, over all systems; default: 100
  --minutes M        how long faults are made; starting and ending come on top; default: 1
  --systems A,B      of ${SYSTEM_NAMES.join(', ')}; default: all
  --no-hints         nobody announces an end, so sweeps have to find it, killed as they are; systems: ${SWEPT.join(', ')}
  --patience SECONDS how long the pending ends may take after the last fault; default: 120
  --broken A,B       a deliberately broken build, which must be caught: ${BREAKS.join(', ')}
  --directory DIR    where ledgers and logs are kept; default: a new one, removed after a run that was right
  --temporal postgres
                     Temporal's server with PostgreSQL, as in docker-compose.yml, and both are killed (docs/operations.md); default:
                     the dev server on a SQLite file
  --temporal ADDRESS --kill-temporal COMMAND --start-temporal COMMAND
                     a Temporal of your own
`;

/** @throws {TypeError} that says what is wrong with the command line */
export function readFaultsOptions(args: readonly string[]): FaultsOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '100' },
      minutes: { type: 'string', default: '1' },
      systems: { type: 'string' },
      'no-hints': { type: 'boolean', default: false },
      patience: { type: 'string', default: '120' },
      broken: { type: 'string' },
      directory: { type: 'string' },
      temporal: { type: 'string' },
      'kill-temporal': { type: 'string' },
      'start-temporal': { type: 'string' },
    },
  });
  const hints = !values['no-hints'];
  const systems = systemNames(values.systems ?? (hints ? SYSTEM_NAMES : SWEPT).join(','));
  const deaf = systems.find((name) => !SWEPT.includes(name));
  if (!hints && deaf)
    throw new TypeError(`--no-hints is for ${SWEPT.join(', ')}: the messages of ${deaf} are more than hints`);
  return {
    seed: values.seed,
    hints,
    jobs: positive('--jobs', values.jobs),
    phaseMs: Math.max(15_000, positive('--minutes', values.minutes) * 60_000),
    systems,
    patienceMs: positive('--patience', values.patience) * 1_000,
    broken: (values.broken?.split(',') ?? []).map((what) => oneOf('--broken', BREAKS, what)),
    ...(values.directory !== undefined && { directory: values.directory }),
    temporal: temporalOf(values.temporal, values['kill-temporal'], values['start-temporal']),
  };
}

export interface SoakOptions {
  readonly seed: string;
  readonly phaseMs: number;
  /** Jobs a second, over all systems. */
  readonly rate: number;
  readonly systems: readonly SystemName[];
  /** Whether processes are killed as in the fault run. */
  readonly kills: boolean;
  /** How often memory and open handles are looked at, ms. */
  readonly everyMs: number;
  readonly patienceMs: number;
  readonly directory?: string;
  /** How long a job is searched for afterwards whose size loses an end, ms. */
  readonly searchMs: number;
}

export const SOAK_USAGE = `npm run soak -- [options]
  --minutes M    how long; default: 60
  --rate R       jobs a second, over all systems; default: 1
  --systems A,B  of ${SYSTEM_NAMES.join(', ')}; default: all
  --kills        kills and restarts processes as the fault run does
  --every S      seconds between two looks at memory and open handles; default: 3
  --seed TEXT    what the jobs follow from; default: 1
  --search M     minutes in which it then searches for a job whose size loses an end; default: 10, 0: not at all
  --directory DIR where ledgers and logs are kept; default: a new one, removed after a run that was right
`;

/** @throws {TypeError} that says what is wrong with the command line */
export function readSoakOptions(args: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '60' },
      rate: { type: 'string', default: '1' },
      systems: { type: 'string', default: SYSTEM_NAMES.join(',') },
      kills: { type: 'boolean', default: false },
      every: { type: 'string', default: '3' },
      search: { type: 'string', default: '10' },
      directory: { type: 'string' },
    },
  });
  return {
    seed: values.seed,
    phaseMs: positive('--minutes', values.minutes) * 60_000,
    rate: positive('--rate', values.rate),
    systems: systemNames(values.systems),
    kills: values.kills,
    everyMs: positive('--every', values.every) * 1_000,
    patienceMs: 120_000,
    searchMs: values.search === '0' ? 0 : positive('--search', values.search) * 60_000,
    ...(values.directory !== undefined && { directory: values.directory }),
  };
}

function systemNames(text: string): readonly SystemName[] {
  return text.split(',').map((name) => oneOf('--systems', SYSTEM_NAMES, name));
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new TypeError(`${option} must be a number above 0, not ${text}`);
  return number;
}

function oneOf<T extends string>(option: string, known: readonly T[], text: string): T {
  const found = known.find((one) => one === text);
  if (found === undefined) throw new TypeError(`${option} must be of ${known.join(', ')}, not ${text}`);
  return found;
}

function temporalOf(address?: string, kill?: string, start?: string): TemporalChoice {
  if (kill === undefined && start === undefined) {
    if (address === undefined) return { kind: 'sqlite' };
    if (address === 'postgres') return { kind: 'postgres' };
  }
  if (address === undefined || kill === undefined || start === undefined) {
    throw new TypeError('--temporal is postgres, or an address with --kill-temporal and --start-temporal');
  }
  return { kind: 'own', address, kill, start };
}
