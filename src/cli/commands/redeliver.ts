import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { BulkRedelivery, SettledState } from '../../../schemas/types';
import { EVENT_TYPES, type EventType } from '../../domain/event-type';
import { withoutUndefined } from '../../domain/without-undefined';
import { CliFailure, type CliIo, columns, plain, printAccepted, printJson, printLine } from '../cli-io';
import { momentText, positiveNumber } from '../options';
import { type JobsOptions, takesJobsOptions, withJobs } from '../with-jobs';

interface RedeliverOptions extends JobsOptions {
  readonly endpoint?: string;
  readonly event?: EventType;
}

/** `jobherald redeliver <provider> <job>`: send a job's events again. */
export function registerRedeliver(program: Command, io: CliIo): void {
  const command = program
    .command('redeliver <provider> <job>')
    .description("send a job's events again, with the same bytes and the same webhook-id")
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

interface RedeliverAllOptions extends JobsOptions {
  readonly endpoint?: string;
  readonly since?: string;
  readonly until?: string;
  readonly status?: SettledState;
  readonly dryRun?: boolean;
  readonly maxRate?: number;
  readonly idempotencyKey?: string;
  readonly watch?: boolean;
}

const LOOK_EVERY_MS = 1000;

/** `jobherald redeliver-all --since …`: send the events of many jobs again; with an id: show its progress. */
export function registerRedeliverAll(program: Command, io: CliIo): void {
  const command = program
    .command('redeliver-all [id]')
    .description(
      'send the events of many jobs again: start with --since, or give the id of a bulk redelivery to see its progress',
    )
    .option('--since <time>', 'jobs that ended then or later: 24h, or 2026-11-22T14:30:00Z', momentText)
    .option('--until <time>', 'jobs that ended before then (default: now)', momentText)
    .option('--endpoint <name>', 'only to this endpoint')
    .addOption(
      new Option('--status <state>', 'only deliveries in this state').choices(['delivered', 'exhausted', 'gone']),
    )
    .option('--dry-run', 'count, and send nothing')
    .option('--max-rate <number>', 'deliveries per second, at most 1000 (default: 50)', positiveNumber)
    .option(
      '--idempotency-key <key>',
      'the same key returns the same bulk redelivery; give --since and --until with it as times, as they are part of the body',
    )
    .option('--watch', 'wait until it is done; exit 1 if any job failed');

  takesJobsOptions(command).action((id: string | undefined, options: RedeliverAllOptions) => {
    const { since, until, endpoint, status, dryRun, maxRate, idempotencyKey } = options;
    const begins = [since, until, endpoint, status, dryRun, maxRate, idempotencyKey].some(
      (given) => given !== undefined,
    );
    if (begins === (id !== undefined) || (begins && since === undefined)) {
      command.error('error: give --since to start one, or the id of one that was started', { exitCode: 2 });
    }
    return withJobs(io, options, async (_jobs, redeliveries) => {
      let seen =
        id === undefined
          ? await redeliveries.start(
              withoutUndefined({
                since: since as string,
                until: until ?? new Date().toISOString(),
                endpoint,
                status,
                dry_run: dryRun,
                max_rate: maxRate,
                idempotency_key: idempotencyKey,
              }),
            )
          : await redeliveries.get(id);
      while (options.watch && seen.state === 'running') {
        await sleep(LOOK_EVERY_MS);
        seen = await redeliveries.get(seen.id);
      }
      if (options.json) printJson(io, seen);
      else printLine(io, report(seen));
      if (options.watch && (seen.state === 'failed' || seen.failed > 0)) {
        throw new CliFailure(`not everything was redelivered: ${plain(seen.last_error ?? 'it was terminated')}`);
      }
    });
  });
}

function report(seen: BulkRedelivery): string {
  const { id, state, dry_run, endpoint, status, since, until, max_rate, last_error, links } = seen;
  return columns([
    ['id', id],
    ['state', dry_run ? `${state} (dry run)` : state],
    ['deliveries', `${status ?? 'all that are settled'}, to ${endpoint ?? 'every endpoint'}`],
    ['of jobs ended', `${since} to ${until}`],
    ['at most', `${max_rate} a second`],
    ['matched', String(seen.matched)],
    ['redelivered', String(seen.redelivered)],
    ['skipped', String(seen.skipped)],
    ['failed', String(seen.failed)],
    ...(last_error === null ? [] : [['last error', plain(last_error)]]),
    ['web ui', links.web_ui],
  ]);
}
