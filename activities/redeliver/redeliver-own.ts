import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import { redeliverJob } from '../../src/engine';
import type { Dependencies } from '../dependencies';
import type { Activities } from '../types';

/**
 * Sends the settled deliveries of the run's own job again, by a run of its own. Running it twice starts one run: its ID is that of
 * the update that asked for it.
 */
export function createRedeliverOwn({ client, config }: Dependencies): Activities['redeliverOwn'] {
  return async ({ request, update_id }) => {
    const { workflowExecution } = activityInfo();
    if (!workflowExecution) return;
    try {
      await redeliverJob(client, config.temporal.taskQueue, workflowExecution, request, `redelivery/${update_id}`);
    } catch (error) {
      if (!(error instanceof JobHeraldError) || error.code === 'unavailable') throw error;
      throw ApplicationFailure.create({ type: error.code, message: error.message, nonRetryable: true });
    }
  };
}
