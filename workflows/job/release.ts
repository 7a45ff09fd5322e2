import { log, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/types';
import { questionOf, type Run } from './run';

const { releaseResources } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  // Long enough for an outage; what is not released by then needs somebody to look.
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
});

/** Gives back what the job holds at its provider, where its rules say so. Never the reason why a run fails. */
export function startRelease(run: Run): void {
  if (run.rules.release && run.callback && !run.released) void release(run);
  else run.released = true;
}

async function release(run: Run): Promise<void> {
  const { provider } = run.input;
  try {
    await releaseResources.executeWithOptions({ summary: `gives back what the job holds at ${provider}` }, [
      questionOf(run),
    ]);
  } catch (error) {
    log.error('what the job held at its provider was not given back', { provider, job: run.input.job, error });
  }
  run.released = true;
}
