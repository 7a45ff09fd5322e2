import type { Command } from 'commander';
import type { CliIo } from '../cli-io';
import { printAccepted } from '../output';
import { type JobsOptions, takesJobsOptions, withJobs } from '../with-jobs';

/** `jobherald cancel <provider> <job>`: ask the provider to cancel a job. */
export function registerCancel(program: Command, io: CliIo): void {
  const command = program
    .command('cancel <provider> <job>')
    .description('ask the provider to cancel a job; its endpoints are told how it ended');

  takesJobsOptions(command).action((provider: string, job: string, options: JobsOptions) =>
    withJobs(io, options, async (jobs) => {
      await jobs.cancel(provider, job);
      printAccepted(io, options, `accepted: ${provider} is asked to cancel the job, unless its run is done`);
    }),
  );
}
