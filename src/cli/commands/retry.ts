import type { Command } from 'commander';
import { withoutUndefined } from '../../domain/without-undefined';
import { type CliIo, printAccepted } from '../cli-io';
import { type JobsOptions, takesJobsOptions, withJobs } from '../with-jobs';

interface RetryOptions extends JobsOptions {
  readonly endpoint?: string;
}

/** `jobherald retry <provider> <job>`: try a job's pending deliveries now. */
export function registerRetry(program: Command, io: CliIo): void {
  const command = program
    .command('retry <provider> <job>')
    .description("try a job's pending deliveries now, whenever they are due; attempts keep their numbers")
    .option('--endpoint <name>', 'only to this endpoint');

  takesJobsOptions(command).action((provider: string, job: string, options: RetryOptions) =>
    withJobs(io, options, async (jobs) => {
      await jobs.retry(provider, job, withoutUndefined({ endpoint: options.endpoint }));
      printAccepted(io, options, 'accepted: what is pending is tried now; what is settled takes "jobherald redeliver"');
    }),
  );
}
