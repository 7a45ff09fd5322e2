import type { Command } from 'commander';
import { formatDuration } from '../../domain/duration';
import { withoutUndefined } from '../../domain/without-undefined';
import type { CliIo } from '../cli-io';
import { seconds } from '../option-values';
import { printAccepted } from '../output';
import { type JobsOptions, takesJobsOptions, withJobs } from '../with-jobs';

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
