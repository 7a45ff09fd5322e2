import { log, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/types';
import { questionsQueue } from '../../src/domain/scope-watch';
import { inBackground } from './in-background';
import { questionOf, type Run } from './run';

const activities = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  // Long enough for an outage; what is not released by then needs somebody to look.
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
});

/** Gives back what the job holds at its provider. A failure is logged, and never fails the run. */
export function releaseResources(run: Run): void {
  if (run.state.callback) {
    run.release = 'under_way';
    inBackground(release(run));
  } else {
    run.state.holdsResources = false; // the provider was never asked for anything
  }
}

async function release(run: Run): Promise<void> {
  const { provider, job } = run.input;
  try {
    const summary = `gives back what the job holds at ${provider}`;
    const taskQueue = questionsQueue(workflowInfo().taskQueue); // takes no slot from deliveries
    await activities.releaseResources.executeWithOptions({ summary, taskQueue }, [questionOf(run)]);
  } catch (error) {
    log.error('what the job held at its provider was not given back', { provider, job, error });
  }
  run.state.holdsResources = false;
}
