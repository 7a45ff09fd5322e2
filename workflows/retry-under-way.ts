import { CancellationScope, condition, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/types';
import type { RetryUnderWayInput } from '../src/domain/retry-now';

const { retryUnderWay } = proxyActivities<Activities>({
  // An attempt may take ten minutes.
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/** Has tried again what was under way, where that comes to nothing, until `isOver`; how many deliveries. */
export async function untilTried(wish: RetryUnderWayInput, isOver: () => boolean = () => false): Promise<number> {
  if (wish.under_way.length === 0) return 0;
  const scope = new CancellationScope();
  const trying = scope
    .run(() => retryUnderWay.executeWithOptions({ summary: 'what was being tried' }, [wish]))
    .catch((error: unknown) => {
      if (isCancellation(error)) return 0;
      throw error;
    });
  await Promise.race([trying, condition(isOver)]);
  scope.cancel();
  return trying;
}
