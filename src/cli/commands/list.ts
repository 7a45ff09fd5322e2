import type { Command } from 'commander';
import type { JobList } from '../../../schemas/types';
import { EXAMPLE_PROVIDER } from '../../providers/api';
import { type CliIo, columns, plain, printJson, printLine } from '../cli-io';
import { wholeNumber } from '../options';
import { type JobsOptions, takesJobsOptions, withJobs } from '../with-jobs';

interface ListCommandOptions extends JobsOptions {
  readonly query?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** `jobherald list [query]`: jobs by a Temporal visibility query, a page at a time. */
export function registerList(program: Command, io: CliIo): void {
  const command = program
    .command('list [query]')
    .description(
      `list jobs, newest first; the query is Temporal's: "DeliveryState='exhausted' AND JobProvider='${EXAMPLE_PROVIDER}'"`,
    )
    .option('--query <query>', 'the same as the argument')
    .option('--limit <number>', 'jobs on a page, 1 to 1000 (default: 100)', wholeNumber)
    .option('--cursor <cursor>', 'go on where the page before ended');

  takesJobsOptions(command).action((argument: string | undefined, options: ListCommandOptions) => {
    if (argument !== undefined && options.query !== undefined) {
      command.error('error: give the query once, as the argument or with --query', { exitCode: 2 });
    }
    const { limit, cursor, query = argument } = options;
    return withJobs(io, options, async (jobs) => {
      const page = await jobs.list({ query, limit, cursor });
      if (options.json) printJson(io, page);
      else printLine(io, listReport(page));
    });
  });
}

/** A page of jobs as a person reads it, and how to get the next. */
export function listReport({ jobs, next_cursor }: JobList): string {
  if (jobs.length === 0) return 'no jobs';
  const table = columns([
    ['state', 'phase', 'deliveries', 'ended', 'job'],
    ...jobs.map(({ state, phase, delivery_states, ended_at, provider, job }) => [
      state,
      phase,
      delivery_states.join(',') || '-',
      ended_at ?? '-',
      `${provider} ${plain(job)}`,
    ]),
  ]);
  return next_cursor ? `${table}\n\nmore with: --cursor ${next_cursor}` : table;
}
