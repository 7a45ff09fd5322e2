import { setTimeout as sleep } from 'node:timers/promises';
import { Context, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import { createEnsureWatch, openJobs } from '../../src/engine';
import { watchingOf } from '../../src/providers/watching-of';
import { retryLater } from '../attempt-context';
import type { Dependencies } from '../dependencies';
import type { Activities } from '../types';

const MINUTE = 60_000;
/** After which the activity ends by itself, and the workflow begins the next. */
const ENDS_AFTER_MS = 50 * MINUTE;
const HEARTBEAT_EVERY_MS = 5_000;

/**
 * Keeps the watches of all scopes running: each minute those of the configured scopes, and of every scope that has an open
 * job. Starting a watch that runs does nothing, so running it twice is harmless.
 */
export function createTakeCare({ client, config, providers }: Dependencies): Activities['takeCare'] {
  const { taskQueue } = config.temporal;

  /** The scopes that have to be watched, by provider. */
  const neededScopes = async (): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
    const needed = new Map<string, Set<string>>();
    for (const [name, provider] of providers) {
      const watching = watchingOf(provider);
      if (!watching) continue;
      const scopes = new Set(
        provider.track.auto ? watching.tracked.scopes.map((each) => watching.scopeOf(`${each}/`)) : [],
      );
      for await (const page of openJobs(client, { taskQueue, idPrefix: `${name}/` })) {
        for (const { job, watchKey } of page) {
          if (watching.keyOf(job, watchKey) !== undefined) scopes.add(watching.scopeOf(job));
        }
      }
      needed.set(name, scopes);
    }
    return needed;
  };

  const ensureAll = async () => {
    const ensureWatch = createEnsureWatch(client, taskQueue);
    for (const [name, scopes] of await neededScopes()) {
      const provider = providers.get(name);
      for (const scope of scopes) if (provider) await ensureWatch(provider, scope);
    }
  };

  return async () => {
    const signal = cancellationSignal();
    const timer = setInterval(() => heartbeat(), HEARTBEAT_EVERY_MS);
    try {
      for (const endsAt = performance.now() + ENDS_AFTER_MS; performance.now() < endsAt; ) {
        await ensureAll().catch((error: unknown) => log.warn('the watches could not be looked after', { error }));
        await sleep(MINUTE, undefined, { signal });
      }
    } catch (error) {
      if (signal.aborted && Context.current().cancellationDetails?.workerShutdown) {
        throw retryLater('WorkerStopped', 'the worker stopped; another one goes on', 1);
      }
      throw error;
    } finally {
      clearInterval(timer);
    }
  };
}
