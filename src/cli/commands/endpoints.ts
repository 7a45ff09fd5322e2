import type { Command } from 'commander';
import type { EndpointView } from '../../../schemas/types';
import { type CliIo, columns, plain, printAccepted, printJson, printLine } from '../cli-io';
import { type JobsOptions, takesJobsOptions, withJobs } from '../with-jobs';

/** `jobherald endpoints list|show|pause|resume|test`: what is configured, and whether it takes deliveries. */
export function registerEndpoints(program: Command, io: CliIo): void {
  const endpoints = program.command('endpoints').description('list endpoints; show, pause, resume or test one');

  takesJobsOptions(endpoints.command('list').description('list the configured endpoints')).action(
    (options: JobsOptions) =>
      withJobs(io, options, async (_jobs, _redeliveries, api) => {
        const list = await api.list();
        if (options.json) printJson(io, list);
        else printLine(io, list.endpoints.length === 0 ? 'no endpoints' : table(list.endpoints));
      }),
  );

  const ONE = {
    show: 'show an endpoint and its state',
    pause: 'hold its deliveries back; their retry windows stand still',
    resume: 'let them go on, and try what is pending now, back-off or not',
  } as const;
  for (const verb of ['show', 'pause', 'resume'] as const) {
    takesJobsOptions(endpoints.command(`${verb} <name>`).description(ONE[verb])).action(
      (name: string, options: JobsOptions) =>
        withJobs(io, options, async (_jobs, _redeliveries, api) => {
          const seen = await api[verb === 'show' ? 'get' : verb](name);
          if (options.json) printJson(io, seen);
          else printLine(io, report(seen));
        }),
    );
  }

  takesJobsOptions(endpoints.command('test <name>').description('send it one signed event, endpoint.test')).action(
    (name: string, options: JobsOptions) =>
      withJobs(io, options, async (_jobs, _redeliveries, api) => {
        await api.test(name);
        printAccepted(io, options, `accepted: ${plain(name)} is sent endpoint.test`);
      }),
  );
}

function table(endpoints: readonly EndpointView[]): string {
  return columns([
    ['name', 'state', 'type', 'format', 'url'],
    ...endpoints.map(({ name, state, type, format, url }) => [name, state, type, format, plain(url)]),
  ]);
}

function report({ name, state, reason, paused_at, type, url, format, events }: EndpointView): string {
  return columns([
    ['name', name],
    ['state', state],
    ...(reason === undefined ? [] : [['reason', plain(reason)]]),
    ...(paused_at === undefined ? [] : [['paused', paused_at]]),
    ['type', type],
    ['url', plain(url)],
    ['format', format],
    ['events', events.join(', ')],
  ]);
}
