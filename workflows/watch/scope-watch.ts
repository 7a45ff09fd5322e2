import {
  continueAsNew,
  defineSignal,
  isCancellation,
  log,
  proxyActivities,
  setDefaultSignalHandler,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/types';
import { NEEDED_SIGNAL, type ScopeWatchInput, watchQueue } from '../../src/domain/scope-watch';

/** A watch without an open job ends this long after somebody last needed it. */
const IDLE_MS = 60 * 60_000;
/** Runs of the activity, each of some 50 minutes, before the workflow continues as new. */
const ACTIVITIES_PER_RUN = 100;

/**
 * Watches the open jobs of one scope of a provider, by one long activity after another. A watch of a scope in which jobs are
 * tracked without submission never ends by itself.
 */
export async function scopeWatch(input: ScopeWatchInput): Promise<void> {
  let lastNeeded = input.last_needed ?? Date.now();
  setHandler(defineSignal(NEEDED_SIGNAL), () => {
    lastNeeded = Date.now();
  });
  setDefaultSignalHandler((name) => {
    log.warn('ignored an unknown signal', { signal: name });
  });

  const { watchScope } = proxyActivities<Activities>({
    taskQueue: watchQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '20 seconds', // notices a dead worker
    retry: { initialInterval: '1 second', backoffCoefficient: 1 },
  });
  const { provider, scope, tracked_since } = input;
  let { listed_until = null } = input;

  for (let i = 0; i < ACTIVITIES_PER_RUN && !workflowInfo().continueAsNewSuggested; i++) {
    try {
      const summary = `sweeps the open jobs of ${provider} in ${scope || 'its one scope'}`;
      const report = await watchScope.executeWithOptions({ summary }, [
        { provider, scope, tracked_since, listed_until },
      ]);
      listed_until = report.listed_until;
      if (report.open_jobs === 0 && tracked_since === null && Date.now() - lastNeeded >= IDLE_MS) return;
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.error('a watch was broken off; it begins anew', { provider, scope, error });
      await sleep('1 minute', { summary: 'before the watch begins anew' });
    }
  }
  await continueAsNew<typeof scopeWatch>({ ...input, listed_until, last_needed: lastNeeded });
}
