import { type Command, Option } from 'commander';
import { createHttpTransport } from '../client/http-transport';
import { JobHeraldError } from '../domain/jobherald-error';
import type { Endpoints, Jobs, Redeliveries } from '../engine';
import type { CliIo } from './cli-io';
import { readConfig } from './options';

const DEFAULT_URL = 'http://127.0.0.1:8080';

/** Where a command finds the jobs, and how it prints. */
export interface JobsOptions {
  readonly url?: string;
  readonly token?: string;
  readonly direct?: boolean;
  readonly config?: string;
  readonly json?: boolean;
}

/** Adds the options that every command of the API has. */
export function takesJobsOptions(command: Command): Command {
  return command
    .option('--url <url>', `the gateway (default: JOBHERALD_URL, else ${DEFAULT_URL})`)
    .option('--token <token>', 'one of gateway.tokens (default: JOBHERALD_TOKEN, which no list of processes shows)')
    .addOption(
      new Option('--direct', 'speak straight to Temporal, as the configuration says').conflicts(['url', 'token']),
    )
    .addOption(
      new Option(
        '-c, --config <file>',
        'the configuration of --direct, which it implies (default: JOBHERALD_CONFIG, else jobherald.yaml)',
      ).implies({
        direct: true,
      }),
    )
    .option('--json', "print the API's JSON");
}

/**
 * Lends the jobs to a command: over the gateway, or straight to Temporal with `--direct`.
 * @throws {JobHeraldError} with a word on what to do from a shell
 * @throws {ConfigError}
 */
export async function withJobs<T>(io: CliIo, options: JobsOptions, use: Use<T>): Promise<T> {
  try {
    return options.direct ? await withDirectJobs(io, options, use) : await withHttpJobs(io, options, use);
  } catch (error) {
    throw error instanceof JobHeraldError ? advised(error, options) : error;
  }
}

type Use<T> = (jobs: Jobs, redeliveries: Redeliveries, endpoints: Endpoints) => Promise<T>;

async function withHttpJobs<T>({ env }: CliIo, { url, token }: JobsOptions, use: Use<T>): Promise<T> {
  const { jobs, redeliveries, endpoints } = createHttpTransport({
    url: url ?? (env['JOBHERALD_URL'] || DEFAULT_URL),
    token: token ?? env['JOBHERALD_TOKEN'],
  });
  return use(jobs, redeliveries, endpoints);
}

async function withDirectJobs<T>(io: CliIo, { config }: JobsOptions, use: Use<T>): Promise<T> {
  // Loaded only here: over HTTP a command starts in a third of the time.
  const { openTemporalTransport } =
    require('../client/temporal-transport') as typeof import('../client/temporal-transport');
  const { jobs, redeliveries, endpoints, close } = await openTemporalTransport(readConfig(io, { config }));
  try {
    return await use(jobs, redeliveries, endpoints);
  } finally {
    await close();
  }
}

/** The error with every fault in it, and with what to do about it at a shell. */
function advised(error: JobHeraldError, { direct }: JobsOptions): JobHeraldError {
  const { code, faults, message } = error;
  const what = faults.length > 1 ? faults.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ') : message;
  return new JobHeraldError(code, what + adviceFor(error, direct ?? false), { cause: error, faults });
}

/** A gateway that cannot be reached has the fault as its cause; one that answered has none. */
function adviceFor({ code, cause }: JobHeraldError, direct: boolean): string {
  if (code === 'unauthorized') return direct ? '' : ' Give it with --token or JOBHERALD_TOKEN.';
  if (code !== 'unavailable') return '';
  if (direct) return ' (temporal.address of the configuration says where it is: --config or JOBHERALD_CONFIG)';
  if (cause !== undefined) return ' (another gateway: --url or JOBHERALD_URL; none at all: --direct)';
  return ' (the gateway answers and waits for its Temporal: "jobherald check" beside it says what is wrong)';
}
