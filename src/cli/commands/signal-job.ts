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
    .description('hint that a job may have ended; its provider is asked before anything is notified')
    .option('--state <state>', 'the state according to the sender, for the log only')
    .option('--message <text>', 'a message to the operator, for the log only')
    .option('--idempotency-key <key>', 'repeats with the same key count once');

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

/** `jobherald heartbeat <provider> <job> --deadline 5m`: the job is alive; the next heartbeat follows within the deadline. */
export function registerHeartbeat(program: Command, io: CliIo): void {
  const command = program
    .command('heartbeat <provider> <job>')
    .description(
      'report that a job is alive; its provider is asked unless it ends or sends another heartbeat within the deadline',
    )
    .requiredOption('--deadline <duration>', 'how soon the next heartbeat is due: 30s, 5m, 2h', seconds)
    .option('--description <text>', 'a message to the operator')
    .option('--idempotency-key <key>', 'repeats with the same key count once');

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
    .description('ask the provider to cancel a job; its endpoints are notified when it ends');

  takesJobsOptions(command).action((provider: string, job: string, options: JobsOptions) =>
    withJobs(io, options, async (jobs) => {
      await jobs.cancel(provider, job);
      printAccepted(io, options, `accepted: ${provider} is asked to cancel the job, unless its run is done`);
    }),
  );
}
