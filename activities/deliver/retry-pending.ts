import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import { createTokenBucket } from '../../src/async/token-bucket';
import { findWaiting, isNotFound, runsWithPending } from '../../src/engine';
import type { Dependencies } from '../dependencies';
import type { Activities } from '../types';
import { PAUSE_BELIEVED_FOR_MS } from './pause-gate';

/** Each costs two calls to Temporal or a few more, which others need, too. Evenly: a burst would lose their order. */
const PACE = { tokens: 1, perMs: 10 };
/** As many are looked up side by side, before their turn. */
const AHEAD = 10;
const HEARTBEAT_EVERY_MS = 5_000;

/** Has an endpoint's pending deliveries tried now, the oldest run first. Running it twice tries once more what has failed since. */
export function createRetryPending({ client, config }: Dependencies): Activities['retryPending'] {
  const { taskQueue } = config.temporal;
  return async ({ endpoint }) => {
    const timer = setInterval(heartbeat, HEARTBEAT_EVERY_MS);
    const pace = createTokenBucket(PACE);
    const signal = cancellationSignal();
    let woken = 0;
    try {
      // No worker believes any longer that the endpoint is paused.
      await sleep(PAUSE_BELIEVED_FOR_MS, undefined, { signal });
      for await (const runs of runsWithPending(client, taskQueue, endpoint)) {
        const find = (run: (typeof runs)[number]) => unlessClosed(findWaiting(client, run, endpoint));
        for await (const found of inOrder(runs, find)) {
          await pace.take(signal);
          woken += (await unlessClosed(found?.wake())) ?? 0;
        }
      }
      log.info('pending deliveries are tried now', { endpoint, deliveries: woken, attempt: activityInfo().attempt });
      return woken;
    } finally {
      clearInterval(timer);
    }
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
