import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { DeliveryProgress } from '../domain/delivery';
import type { AttemptResult, FirstResults } from '../domain/delivery-request';
import { isObject } from '../domain/json';
import { decodeFirst } from './payloads';

type Failure = temporal.api.failure.v1.IFailure;

/** An activity that is under way or waits for its next attempt. */
export interface PendingActivity {
  readonly id: string;
  readonly type: string;
  /** Number of the attempt that is under way or comes next, from 1. */
  readonly attempt: number;
  /**
   * What was recorded of it last: in a heartbeat, or else with the failure of the last attempt; undefined before anything
   * was.
   */
  readonly details: unknown;
  /** Why the last attempt came to nothing. */
  readonly lastFailure: string | undefined;
  /** The type of that failure: `AttemptFailed`, `EndpointPaused` …; undefined for one that is none of ours. */
  readonly lastFailureType: string | undefined;
  /** The run wants it no more; it stays pending until its worker has heard of that. */
  readonly isCanceled: boolean;
}

const CANCEL_REQUESTED = temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_CANCEL_REQUESTED;

/** The activities that a run waits for. Asks no worker. */
export async function pendingActivities(
  client: Client,
  { raw }: WorkflowExecutionDescription,
): Promise<PendingActivity[]> {
  return Promise.all(
    (raw.pendingActivities ?? []).map(async (activity) => {
      const recorded = activity.heartbeatDetails ?? activity.lastFailure?.applicationFailureInfo?.details;
      return {
        id: activity.activityId ?? '',
        type: activity.activityType?.name ?? '',
        attempt: activity.attempt ?? 1,
        details: await decodeFirst(client, recorded?.payloads),
        lastFailure: await messageOf(client, activity.lastFailure),
        lastFailureType: activity.lastFailure?.applicationFailureInfo?.type ?? undefined,
        isCanceled: activity.state === CANCEL_REQUESTED,
      };
    }),
  );
}

/** With a codec message and stack are a payload of the failure, see failure-converter.ts. Without its key there is only `Encoded failure`. */
async function messageOf(client: Client, failure: Failure | null | undefined): Promise<string | undefined> {
  const encoded = failure?.encodedAttributes;
  const attributes = encoded && (await decodeFirst(client, [encoded]).catch(() => undefined));
  const decoded = isObject(attributes) ? attributes['message'] : undefined;
  return typeof decoded === 'string' ? decoded : (failure?.message ?? undefined);
}

/** What the pending activities of a run have recorded of its deliveries, by delivery id. */
export function pendingDeliveries(pending: readonly PendingActivity[]): ReadonlyMap<string, AttemptResult> {
  const found = new Map<string, AttemptResult>();
  for (const { type, id, details, lastFailure = '', lastFailureType = 'Pending' } of pending) {
    if (details === undefined) continue;
    if (type === 'deliver') {
      const progress = details as DeliveryProgress;
      found.set(id, { kind: 'retry_later', type: lastFailureType, why: lastFailure, retry_in_ms: 0, progress });
    }
    if (type === 'deliverFirst') {
      for (const [deliveryId, result] of Object.entries(details as FirstResults)) found.set(deliveryId, result);
    }
  }
  return found;
}
