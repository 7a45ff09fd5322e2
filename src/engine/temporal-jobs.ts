import { status } from '@grpc/grpc-js';
import type { Client } from '@temporalio/client';
import type { Job } from '../../schemas/types';
import type { Config } from '../config/config';
import { type JobName, workflowIdOf } from '../domain/identity';
import { COMPLETION_SIGNAL, HEARTBEAT_SIGNAL } from '../domain/job-messages';
import type { JobMemo } from '../domain/job-run';
import { JobHeraldError } from '../domain/jobherald-error';
import type { Provider } from '../providers/provider';
import { canonicalName, type ResolvedSubmission, resolveSubmission } from '../submission/resolve-submission';
import { describeJob } from './describe-job';
import { listJobs } from './job-list';
import { jobNotFound } from './job-not-found';
import { viewJob, viewNewRun } from './job-view';
import type { Jobs } from './jobs';
import { redeliverJob } from './redeliver-job';
import { sendToOpenRun } from './send-to-open-run';
import { signalRun } from './signal-run';
import { memoOf, startUnlessThere } from './start-run';
import { grpcCode, mapTemporalErrors } from './temporal-errors';
import { createTemporalProviderInbox } from './temporal-provider-inbox';

export interface TemporalJobsOptions {
  readonly client: Client;
  readonly config: Config;
  readonly providers: ReadonlyMap<string, Provider>;
}

/** {@link Jobs} straight to Temporal. */
export function createTemporalJobs({ client, config, providers }: TemporalJobsOptions): Jobs {
  const { taskQueue, ui } = config.temporal;
  const named = (provider: string, job: string): JobName => ({
    provider,
    job: canonicalName(providers, provider, job),
  });

  const inbox = createTemporalProviderInbox({ client, config, providers });
  const describe = (name: JobName) => describeJob(client, name);

  const start = async (resolved: ResolvedSubmission): Promise<{ job: Job; created: boolean }> => {
    const runId = await startUnlessThere(client, taskQueue, resolved);
    if (runId !== undefined)
      return { job: viewNewRun(client, resolved.input, memoOf(resolved), runId, ui), created: true };
    const description = await describe(resolved.input);
    if (!description) throw jobNotFound(resolved.input);
    const memo = description.memo as Partial<JobMemo> | undefined;
    if (memo?.submission_sha256 !== resolved.sha256) throw conflict(resolved.input);
    return { job: await viewJob(client, description, ui), created: false };
  };

  /** Whether a job that nobody submitted is to be watched all the same. */
  const tracks = async ({ provider, job }: JobName): Promise<boolean> => {
    const track = providers.get(provider)?.track;
    if (!track?.auto) return false;
    await startUnlessThere(
      client,
      taskQueue,
      resolveSubmission({ provider, job, endpoints: track.endpoints }, config, providers),
    );
    return true;
  };

  /** A message to a run that is done has no effect, and that is fine; one to a job nobody knows is an error. */
  const tolerateDone = async (name: JobName, send: () => Promise<unknown>): Promise<void> => {
    const { state } = await sendToOpenRun(client, name, send);
    if (state === 'unknown') throw jobNotFound(name);
  };

  return {
    submit: (submission) => mapTemporalErrors(() => start(resolveSubmission(submission, config, providers))),

    get: (provider, job) =>
      mapTemporalErrors(async () => {
        const name = named(provider, job);
        const description = await describe(name);
        if (!description) throw jobNotFound(name);
        return viewJob(client, description, ui);
      }),

    list: (options = {}) =>
      mapTemporalErrors(async () => {
        try {
          return await listJobs(client, ui, options);
        } catch (error) {
          if (grpcCode(error) !== status.INVALID_ARGUMENT) throw error;
          const said = error instanceof Error ? error.message : String(error);
          throw new JobHeraldError('bad_request', `Temporal does not take this query or cursor: ${said}`, {
            cause: error,
          });
        }
      }),

    complete: (provider, job, completion = {}) =>
      mapTemporalErrors(async () => {
        const name = named(provider, job);
        const signal = () =>
          signalRun(client, workflowIdOf(name), COMPLETION_SIGNAL, completion, completion.idempotency_key);
        try {
          await tolerateDone(name, signal);
        } catch (error) {
          const isUnknown = error instanceof JobHeraldError && error.code === 'job_not_found';
          // A run that is tracked from now on asks its provider at once, so the hint has done its work.
          if (!isUnknown || !(await tracks(name))) throw error;
        }
      }),

    heartbeat: (provider, job, heartbeat) =>
      mapTemporalErrors(async () => {
        const name = named(provider, job);
        await tolerateDone(name, () =>
          signalRun(client, workflowIdOf(name), HEARTBEAT_SIGNAL, heartbeat, heartbeat.idempotency_key),
        );
      }),

    report: async (provider, job, { idempotency_key, ...data }) => {
      const name = named(provider, job);
      if (providers.get(provider)?.rules?.truth !== 'messages') throw askedItself(name);
      await inbox.report(provider, job, { ...(idempotency_key && { idempotency_key }), data });
    },

    cancel: (provider, job) =>
      mapTemporalErrors(async () => {
        const name = named(provider, job);
        await tolerateDone(name, () => client.workflow.getHandle(workflowIdOf(name)).cancel());
      }),

    redeliver: (provider, job, request = {}) =>
      mapTemporalErrors(async () => {
        const name = named(provider, job);
        const description = await describe(name);
        if (!description) throw jobNotFound(name);
        await redeliverJob(client, taskQueue, description, request);
      }),
  };
}

function askedItself({ provider }: JobName): JobHeraldError {
  const detail = `${provider} is asked itself how its jobs are; hint that one has ended with …/completion`;
  return new JobHeraldError('unprocessable', detail, { faults: [{ pointer: '/provider', detail }] });
}

function conflict({ provider, job }: JobName): JobHeraldError {
  return new JobHeraldError(
    'conflict',
    `${provider} job ${job} is submitted already, with another body; its run is unchanged. ` +
      'Send the same body again to get it, or GET the job to see it.',
  );
}
