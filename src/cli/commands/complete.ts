import type { Command } from 'commander';
import { withoutUndefined } from '../../domain/without-undefined';
import type { CliIo } from '../cli-io';
import { printAccepted } from '../output';
import { type JobsOptions, takesJobsOptions, withJobs } from '../with-jobs';

interface CompleteOptions extends JobsOptions {
  readonly state?: string;
  readonly message?: string;
  readonly idempotencyKey?: string;
}

/** `jobherald complete <provider> <job>`: hint that a job may have ended. */
export function registerComplete(program: Command, io: CliIo): void {
  const command = program
    .command('complete <provider> <job>')
    .description('hint that a job may have ended; its provider is asked before anything is believed')
    .option('--state <state>', 'what the sender believes the state to be, for the log only')
    .option('--message <text>', 'a word to the operator, for the log only')
    .option('--idempotency-key <key>', 'the same hint again with the same key counts once');

  takesJobsOptions(command).action((provider: string, job: string, options: CompleteOptions) =>
    withJobs(io, options, async (jobs) => {
      const { state, message, idempotencyKey: idempotency_key } = options;
      await jobs.complete(provider, job, withoutUndefined({ state, message, idempotency_key }));
      printAccepted(io, options, `accepted: ${provider} is asked about the job now, unless its run is done`);
    }),
  );
}
