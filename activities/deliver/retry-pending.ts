import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, log } from '@temporalio/activity';
import { createTokenBucket } from '../../src/async/token-bucket';
import type { UnderWay } from '../../src/domain/retry-now';
import { createPendingReader, findWaiting, isNotFound, type RunId, type WaitingDeliveries } from '../../src/engine';
import type { Dependencies } from '../dependencies';
import { leftAtStop } from '../left-at-stop';
import type { Activities, RetriedPending } from '../types';
import { PAUSE_BELIEVED_FOR_MS } from './pause-gate';

/** Each costs two calls to Temporal or a few more, which others need, too. Evenly: a burst would lose their order. */
const PACE = { tokens: 1, perMs: 10 };
/** As many are looked up side by side, before their turn. */
const AHEAD = 10;

/** Visibility is a moment behind: what had begun before a resume it shows so long after that. */
const INDEX_LAG_MS = 2_000;
/** How long before the resume a run has begun, at the longest, that it did not show at first. */
const LATE_SINCE_MS = 60_000;

/** Runs with attempts under way that are looked at again; beyond that a failed one has its back-off. */
const MAX_UNDER_WAY = 1_000;
/** Longer than any attempt may take. */
const GIVE_UP_AFTER_MS = 12 * 60_000;
/** Between two looks at them: an attempt that fails at once is seen at once, one that hangs costs little. */
const LOOK_AGAIN = { firstMs: 500, factor: 1.5, maxMs: 4_000 } as const;

/** Has an endpoint's pending deliveries tried now, the oldest run first. Running it twice tries once more what has failed since. */
export function createRetryPending({ client, config }: Dependencies): Activities['retryPending'] {
  const { taskQueue } = config.temporal;
  return ({ endpoint }) =>
    leftAtStop(async (signal) => {
      const wakeAll = createWaker(signal);
      let woken = 0;
      const under_way: UnderWay[] = [];
      const wakeThose = async (pages: AsyncGenerator<readonly RunId[]>) => {
        for await (const runs of pages) {
          const retried = await wakeAll(runs, (run) => findWaiting(client, run, endpoint));
          woken += retried.woken;
          under_way.push(...retried.under_way);
        }
      };
      const reader = createPendingReader(client, taskQueue, endpoint);
      const beganAt = performance.now();
      // No worker believes any longer that the endpoint is paused.
      await sleep(PAUSE_BELIEVED_FOR_MS, undefined, { signal });
      await wakeThose(reader.all());
      await sleep(Math.max(0, beganAt + INDEX_LAG_MS - performance.now()), undefined, { signal });
      await wakeThose(reader.late(activityInfo().scheduledTimestampMs - LATE_SINCE_MS));
      log.info('pending deliveries are tried now', { endpoint, deliveries: woken, attempt: activityInfo().attempt });
      return { woken, under_way: under_way.slice(0, MAX_UNDER_WAY) };
    });
}

/**
 * Looks at deliveries whose attempts were under way, until each is settled or has failed, and has it tried again then: once.
 * Running it twice does no more.
 */
export function createRetryUnderWay({ client }: Dependencies): Activities['retryUnderWay'] {
  return ({ endpoint, under_way }) =>
    leftAtStop(async (signal) => {
      const wakeAll = createWaker(signal);
      const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
      let woken = 0;
      let left = under_way;
      for (let pauseMs: number = LOOK_AGAIN.firstMs; left.length > 0 && performance.now() < giveUpAt; ) {
        await sleep(pauseMs, undefined, { signal });
        const retried = await wakeAll(left, (before) => {
          const run = { workflowId: before.workflow_id, runId: before.run_id };
          return findWaiting(client, run, endpoint, before);
        });
        woken += retried.woken;
        left = retried.under_way;
        pauseMs = Math.min(pauseMs * LOOK_AGAIN.factor, LOOK_AGAIN.maxMs);
      }
      return woken;
    });
}

/** Wakes what waits in one run after another, at a pace that Temporal bears. */
function createWaker(signal: AbortSignal) {
  const pace = createTokenBucket(PACE);
  return async <T>(items: readonly T[], find: (item: T) => Promise<WaitingDeliveries>): Promise<RetriedPending> => {
    let woken = 0;
    const under_way: UnderWay[] = [];
    for await (const found of inOrder(items, (item) => unlessClosed(find(item)))) {
      await pace.take(signal);
      woken += (await unlessClosed(found?.wake())) ?? 0;
      if (found?.underWay) under_way.push(found.underWay);
    }
    return { woken, under_way };
  };
}

/** The results in the order of the items, a few of which are under way at a time. */
async function* inOrder<T, R>(items: readonly T[], start: (item: T) => Promise<R>): AsyncGenerator<R> {
  const under: Promise<R>[] = [];
  const left = [...items];
  for (;;) {
    while (under.length < AHEAD && left.length > 0) {
      const result = start(left.shift() as T);
      // Whoever awaits it, in its turn, meets its error.
      result.catch(() => undefined);
      under.push(result);
    }
    const next = under.shift();
    if (next === undefined) return;
    yield await next;
  }
}

async function unlessClosed<R>(result: Promise<R> | undefined): Promise<R | undefined> {
  try {
    return await result;
  } catch (error) {
    if (isNotFound(error)) return undefined; // closed meanwhile
    throw error;
  }
}
