import {
  CancellationScope,
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
import { NEEDED_SIGNAL, type Needed, type ScopeWatchInput, watchQueue } from '../../src/domain/scope-watch';
import { alwaysUpgraded } from '../always-upgraded';

/** A watch without an open job ends this long after somebody last needed it. */
const IDLE_MS = 60 * 60_000;
/** Runs of the activity, each of some 50 minutes, before the workflow continues as new. */
const ACTIVITIES_PER_RUN = 100;

/**
 * Watches the open jobs of one scope of a provider, by one long activity after another. A watch of a scope in which jobs are
 * tracked without submission never ends by itself.
 */
export async function scopeWatch(input: ScopeWatchInput): Promise<void> {
  const { provider, scope } = input;
  let { tracked_since, listed_until = null } = input;
  let lastNeeded = input.last_needed ?? Date.now();
  let sweeping: CancellationScope | undefined;
  setHandler(defineSignal<[Needed?]>(NEEDED_SIGNAL), (needed) => {
    lastNeeded = Date.now();
    const since = needed?.tracked_since;
    if (tracked_since !== null || typeof since !== 'number') return;
    // The scope has been configured to be tracked since its watch began: the activity under way does not know.
    tracked_since = since;
    sweeping?.cancel();
  });
  setDefaultSignalHandler((name) => {
    log.warn('ignored an unknown signal', { signal: name });
  });

  const { watchScope } = proxyActivities<Activities>({
    taskQueue: watchQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '20 seconds', // notices a dead worker
    retry: { initialInterval: '1 second', backoffCoefficient: 1 },
    cancellationType: 'WAIT_CANCELLATION_COMPLETED', // never two at once
  });
  const sweep = () => {
    const summary = `sweeps the open jobs of ${provider} in ${scope || 'its one scope'}`;
    return watchScope.executeWithOptions({ summary }, [{ provider, scope, tracked_since, listed_until }]);
  };

  // What it is to track stands in what a run is started with: there a watch finds it that begins after this one was terminated.
  const isAsStarted = () => tracked_since === input.tracked_since;
  for (let i = 0; i < ACTIVITIES_PER_RUN && !workflowInfo().continueAsNewSuggested && isAsStarted(); i++) {
    try {
      sweeping = new CancellationScope();
      const report = await sweeping.run(sweep);
      listed_until = report.listed_until;
      if (report.open_jobs === 0 && tracked_since === null && Date.now() - lastNeeded >= IDLE_MS) return;
    } catch (error) {
      if (CancellationScope.current().consideredCancelled) throw error;
      if (isCancellation(error)) continue; // it begins again with what it is to track
      log.error('a watch was broken off; it begins anew', { provider, scope, error });
      await sleep('1 minute', { summary: 'before the watch begins anew' });
    }
  }
  await continueAsNew<typeof scopeWatch>({ ...input, tracked_since, listed_until, last_needed: lastNeeded });
}

alwaysUpgraded(scopeWatch);
