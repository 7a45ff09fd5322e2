import { type Command, Option } from 'commander';
import type { JobList } from '../../../schemas/types';
import { JOB_STATES, type JobState } from '../../domain/job-state';
import { EXAMPLE_PROVIDER } from '../../providers/api';
import { type CliIo, columns, plain, printJson, printLine } from '../cli-io';
import { moment, wholeNumber } from '../options';
import { type JobsOptions, takesJobsOptions, withJobs } from '../with-jobs';

interface ListCommandOptions extends JobsOptions {
  readonly query?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly state?: JobState;
  readonly since?: Date;
  readonly unrepaired?: boolean;
}

/** `jobherald list [query]`: jobs by a Temporal visibility query, a page at a time. */
export function registerList(program: Command, io: CliIo): void {
  const command = program
    .command('list [query]')
    .description(
      `list jobs, newest first; the query is Temporal's: "DeliveryState='exhausted' AND JobProvider='${EXAMPLE_PROVIDER}'"`,
    )
    .option('--query <query>', 'the same as the argument')
    .addOption(new Option('--state <state>', 'only jobs in this state').choices(JOB_STATES))
    .option('--since <time>', 'only jobs that began to be watched or ended since: 24h, or 2026-11-22T14:30:00Z', moment)
    .option('--unrepaired', 'only jobs with a delivery that was given up and that no redelivery has delivered')
    .option('--limit <number>', 'jobs on a page, 1 to 1000 (default: 100)', wholeNumber)
    .option('--cursor <cursor>', 'go on where the page before ended');

  takesJobsOptions(command).action((argument: string | undefined, options: ListCommandOptions) => {
    if (argument !== undefined && options.query !== undefined) {
      command.error('error: give the query once, as the argument or with --query', { exitCode: 2 });
    }
    const { limit, cursor, unrepaired } = options;
    return withJobs(io, options, async (jobs) => {
      const page = await jobs.list({ query: queryOf(options, argument), limit, cursor, unrepaired });
      if (options.json) printJson(io, page);
      else printLine(io, listReport(page));
    });
  });
}

function queryOf({ state, since, query }: ListCommandOptions, argument: string | undefined): string | undefined {
  const given = query ?? argument;
  const time = since?.toISOString();
  const parts = [
    ...(state ? [`JobState = '${state}'`] : []),
    ...(time ? [`(StartTime >= '${time}' OR JobEndedAt >= '${time}')`] : []),
    ...(given?.trim() ? [state || time ? `(${given})` : given] : []),
  ];
  return parts.length > 0 ? parts.join(' AND ') : undefined;
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
