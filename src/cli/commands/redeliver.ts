import { type Command, Option } from 'commander';
import { EVENT_TYPES, type EventType } from '../../domain/event-type';
import { withoutUndefined } from '../../domain/without-undefined';
import type { CliIo } from '../cli-io';
import { printAccepted } from '../output';
import { type JobsOptions, takesJobsOptions, withJobs } from '../with-jobs';

interface RedeliverOptions extends JobsOptions {
  readonly endpoint?: string;
  readonly event?: EventType;
}

/** `jobherald redeliver <provider> <job>`: send what a job has told once more. */
export function registerRedeliver(program: Command, io: CliIo): void {
  const command = program
    .command('redeliver <provider> <job>')
    .description('send what a job has told once more: the same bytes, the same webhook-id')
    .option('--endpoint <name>', 'only to this endpoint')
    .addOption(new Option('--event <type>', 'only events of this type').choices(EVENT_TYPES));

  takesJobsOptions(command).action((provider: string, job: string, options: RedeliverOptions) =>
    withJobs(io, options, async (jobs) => {
      const { endpoint, event } = options;
      await jobs.redeliver(provider, job, withoutUndefined({ endpoint, event }));
      printAccepted(io, options, 'accepted: what was settled is sent again; what is still being tried is left alone');
    }),
  );
}
