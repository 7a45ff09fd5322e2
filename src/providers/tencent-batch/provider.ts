import { withWarnings } from '../../domain/job-status';
import { textAt } from '../../domain/json';
import { type Provider, ProviderError, type ProviderOptions } from '../provider';
import { type BatchApi, createBatchApi } from './call-api';
import type { TencentBatchConfig } from './config';
import { createDescribeJobs, type DescribeJobs, PAGE_SIZE } from './describe-jobs';
import { canonicalJobName } from './job-name';
import { toJobStatus } from './job-status';

export const TENCENT_BATCH = 'tencent-batch';

const DEADLINE_MS = 10_000;

/** Tencent Batch: DescribeJob returns a job's status, TerminateJob cancels it. */
export function createTencentBatchProvider(config: TencentBatchConfig, options: ProviderOptions): Provider {
  const { warn, deadlineMs = DEADLINE_MS } = options;
  const api = createBatchApi(config, deadlineMs);
  const describeJobs = createDescribeJobs(api, config.region);

  return {
    name: TENCENT_BATCH,
    poll: config.poll,
    unspecifiedState: 'UNKNOWN',
    track: config.track,
    overdueAfterMs: config.overdueAfterMs,
    watching: {
      sweep: config.sweep,
      safetyMs: config.safetyMs,
      tracked: config.track,
      readScope: (text) => (text === config.region ? { scope: text } : { fault: `must be ${config.region}` }),
      scopeOf: () => config.region,
      namePrefix: () => '',
      keyOf: (job) => job,
      list: describeJobs.list,
      batch: { size: PAGE_SIZE, ask: (_scope, jobs, signal) => describeJobs.byIds(jobs, signal) },
    },

    canonicalJobName,

    async getJobStatus(job, signal) {
      const resource = await api.call('DescribeJob', job, signal);
      if (textAt(resource, 'JobState') === undefined) {
        throw new ProviderError(
          'unreadable',
          `Tencent Batch did not return the state of ${job}: its response has no JobState`,
        );
      }
      const { status, warning } = toJobStatus(resource, config.region);
      if (warning) warn(warning, { provider: TENCENT_BATCH, job, provider_state: status.provider_state });
      return withWarnings(status, warning ? [warning] : []);
    },

    /** Has no effect on a job that has succeeded. For a job that is SUBMITTED the API refuses, and the call is retried. */
    async cancelJob(job, signal) {
      await api.call('TerminateJob', job, signal);
    },

    check: (signal) => checkTencentBatch(config, { api, describeJobs, signal }),

    close: () => api.close(),
  };
}

/** Well-formed, and the id of no job. */
const NO_JOB = 'job-00000000';

/**
 * Describes a job that does not exist, alone and among others: "not found" proves that the key and its permission are
 * valid, and so does an empty list.
 * @throws {ProviderError} with the permission that is missing
 */
async function checkTencentBatch(
  { secretId, secretKey, endpoint, region }: TencentBatchConfig,
  {
    api,
    describeJobs,
    signal,
  }: { readonly api: BatchApi; readonly describeJobs: DescribeJobs; readonly signal: AbortSignal },
): Promise<string> {
  if (secretId === '' && secretKey === '' && endpoint === '') return 'not configured: there is no secret_id';
  try {
    await api.call('DescribeJob', NO_JOB, signal);
  } catch (error) {
    if (!(error instanceof ProviderError && error.code === 'not_found')) throw error;
  }
  await describeJobs.byIds([NO_JOB], signal);
  return `reached ${api.host} and may describe jobs in ${region}`;
}
