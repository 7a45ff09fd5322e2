import type { Command } from 'commander';
import type { CliIo } from '../cli-io';
import { listReport } from '../list-report';
import { wholeNumber } from '../option-values';
import { printJson, printLine } from '../output';
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
      "list jobs, newest first; the query is Temporal's: \"DeliveryState='exhausted' AND JobProvider='vertex-ai'\"",
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
