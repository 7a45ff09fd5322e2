import type { Command } from 'commander';
import { formatDuration } from '../../domain/duration';
import { withoutUndefined } from '../../domain/without-undefined';
import { type CliIo, printAccepted } from '../cli-io';
import { seconds } from '../options';
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

interface HeartbeatOptions extends JobsOptions {
  readonly deadline: number;
  readonly description?: string;
  readonly idempotencyKey?: string;
}

/** `jobherald heartbeat <provider> <job> --deadline 5m`: the job lives, and will say so again. */
export function registerHeartbeat(program: Command, io: CliIo): void {
  const command = program
    .command('heartbeat <provider> <job>')
    .description('say that a job lives; unless it ends or says so again within the deadline, its provider is asked')
    .requiredOption('--deadline <duration>', 'until when the next heartbeat must come: 30s, 5m, 2h', seconds)
    .option('--description <text>', 'a word to the operator')
    .option('--idempotency-key <key>', 'the same heartbeat again with the same key counts once');

  takesJobsOptions(command).action((provider: string, job: string, options: HeartbeatOptions) =>
    withJobs(io, options, async (jobs) => {
      const { deadline, description, idempotencyKey: idempotency_key } = options;
      const heartbeat = { heartbeat_deadline_seconds: deadline, description, idempotency_key };
      await jobs.heartbeat(provider, job, withoutUndefined(heartbeat));
      printAccepted(io, options, `accepted: the next is due within ${formatDuration(deadline * 1000)}`);
    }),
  );
}

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
