import { Client, type Connection } from '@temporalio/client';
import type { BulkRedeliveryRequest, Completion, Heartbeat, RedeliveryRequest, Submission } from '../../schemas/types';
import { withTimeout } from '../async/with-timeout';
import type { Config, TemporalConfig } from '../config/config';
import { JobHeraldError } from '../domain/jobherald-error';
import { aroundJobs } from '../engine/around-jobs';
import { explainTemporalErrors } from '../engine/client-errors';
import type { Jobs } from '../engine/jobs';
import type { Redeliveries } from '../engine/redeliveries';
import { createTemporalJobs } from '../engine/temporal-jobs';
import { createTemporalRedeliveries } from '../engine/temporal-redeliveries';
import { createProviders } from '../providers/registry';
import { asStatusData } from '../providers/spec-001/status-data';
import { connectFailure } from '../temporal/connect-failure';
import { connectionOptions } from '../temporal/connection-options';
import { dialClient } from '../temporal/dial-client';
import { bodyValidator } from '../validation/body-validator';
import type { DirectOptions } from './direct-options';

export interface OpenJobs {
  readonly jobs: Jobs;
  readonly redeliveries: Redeliveries;
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Connects straight to Temporal. This file and what it imports is loaded at the first call of a client without a
 * gateway, and never by one with: see jobherald.ts.
 * @throws {JobHeraldError} `unavailable` where Temporal cannot be reached in time
 */
export async function openDirectJobs(
  config: Config,
  { client: given, timeoutMs = DEFAULT_TIMEOUT_MS }: Pick<DirectOptions, 'client' | 'timeoutMs'> = {},
): Promise<OpenJobs> {
  const connection = given ? undefined : await dial(config.temporal, timeoutMs);
  const client = given ?? new Client({ ...(connection && { connection }), namespace: config.temporal.namespace });
  // Asks no provider for anything, only how its jobs are named; so there is nothing it could warn of.
  const providers = createProviders(config, { warn: () => undefined });
  const around = <T>(call: () => Promise<T>): Promise<T> =>
    explainTemporalErrors(() => client.withDeadline(Date.now() + timeoutMs, call));
  const redeliveries = createTemporalRedeliveries(client, config);
  const asBulkRedeliveryRequest = bodyValidator<BulkRedeliveryRequest>('BulkRedeliveryRequest');
  return {
    jobs: aroundJobs(checkingBodies(createTemporalJobs({ client, config, providers })), around),
    redeliveries: {
      start: (request) => around(async () => redeliveries.start(asBulkRedeliveryRequest(request))),
      get: (id) => around(() => redeliveries.get(id)),
    },
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
    dialling.then((late) => late.close()).catch(() => undefined);
    const what = `cannot reach Temporal at ${temporal.address}: ${connectFailure(cause)}`;
    throw new JobHeraldError('unavailable', what, { cause });
  }
}

/** The gateway's own checks of a body: without a gateway a wrong member would be lost in silence. */
function checkingBodies(jobs: Jobs): Jobs {
  const asSubmission = bodyValidator<Submission>('Submission');
  const asCompletion = bodyValidator<Completion>('Completion');
  const asHeartbeat = bodyValidator<Heartbeat>('Heartbeat');
  const asRedeliveryRequest = bodyValidator<RedeliveryRequest>('RedeliveryRequest');
  return {
    ...jobs,
    submit: async (submission) => jobs.submit(asSubmission(submission)),
    complete: async (provider, job, completion = {}) => jobs.complete(provider, job, asCompletion(completion)),
    heartbeat: async (provider, job, heartbeat) => jobs.heartbeat(provider, job, asHeartbeat(heartbeat)),
    report: async (provider, job, data) => jobs.report(provider, job, asStatusData(data)),
    redeliver: async (provider, job, request = {}) => jobs.redeliver(provider, job, asRedeliveryRequest(request)),
  };
}
