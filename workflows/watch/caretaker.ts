import { continueAsNew, proxyActivities, setDefaultSignalHandler, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/types';
import { watchQueue } from '../../src/domain/scope-watch';
import { alwaysUpgraded } from '../always-upgraded';

/** Runs of the activity, each of some 50 minutes, before the workflow continues as new. */
const ACTIVITIES_PER_RUN = 100;

/** Keeps the watches of all scopes running. One per namespace; every worker makes sure each minute that it runs. */
export async function caretaker(): Promise<void> {
  setDefaultSignalHandler(() => undefined);
  const { takeCare } = proxyActivities<Activities>({
    taskQueue: watchQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '20 seconds', // notices a dead worker
    retry: { initialInterval: '1 second', backoffCoefficient: 1 },
  });
  for (let i = 0; i < ACTIVITIES_PER_RUN && !workflowInfo().continueAsNewSuggested; i++) {
    await takeCare.executeWithOptions({ summary: 'keeps the watches of all scopes running' }, []);
  }
  await continueAsNew<typeof caretaker>();
}

alwaysUpgraded(caretaker);
