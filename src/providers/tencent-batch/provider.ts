import type { TencentBatchConfig } from '../../config/config';
import { type Provider, ProviderError, type ProviderOptions } from '../provider';
import { createBatchApi } from './call-api';
import { checkTencentBatch } from './check';
import { canonicalJobName } from './job-name';
import type { JobResource } from './job-resource';
import { toJobStatus } from './job-status';

export const TENCENT_BATCH = 'tencent-batch';

const DEADLINE_MS = 10_000;

/** Tencent Batch: DescribeJob is the truth about a job, TerminateJob its cancellation. */
export function createTencentBatchProvider(config: TencentBatchConfig, options: ProviderOptions): Provider {
  const { warn, deadlineMs = DEADLINE_MS } = options;
  const api = createBatchApi(config, deadlineMs);

  return {
    name: TENCENT_BATCH,
    poll: config.poll,
    unspecifiedState: 'UNKNOWN',
    track: config.track,

    canonicalJobName,

    async getJobStatus(job, signal) {
      const resource = (await api.call('DescribeJob', job, signal)) as JobResource;
      if (typeof resource.JobState !== 'string' || resource.JobState === '') {
        throw new ProviderError('unavailable', `Tencent Batch did not say how ${job} is: its answer has no JobState`);
      }
      const { status, warning } = toJobStatus(resource, config.region);
      if (warning) warn(warning, { provider: TENCENT_BATCH, job, provider_state: status.provider_state });
      return status;
    },

    /** Without effect on a job that has succeeded; one that is still SUBMITTED is refused, to be asked again. */
    async cancelJob(job, signal) {
      await api.call('TerminateJob', job, signal);
    },

    check: (signal) => checkTencentBatch(config, api, signal),

    close: () => api.close(),
  };
}
