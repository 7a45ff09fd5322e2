import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow';
import type { JobStatus } from '../domain/job-status';
import type { StatusWatch } from '../domain/status-watch';
import { newestFirst } from './run-history';

/**
 * How the job was when its run began the latest watch, by the run's history: what is known until that watch has recorded
 * anything itself. Undefined for a run that watches nothing.
 */
export async function knownStatus(client: Client, workflowId: string, runId: string): Promise<JobStatus | undefined> {
  for await (const { activityTaskScheduledEventAttributes: scheduled } of newestFirst(client, workflowId, runId)) {
    if (scheduled?.activityType?.name !== 'getJobStatus') continue;
    const [watch] = await decodeArrayFromPayloads(client.options.loadedDataConverter, scheduled.input?.payloads);
    return (watch as StatusWatch).known;
  }
  return undefined;
}
