import { type Command, Option } from 'commander';
import type { EndpointChoice, EventType, Format, Submission } from '../../../schemas/types';
import { readJson } from '../../domain/json';
import { CliFailure, type CliIo, printJson, printLine, readInput } from '../cli-io';
import { jobReport } from '../job-report';
import { durationText, listed, paired, seconds } from '../options';
import { type JobsOptions, takesJobsOptions, withJobs } from '../with-jobs';

interface SubmitOptions extends JobsOptions, SubmissionOptions {
  readonly file?: string;
}

const BODY_OPTIONS = [
  'endpoint',
  'endpointUrl',
  'secret',
  'events',
  'format',
  'idempotencyKey',
  'correlationId',
  'heartbeatDeadline',
  'overdueAfter',
  'metadata',
  'label',
] as const satisfies readonly (keyof SubmissionOptions)[];

/** `jobherald submit <provider> <job> --endpoint NAME`: watch a job and notify its endpoints when it ends. */
export function registerSubmit(program: Command, io: CliIo): void {
  const command = program
    .command('submit [provider] [job]')
    .description('watch a job and notify its endpoints when it ends')
    .option('--endpoint <name>', 'a configured endpoint to notify; repeatable, or several with commas', listed)
    .option('--endpoint-url <url>', 'an endpoint for this job only')
    .option('--secret <name>', 'of --endpoint-url: the name of the configured secret that signs')
    .option('--format <format>', 'of --endpoint-url: the shape of the body (default: standard)')
    .option(
      '--events <types>',
      'the event types that these endpoints receive, with commas (default: as configured)',
      listed,
    )
    .option('--idempotency-key <key>', 'the identity of this submission (default: computed from provider and job)')
    .option('--correlation-id <id>', 'your own id for the work, included in every event')
    .option('--heartbeat-deadline <duration>', 'ask the provider unless the job ends or sends a heartbeat: 5m', seconds)
    .option('--overdue-after <duration>', 'notify the endpoints, once, if the job is still open then: 6h', durationText)
    .option('--metadata <name=value>', 'included in every event; repeatable', paired)
    .option('--label <name=value>', "included in every event and in the run's memo; repeatable", paired)
    .addOption(
      new Option('--file <file>', 'the whole body as JSON, - for standard input').conflicts([...BODY_OPTIONS]),
    );

  takesJobsOptions(command).action(
    async (provider: string | undefined, job: string | undefined, options: SubmitOptions) => {
      const fault = usageFault(provider, job, options);
      if (fault) command.error(`error: ${fault}`, { exitCode: 2 });
      const submission = options.file
        ? await submissionIn(io, options.file)
        : submissionFrom(provider ?? '', job ?? '', options);
      await withJobs(io, options, async (jobs) => {
        const { TRACEPARENT: traceparent, TRACESTATE: tracestate } = io.env;
        const { job: seen, created } = await jobs.submit(submission, { traceparent, tracestate });
        if (options.json) return printJson(io, seen);
        printLine(io, created ? 'submitted\n' : 'submitted before; this is its run\n');
        printLine(io, jobReport(seen, new Date()));
      });
    },
  );
}

function usageFault(provider: string | undefined, job: string | undefined, options: SubmitOptions): string | undefined {
  if (options.file) return provider === undefined ? undefined : 'give provider and job in the file, not beside it';
  if (provider === undefined || job === undefined) return 'give a provider and its job, or --file';
  if (!options.endpoint && !options.endpointUrl)
    return 'give --endpoint or --endpoint-url, so that somebody is notified';
  if (!options.endpointUrl && (options.secret ?? options.format) !== undefined) {
    return '--secret and --format are of --endpoint-url; a configured endpoint has its own';
  }
  return undefined;
}

async function submissionIn(io: CliIo, file: string): Promise<Submission> {
  const bytes = await readInput(io, file);
  try {
    return readJson(bytes, refuseLargeInteger) as Submission;
  } catch (cause) {
    const name = file === '-' ? 'standard input' : file;
    throw new CliFailure(`${name} is not JSON: ${(cause as Error).message}`, 1, { cause });
  }
}

/** The gateway would be sent a rounded one. */
function refuseLargeInteger(digits: string): never {
  throw new SyntaxError(`${digits} is an integer beyond 2^53, which would be rounded; write it as a text`);
}

/** A submission as command-line options. */
export interface SubmissionOptions {
  readonly endpoint?: readonly string[];
  readonly endpointUrl?: string;
  readonly secret?: string;
  readonly events?: readonly string[];
  readonly format?: string;
  readonly idempotencyKey?: string;
  readonly correlationId?: string;
  readonly heartbeatDeadline?: number;
  readonly overdueAfter?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly label?: Readonly<Record<string, string>>;
}

/** The body of the request. Events, format and secret are not validated here: the gateway knows which exist. */
export function submissionFrom(provider: string, job: string, options: SubmissionOptions): Submission {
  const { idempotencyKey, correlationId, heartbeatDeadline, overdueAfter, metadata, label } = options;
  return {
    provider,
    job,
    ...(idempotencyKey !== undefined && { idempotency_key: idempotencyKey }),
    ...(correlationId !== undefined && { correlation_id: correlationId }),
    endpoints: endpointsFrom(options),
    ...(heartbeatDeadline !== undefined && { heartbeat_deadline_seconds: heartbeatDeadline }),
    ...(overdueAfter !== undefined && { overdue_after: overdueAfter }),
    ...(metadata && { metadata }),
    ...(label && { labels: label }),
  };
}

function endpointsFrom({ endpoint = [], endpointUrl, secret, events, format }: SubmissionOptions): EndpointChoice[] {
  const subscribed = events ? { events: events as readonly EventType[] } : {};
  const named = endpoint.map((name): EndpointChoice => (events ? { name, ...subscribed } : name));
  if (endpointUrl === undefined) return named;
  return [
    ...named,
    {
      url: endpointUrl,
      ...(secret !== undefined && { secret }),
      ...subscribed,
      ...(format !== undefined && { format: format as Format }),
    },
  ];
}
