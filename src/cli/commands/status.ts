import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { Job } from '../../../schemas/types';
import { JobHeraldError } from '../../domain/jobherald-error';
import { CliFailure, type CliIo, printJson, printLine } from '../cli-io';
import { jobLine, jobReport } from '../job-report';
import { waiting } from '../options';
import { type JobsOptions, takesJobsOptions, withJobs } from '../with-jobs';

interface StatusOptions extends JobsOptions {
  readonly watch?: boolean;
  readonly until: 'ended' | 'done';
  readonly every: number;
}

/** `jobherald status <provider> <job>`: the state of a job, once or until it is done. */
export function registerStatus(program: Command, io: CliIo): void {
  const command = program
    .command('status <provider> <job>')
    .description('show a job: its state and every delivery')
    .option('--watch', 'show each change until the job is done; exit 3 unless it ended COMPLETED')
    .addOption(
      new Option('--until <moment>', 'ended: the job has ended; done: its deliveries are settled too')
        .choices(['ended', 'done'])
        .default('done'),
    )
    .addOption(new Option('--every <duration>', 'how often to look').argParser(waiting).default(2000, '2s'));

  takesJobsOptions(command).action((provider: string, job: string, options: StatusOptions) =>
    withJobs(io, options, async (jobs) => {
      const look = () => jobs.get(provider, job);
      const seen = options.watch ? await watch(io, look, options) : await look();
      if (options.json) printJson(io, seen);
      else printLine(io, jobReport(seen, new Date()));
      if (options.watch && seen.outcome !== 'COMPLETED') {
        throw new CliFailure(`the job ended ${seen.outcome ?? 'without an outcome'}`, 3);
      }
    }),
  );
}

/** Looks until the job is done. An unavailable gateway is reported and waited for. */
async function watch(io: CliIo, look: () => Promise<Job>, options: StatusOptions): Promise<Job> {
  let shown = '';
  for (;;) {
    const seen = await unlessUnavailable(look);
    const line = seen instanceof JobHeraldError ? `waiting: ${seen.message}` : jobLine(seen);
    if (line !== shown) {
      const out = options.json || seen instanceof JobHeraldError ? io.stderr : io.stdout;
      out.write(`${new Date().toISOString()} ${line}\n`);
    }
    shown = line;
    if (!(seen instanceof JobHeraldError) && isOver(seen, options.until)) return seen;
    await sleep(options.every);
  }
}

const PASSING: ReadonlySet<string> = new Set(['unavailable', 'rate_limited']);

async function unlessUnavailable(look: () => Promise<Job>): Promise<Job | JobHeraldError> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof JobHeraldError && PASSING.has(error.code)) return error;
    throw error;
  }
}

function isOver({ phase, outcome }: Job, until: StatusOptions['until']): boolean {
  return phase === 'done' || (until === 'ended' && outcome !== null);
}
