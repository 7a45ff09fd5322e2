import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import { cutText } from '../../src/domain/text-size';
import { isPassing, redeliverJob } from '../../src/engine';
import type { Dependencies } from '../dependencies';
import { leftAtStop } from '../left-at-stop';
import type { Activities } from '../types';

/**
 * Sends the settled deliveries of the run's own job again, by a run of its own. Running it twice starts one run: it remembers
 * the update that asked for it.
 */
export function createRedeliverOwn({ client, config }: Dependencies): Activities['redeliverOwn'] {
  const redeliver: Activities['redeliverOwn'] = async ({ request, update_id }) => {
    const { workflowExecution } = activityInfo();
    if (!workflowExecution) return;
    try {
      const asked = `update/${update_id}`;
      await redeliverJob(client, config.temporal.taskQueue, workflowExecution, request, asked);
    } catch (error) {
      const code = error instanceof JobHeraldError ? error.code : isPassing(error) ? 'unavailable' : 'RedeliveryFailed';
      if (code === 'unavailable') throw error;
      // What would fail again must not keep the run open.
      const message = error instanceof Error ? error.message : String(error);
      throw ApplicationFailure.create({ type: code, message: cutText(message, 1024), nonRetryable: true });
    }
  };
  return (asked) => leftAtStop(() => redeliver(asked));
}
