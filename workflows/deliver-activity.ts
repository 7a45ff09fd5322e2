import { ActivityCancellationType, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/types';
import {
  type DeliveryRequest,
  type DeliveryResult,
  type FirstResults,
  firstAttempts,
} from '../src/domain/delivery-request';
import { beginTrace } from '../src/domain/trace-context';

const { deliver, deliverFirst } = proxyActivities<Activities>({
  // An endpoint's own timeout is at most 10 minutes; the heartbeat notices a dead worker long before.
  startToCloseTimeout: '11 minutes',
  heartbeatTimeout: '10 seconds',
  // The activity names the time of its next attempt itself; this is what a crash costs.
  retry: { initialInterval: '1 second', backoffCoefficient: 1 },
  // A delivery that is overtaken is waited for: its request may be under way, and order matters.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** One delivery, by one activity that the engine retries until it is settled. */
export function attemptUntilSettled(request: DeliveryRequest, summary: string): Promise<DeliveryResult> {
  const { endpoint } = request.subscription;
  return deliver.executeWithOptions(
    { activityId: request.delivery_id, summary, priority: { fairnessKey: endpoint.slice(0, 64) } },
    [traced(request)],
  );
}

/** What the Web UI shows on one line. */
const MAX_NAMES = 60;

/** The first attempt of one event at several endpoints, by one activity. */
export function attemptFirst(requests: readonly DeliveryRequest[], activityId: string): Promise<FirstResults> {
  const names = requests.map(({ subscription }) => subscription.endpoint).join(', ');
  const whom = names.length > MAX_NAMES ? `${requests.length} endpoints` : names;
  const summary = `notifies ${whom}: ${requests[0]?.event_type}`;
  return deliverFirst.executeWithOptions({ activityId, summary }, [firstAttempts(requests.map(traced))]);
}

/** Where nobody has given a trace, the run begins one: the same for all of its deliveries, also after continue-as-new. */
function traced(request: DeliveryRequest): DeliveryRequest {
  return request.trace ? request : { ...request, trace: beginTrace(workflowInfo().firstExecutionRunId) };
}
