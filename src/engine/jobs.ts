import { type JobName, workflowIdOf } from '../domain/identity';
import { COMPLETION_SIGNAL, HEARTBEAT_SIGNAL, STATUS_REPORT_SIGNAL } from '../domain/job-messages';
import type { JobMemo } from '../domain/job-run';
import { JobHeraldError } from '../domain/jobherald-error';
import { readTraceContext } from '../domain/trace-context';
import { canonicalName, resolveSubmission } from '../submission/resolve-submission';
import { adoptSubmission } from './adopt-submission';
import type { Jobs } from './api';
import { listJobs } from './job-list';
import { viewJob, viewNewRun, withNoticeCount } from './job-view';
import { redeliverJob } from './redeliver-job';
import { retryJob } from './retry-pending';
import { describeJob, jobNotFound, sendToOpenRun, signalJob } from './signal-job';
import { type EngineOptions, memoOf, startRun } from './start-run';

/** A run that is begun by tracking may end while a submission is handed to it, once. */
const SUBMIT_ATTEMPTS = 3;

/** {@link Jobs} straight to Temporal, whose own errors come as they are. */
export function createJobs(options: EngineOptions): Jobs {
  const { client, config, providers } = options;
  const { taskQueue } = config.temporal;
  const nameOf = (provider: string, job: string): JobName => ({
    provider,
    job: canonicalName(providers, provider, job),
  });
  const describe = async (name: JobName) => {
    const description = await describeJob(client, name);
    if (!description) throw jobNotFound(name);
    return description;
  };

  return {
    async submit(submission, headers = {}) {
      const { input: submitted, sha256 } = resolveSubmission(submission, config, providers);
      const trace = readTraceContext(headers);
      const input = { ...submitted, ...(trace && { trace }) };
      const resolved = { input, sha256 };
      for (let attempt = 0; attempt < SUBMIT_ATTEMPTS; attempt++) {
        const runId = await startRun(options, resolved);
        if (runId !== undefined) {
          return { job: viewNewRun(client, config, input, memoOf(resolved), runId), created: true };
        }
        const description = await describe(input);
        const memo = description.memo as Partial<JobMemo> | undefined;
        if (!memo?.tracked) {
          if (memo?.submission_sha256 !== sha256) throw conflict(input);
          return { job: await viewJob(client, config, description), created: false };
        }
        const effect = await adoptSubmission(options, description, resolved);
        if (effect === 'conflict') throw conflict(input);
        if (effect !== 'try_again') {
          return { job: await viewJob(client, config, await describe(input)), created: effect === 'adopted' };
        }
      }
      throw new JobHeraldError('unavailable', 'The run of the job is starting or ending right now; try again.');
    },

    async get(provider, job, { include } = {}) {
      const view = await viewJob(client, config, await describe(nameOf(provider, job)));
      return include === 'notices' ? withNoticeCount(client, view) : view;
    },

    list: (listOptions = {}) => listJobs(client, config.temporal, listOptions),

    async complete(provider, job, completion = {}) {
      await signalJob(options, nameOf(provider, job), {
        signal: COMPLETION_SIGNAL,
        message: completion,
        key: completion.idempotency_key,
        unknownJob: 'track',
      });
    },

    async heartbeat(provider, job, heartbeat) {
      await signalJob(options, nameOf(provider, job), {
        signal: HEARTBEAT_SIGNAL,
        message: heartbeat,
        key: heartbeat.idempotency_key,
        unknownJob: 'refuse',
      });
    },

    async report(provider, job, { idempotency_key, ...data }) {
      const name = nameOf(provider, job);
      if (providers.get(provider)?.rules?.truth !== 'messages') throw hasStatusApi(name);
      await signalJob(options, name, {
        signal: STATUS_REPORT_SIGNAL,
        message: { ...(idempotency_key && { idempotency_key }), data },
        key: idempotency_key,
        unknownJob: 'track and signal',
      });
    },

    async cancel(provider, job) {
      const name = nameOf(provider, job);
      const run = client.workflow.getHandle(workflowIdOf(name));
      const { kind } = await sendToOpenRun(client, name, () => run.cancel());
      if (kind === 'unknown') throw jobNotFound(name);
    },

    async redeliver(provider, job, request = {}) {
      await redeliverJob(client, taskQueue, await describe(nameOf(provider, job)), request);
    },

    async retry(provider, job, { endpoint } = {}) {
      await retryJob(client, taskQueue, await describe(nameOf(provider, job)), endpoint);
    },
  };
}

function hasStatusApi({ provider }: JobName): JobHeraldError {
  const detail = `${provider} has a status API, which is asked instead; to hint that a job has ended, use …/completion`;
  return new JobHeraldError('unprocessable', detail, { faults: [{ pointer: '/provider', detail }] });
}

function conflict({ provider, job }: JobName): JobHeraldError {
  return new JobHeraldError(
    'conflict',
    `${provider} job ${job} was already submitted with a different body; its run is unchanged. ` +
      'Send the same body again to get that run, or GET the job to see it.',
  );
}
