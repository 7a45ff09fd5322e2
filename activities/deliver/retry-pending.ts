import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import { createTokenBucket } from '../../src/async/token-bucket';
import { isNotFound, retryRun, runsWithPending } from '../../src/engine';
import type { Dependencies } from '../dependencies';
import type { Activities } from '../types';
import { PAUSE_BELIEVED_FOR_MS } from './pause-gate';

/** Each costs two calls to Temporal or a few more, which others need, too. */
const RUNS_A_SECOND = 100;
/** Side by side. */
const AT_ONCE = 10;
const HEARTBEAT_EVERY_MS = 5_000;

/** Has an endpoint's pending deliveries tried now, the oldest run first. Running it twice tries once more what has failed since. */
export function createRetryPending({ client, config }: Dependencies): Activities['retryPending'] {
  const { taskQueue } = config.temporal;
  return async ({ endpoint }) => {
    const timer = setInterval(heartbeat, HEARTBEAT_EVERY_MS);
    const pace = createTokenBucket({ tokens: RUNS_A_SECOND, perMs: 1_000 });
    const signal = cancellationSignal();
    let woken = 0;
    try {
      // No worker believes any longer that the endpoint is paused.
      await sleep(PAUSE_BELIEVED_FOR_MS, undefined, { signal });
      for await (const runs of runsWithPending(client, taskQueue, endpoint)) {
        const left = [...runs];
        const work = async () => {
          for (let run = left.shift(); run; run = left.shift()) {
            await pace.take(signal);
            woken += await retryRun(client, run, endpoint).catch((error: unknown) => {
              if (isNotFound(error)) return 0; // closed meanwhile
              throw error;
            });
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, work));
      }
      log.info('pending deliveries are tried now', { endpoint, deliveries: woken, attempt: activityInfo().attempt });
      return woken;
    } finally {
      clearInterval(timer);
    }
  };
}
