import { currentUpdateInfo, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/types';
import { readRedelivery } from './read-signal';

const { redeliverOwn } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/**
 * Answers the update `redeliver`: what is settled of this run is sent once more, by a run of its own, as the API does
 * it for open and closed runs alike.
 */
export async function redeliverOnRequest(argument: unknown): Promise<void> {
  const { runId } = workflowInfo();
  const update_id = `${runId}/${currentUpdateInfo()?.id}`;
  const summary = 'starts a redelivery';
  await redeliverOwn.executeWithOptions({ summary }, [{ request: readRedelivery(argument), update_id }]);
}
