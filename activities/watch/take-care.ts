import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '@temporalio/activity';
import { createEnsureWatch } from '../../src/engine';
import type { Dependencies } from '../dependencies';
import { leftAtStop } from '../left-at-stop';
import type { Activities } from '../types';
import { createNeededScopes } from './needed-scopes';
import { createReportBrokenRuns } from './report-broken-runs';
import { createTakeCounts } from './take-counts';

const MINUTE = 60_000;
/** After which the activity ends by itself, and the workflow begins the next. */
const ENDS_AFTER_MS = 50 * MINUTE;

/**
 * Each minute: keeps the watches of all scopes running, reports broken runs, and counts what operators look at. Starting a
 * watch that runs and reporting a run twice do nothing, so running it twice is harmless.
 */
export function createTakeCare(dependencies: Dependencies): Activities['takeCare'] {
  const { client, config, providers, observe } = dependencies;
  const { taskQueue } = config.temporal;

  return async () => {
    const neededScopes = createNeededScopes(dependencies);
    const reportBrokenRuns = createReportBrokenRuns(dependencies);
    const takeCounts = createTakeCounts(dependencies);
    const chores = {
      'keep the watches running': async () => {
        const ensureWatch = createEnsureWatch(client, taskQueue);
        for (const { provider: name, scope } of await neededScopes()) {
          const provider = providers.get(name);
          if (provider) await ensureWatch(provider, scope);
        }
      },
      'report broken runs': reportBrokenRuns,
      count: async () => observe.counts(await takeCounts()),
    };

    return leftAtStop(async (signal) => {
      for (const endsAt = performance.now() + ENDS_AFTER_MS; performance.now() < endsAt; ) {
        const nextAt = performance.now() + MINUTE;
        for (const [chore, run] of Object.entries(chores)) {
          signal.throwIfAborted(); // one that the stop has left may be over only now
          await run().catch((error: unknown) => log.warn('the caretaker could not do a chore', { chore, error }));
        }
        await sleep(Math.max(1, nextAt - performance.now()), undefined, { signal });
      }
    }).finally(() => observe.countsEnded());
  };
}
