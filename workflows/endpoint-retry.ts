import { defineSignal, proxyActivities, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import type { Activities } from '../activities/types';
import { type EndpointRetryInput, RETRY_SIGNAL } from '../src/domain/endpoint-pause';
import { untilTried } from './retry-under-way';

const { retryPending } = proxyActivities<Activities>({
  // Thousands of runs are gone through at a pace that Temporal bears.
  startToCloseTimeout: '1 hour',
  // Notices a dead worker.
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/** Has everything that is pending for an endpoint tried now; again from the start where that is asked for meanwhile. */
export async function endpointRetry({ endpoint }: EndpointRetryInput): Promise<string> {
  let isAsked = false;
  setHandler(defineSignal<[unknown]>(RETRY_SIGNAL), () => {
    isAsked = true;
  });
  setDefaultSignalHandler(() => undefined);
  let woken = 0;
  do {
    isAsked = false;
    const summary = `what is pending for ${endpoint}`;
    const retried = await retryPending.executeWithOptions({ summary }, [{ endpoint }]);
    woken += retried.woken + (await untilTried({ endpoint, under_way: retried.under_way }, () => isAsked));
  } while (isAsked);
  return `${woken} deliveries to ${endpoint} were not due and are tried now`;
}
