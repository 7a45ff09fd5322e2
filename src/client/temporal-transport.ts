import type { Client, Connection } from '@temporalio/client';
import type {
  BulkRedeliveryRequest,
  Completion,
  Heartbeat,
  RedeliveryRequest,
  RetryRequest,
  Submission,
} from '../../schemas/types';
import { withTimeout } from '../async/with-timeout';
import { type Around, wrapMethods } from '../async/wrap-methods';
import type { Config, TemporalConfig } from '../config/config';
import { JobHeraldError } from '../domain/jobherald-error';
import { createEngine, mapTemporalRefusals } from '../engine';
import type { Jobs, Redeliveries } from '../engine/api';
import { createProviders, statusReport } from '../providers/registry';
import { createClient } from '../temporal/create-client';
import { connectFailure, connectionOptions, dialClient } from '../temporal/dial-client';
import { bodyValidator } from '../validation/body-validator';
import type { Transport } from './http-transport';

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Jobs and redeliveries straight at Temporal, through a client that is given or made here.
 * @throws {JobHeraldError} `unavailable` where Temporal cannot be reached in time
 */
export async function openTemporalTransport(
  config: Config,
  { client: given, timeoutMs = DEFAULT_TIMEOUT_MS }: { readonly client?: Client; readonly timeoutMs?: number } = {},
): Promise<Transport> {
  const connection = given ? undefined : await dial(config.temporal, timeoutMs);
  const client = given ?? createClient(connection, config.temporal);
  // Providers are only asked how their jobs are named, never about a job; so there is nothing to warn of.
  const providers = createProviders(config, { warn: () => undefined });
  const { jobs, redeliveries, endpoints } = createEngine({ client, config, providers });
  const bounded: Around<unknown> = (call) =>
    mapTemporalRefusals(() => client.withDeadline(Date.now() + timeoutMs, call));
  return {
    jobs: wrapMethods(withBodyChecks(jobs), bounded),
    redeliveries: wrapMethods(withRequestCheck(redeliveries), bounded),
    endpoints: wrapMethods(endpoints, bounded),
    close: async () => {
      await Promise.all([...providers.values()].map((provider) => provider.close()));
      await connection?.close();
    },
  };
}

async function dial(temporal: TemporalConfig, timeoutMs: number): Promise<Connection> {
  const dialling = connectionOptions(temporal).then(dialClient);
  try {
    return await withTimeout(dialling, timeoutMs, () => new Error(`no answer within ${timeoutMs / 1000} s`));
  } catch (cause) {
    // One that comes too late is closed; where it fails, that is why nobody waits for it.
    dialling.then((late) => late.close()).catch(() => undefined);
    const what = `cannot reach Temporal at ${temporal.address}: ${connectFailure(cause)}`;
    throw new JobHeraldError('unavailable', what, { cause });
  }
}

/** The gateway's own checks of a body: without a gateway a misspelt member would be ignored silently. */
function withBodyChecks(jobs: Jobs): Jobs {
  const asSubmission = bodyValidator<Submission>('Submission');
  const asCompletion = bodyValidator<Completion>('Completion');
  const asHeartbeat = bodyValidator<Heartbeat>('Heartbeat');
  const asRetryRequest = bodyValidator<RetryRequest>('RetryRequest');
  const asRedeliveryRequest = bodyValidator<RedeliveryRequest>('RedeliveryRequest');
  return {
    get: jobs.get,
    list: jobs.list,
    cancel: jobs.cancel,
    submit: async (submission, headers) => jobs.submit(asSubmission(submission), headers),
    complete: async (provider, job, completion = {}) => jobs.complete(provider, job, asCompletion(completion)),
    heartbeat: async (provider, job, heartbeat) => jobs.heartbeat(provider, job, asHeartbeat(heartbeat)),
    report: async (provider, job, data) => jobs.report(provider, job, statusReport.read(data)),
    redeliver: async (provider, job, request = {}) => jobs.redeliver(provider, job, asRedeliveryRequest(request)),
    retry: async (provider, job, request = {}) => jobs.retry(provider, job, asRetryRequest(request)),
  };
}

function withRequestCheck({ start, get }: Redeliveries): Redeliveries {
  const asBulkRedeliveryRequest = bodyValidator<BulkRedeliveryRequest>('BulkRedeliveryRequest');
  return { start: async (request) => start(asBulkRedeliveryRequest(request)), get };
}
