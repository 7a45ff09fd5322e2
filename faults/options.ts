import { parseArgs } from 'node:util';
import { SYSTEM_NAMES, type SystemName } from './plan/names';

/** What a deliberately broken build lacks. */
export const BREAKS = ['dedupe', 'identity', 'ack-before-signal'] as const;
export type Break = (typeof BREAKS)[number];

export interface FaultsOptions {
  readonly seed: string;
  readonly jobs: number;
  /** How long faults are made, ms. */
  readonly phaseMs: number;
  readonly systems: readonly SystemName[];
  readonly broken: readonly Break[];
  /** How long all that is owed may take after the last fault, ms. */
  readonly patienceMs: number;
  /** Where ledgers and logs are kept; by default a new directory that is removed after a run that was right. */
  readonly directory?: string;
  readonly temporal?: { readonly address: string; readonly kill: string; readonly start: string };
}

export const FAULTS_USAGE = `npm run faults -- [options]
  --seed TEXT        what the whole plan follows from; default: 1
  --jobs N           in all, over all systems; default: 100
  --minutes M        how long faults are made; starting and ending come on top; default: 1
  --systems A,B      of ${SYSTEM_NAMES.join(', ')}; default: all
  --patience SECONDS how long what is owed may take after the last fault; default: 120
  --broken A,B       a deliberately broken build, which must be caught: ${BREAKS.join(', ')}
  --directory DIR    where ledgers and logs are kept; default: a new one, removed after a run that was right
  --temporal ADDRESS --kill-temporal COMMAND --start-temporal COMMAND
                     a Temporal of your own, on PostgreSQL for example, in place of the dev server on a SQLite file
`;

/** @throws {TypeError} that says what is wrong with the command line */
export function readFaultsOptions(args: readonly string[]): FaultsOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '100' },
      minutes: { type: 'string', default: '1' },
      systems: { type: 'string', default: SYSTEM_NAMES.join(',') },
      patience: { type: 'string', default: '120' },
      broken: { type: 'string' },
      directory: { type: 'string' },
      temporal: { type: 'string' },
      'kill-temporal': { type: 'string' },
      'start-temporal': { type: 'string' },
    },
  });
  return {
    seed: values.seed,
    jobs: positive('--jobs', values.jobs),
    phaseMs: Math.max(15_000, positive('--minutes', values.minutes) * 60_000),
    systems: values.systems.split(',').map((name) => oneOf('--systems', SYSTEM_NAMES, name)),
    patienceMs: positive('--patience', values.patience) * 1_000,
    broken: (values.broken?.split(',') ?? []).map((what) => oneOf('--broken', BREAKS, what)),
    ...(values.directory !== undefined && { directory: values.directory }),
    ...ownTemporal(values.temporal, values['kill-temporal'], values['start-temporal']),
  };
}

export function positive(option: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new TypeError(`${option} must be a number above 0, not ${text}`);
  return number;
}

function oneOf<T extends string>(option: string, known: readonly T[], text: string): T {
  const found = known.find((one) => one === text);
  if (found === undefined) throw new TypeError(`${option} must be of ${known.join(', ')}, not ${text}`);
  return found;
}

function ownTemporal(address?: string, kill?: string, start?: string): Pick<FaultsOptions, 'temporal'> {
  if (address === undefined && kill === undefined && start === undefined) return {};
  if (address === undefined || kill === undefined || start === undefined) {
    throw new TypeError('--temporal, --kill-temporal and --start-temporal go together');
  }
  return { temporal: { address, kill, start } };
}
