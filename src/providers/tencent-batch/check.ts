import type { TencentBatchConfig } from '../../config/config';
import { ProviderError } from '../provider';
import type { BatchApi } from './call-api';

/** Well formed, and nobody's. */
const NO_JOB = 'job-00000000';

/**
 * Asks for a job that is not there: "not found" is the answer of somebody whose key and permission are good.
 * @throws {ProviderError}
 */
export async function checkTencentBatch(
  { secretId, secretKey, endpoint, region }: TencentBatchConfig,
  api: BatchApi,
  signal: AbortSignal,
): Promise<string> {
  if (secretId === '' && secretKey === '' && endpoint === '') return 'not configured: there is no secret_id';
  try {
    await api.call('DescribeJob', NO_JOB, signal);
  } catch (error) {
    if (!(error instanceof ProviderError && error.code === 'not_found')) throw error;
  }
  return `reached ${api.host} and may describe jobs in ${region}`;
}
