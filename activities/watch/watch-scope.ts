import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import { createTokenBucket } from '../../src/async/token-bucket';
import { unlessAborted } from '../../src/async/unless-aborted';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import type { WatchDetails } from '../../src/domain/scope-watch';
import { mapTemporalErrors, trackJob } from '../../src/engine';
import { ProviderError } from '../../src/providers/provider';
import { watchingOf } from '../../src/providers/watching-of';
import { isoTime, isWorkerStopping, retryLater, workerStopped } from '../attempt-context';
import type { Dependencies } from '../dependencies';
import type { Activities } from '../types';
import { countedAs } from './ask-provider';
import type { ShortQuestions } from './short-questions';
import { createStillCurrent } from './still-current';
import { createSweep } from './sweep';

const MINUTE = 60_000;
/** After which the activity ends by itself, well before its time-out, and the workflow begins the next. */
const ENDS_AFTER_MS = 50 * MINUTE;
/** Well below the heartbeat time-out, by which Temporal notices a dead worker. */
const HEARTBEAT_EVERY_MS = 5_000;
/** Overlap of two lists of what was created: what the provider's index may be behind. */
const LIST_LAG_MS = 10 * MINUTE;
const UNCONFIGURED_RETRY_MS = MINUTE;
/** Between two sweeps of jobs that are asked about one by one new jobs are looked for no more often than this. */
const MIN_SWEEP_MS = 100;

/**
 * Watches the open jobs of one scope until it ends by itself, or its worker does. It reads, and sends hints, which decide
 * nothing; so running it twice is harmless. Nothing has to be kept: a new attempt reads from visibility what is open.
 */
export function createWatchScope(
  dependencies: Dependencies,
  { pause, pausedMs }: Pick<ShortQuestions, 'pause' | 'pausedMs'>,
): Activities['watchScope'] {
  const { client, config, providers, count, observe } = dependencies;
  return async (order) => {
    const provider = providers.get(order.provider);
    const watching = provider && watchingOf(provider);
    if (!provider || !watching) {
      const why = `provider ${order.provider} is not in the configuration, or has nothing to ask`;
      throw retryLater('ProviderMissing', why, UNCONFIGURED_RETRY_MS);
    }
    const signal = cancellationSignal();
    const { requests, perMs } = watching.sweep.budget;
    const budget = createTokenBucket({ tokens: requests, perMs }, () => pausedMs(order));
    const sweep = createSweep({
      ...dependencies,
      scope: order,
      provider,
      watching,
      budget,
      pause: (ms) => pause(order, Math.min(ms, provider.poll.maxMs)),
      stillCurrent: createStillCurrent(client, activityInfo()),
      track: async (job) => {
        try {
          await mapTemporalErrors(() => trackJob({ client, config, providers }, { provider: order.provider, job }));
        } catch (error) {
          // One that cannot be a run must not stop the watch of all others.
          if (!(error instanceof JobHeraldError) || error.code === 'unavailable') throw error;
          log.error('a job that was listed cannot be tracked', { ...order, job, error: error.message });
        }
      },
      signal,
    });

    const before = activityInfo().heartbeatDetails as WatchDetails | undefined;
    let listedUntil = before?.listed_until ?? order.listed_until;
    let details: WatchDetails = {
      open_jobs: 0,
      last_sweep: null,
      sweep_ms: null,
      budget_used: 0,
      by: sweep.by(),
      last_fault: null,
      listed_until: listedUntil,
    };
    const timer = setInterval(() => heartbeat({ ...details, budget_used: round(budget.used()) }), HEARTBEAT_EVERY_MS);

    const runSweep = async () => {
      const beganAt = performance.now();
      const beganTime = Date.now();
      try {
        const tracking = order.tracked_since === null ? null : { since: order.tracked_since, listedUntil };
        if (await sweep.run(tracking)) listedUntil = beganTime - LIST_LAG_MS;
        const fault = sweep.listFault();
        details = { ...details, last_fault: fault && shownFault(fault.message, fault.since) };
      } catch (error) {
        noteFault(error);
      }
      signal.throwIfAborted(); // nobody waits for the rest of it
      details = {
        ...details,
        open_jobs: sweep.openJobs(),
        last_sweep: isoTime(beganTime),
        sweep_ms: Math.round(performance.now() - beganAt),
        by: sweep.by(),
        listed_until: listedUntil,
      };
      observe.sweep(order, details, budget.used(), watching.sweep.everyMs);
      heartbeat({ ...details, budget_used: round(budget.used()) });
    };
    const noteFault = (error: unknown) => {
      signal.throwIfAborted();
      if (!(error instanceof ProviderError)) throw error;
      count.providerRequest(provider.name, countedAs(error));
      if (error.retryAfterMs) pause(order, Math.min(error.retryAfterMs, provider.poll.maxMs));
      details = { ...details, last_fault: shownFault(error.message, Date.now()) };
      log.warn('a sweep could not be finished; the next one begins anew', { ...order, error: error.message });
    };

    try {
      const endsAt = performance.now() + ENDS_AFTER_MS;
      while (performance.now() < endsAt) {
        const everyMs = intervalOf(sweep.by(), watching.sweep.everyMs, provider.poll.firstMs);
        const nextSweepAt = performance.now() + everyMs;
        await unlessAborted(runSweep(), signal);
        for (;;) {
          const wakeAt = Math.min(nextSweepAt, sweep.nextDueAt());
          await sleep(Math.max(0, wakeAt - performance.now()), undefined, { signal });
          if (performance.now() >= nextSweepAt) break;
          await unlessAborted(sweep.askSingles(), signal).catch(noteFault);
        }
        await unlessAborted(sweep.askSingles(), signal).catch(noteFault);
      }
      return { open_jobs: sweep.openJobs(), listed_until: listedUntil };
    } catch (error) {
      throw signal.aborted && isWorkerStopping() ? workerStopped() : error;
    } finally {
      clearInterval(timer);
      observe.sweepsEnded(order);
    }
  };
}

/** Jobs that are asked about one by one have a pace of their own, and have to be found before it begins. */
function intervalOf(by: WatchDetails['by'], everyMs: number, firstMs: number): number {
  return by === 'single questions' ? Math.min(everyMs, Math.max(firstMs, MIN_SWEEP_MS)) : everyMs;
}

function shownFault(message: string, since: number): string {
  return `${isoTime(since)} ${message}`.slice(0, 1000);
}

function round(ratio: number): number {
  return Math.round(ratio * 1000) / 1000;
}
