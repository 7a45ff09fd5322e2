import { activityInfo, heartbeat } from '@temporalio/activity';
import { type DeliveryProgress, OVERTAKEN } from '../../src/domain/delivery';
import {
  type AttemptResult,
  type DeliveryRequest,
  type FirstResults,
  requestsOf,
} from '../../src/domain/delivery-request';
import { retryLater, serverTime, startHeartbeat } from '../attempt-context';
import type { Activities } from '../types';
import type { MakeAttempt } from './attempt';
import { type IsOvertaken, LOOK_EVERY_MS } from './overtaken';

/**
 * One attempt of one delivery. Running it twice sends the same bytes under the same id twice, which a receiver that
 * follows Standard Webhooks takes for one message; that is the at-least-once half of the guarantee.
 *
 * What each attempt came to goes into the heartbeat details, where the next attempt and `GET /v1/jobs/…` find it.
 */
export function createDeliver(attempt: MakeAttempt, isOvertaken: IsOvertaken): Activities['deliver'] {
  return async (request) => {
    const began = performance.now();
    const { attempt: number, heartbeatDetails } = activityInfo();
    const recorded = heartbeatDetails as DeliveryProgress | undefined;
    // Whoever has the engine begin an attempt long before it is due wants it now.
    const isAskedFor = recorded !== undefined && (recorded.not_before ?? 0) > serverTime() + CLOCKS_DIFFER_MS;
    let before = recorded ? withoutDueTime(recorded) : request.progress;
    let stopHeartbeat: () => unknown = () => undefined;
    try {
      if (mayBeOvertaken(request, before)) {
        before = { ...before, looked_at: serverTime() };
        if (await isOvertaken(request)) return { state: 'gone', progress: before, reason: OVERTAKEN };
      }
      const result = await attempt(request, before, isAskedFor, began, (progress) => {
        // Recorded before the first attempt it would cost every delivery a request. Where that attempt is lost with its
        // worker the second one records it, so that the retry window runs from then at the latest.
        if (number > 1) heartbeat(progress);
        stopHeartbeat = startHeartbeat(progress);
      });
      if (result.kind === 'settled') {
        const { kind: _, ...settled } = result;
        return settled;
      }
      heartbeat(withDueTime(result).progress);
      throw retryLater(result.type, result.why, result.retry_in_ms);
    } finally {
      stopHeartbeat();
    }
  };
}

/** Clocks of workers and of the server may be so far apart. */
const CLOCKS_DIFFER_MS = 1_000;

/** That the engine begins it says that its time has come. */
function withoutDueTime({ not_before: _, ...progress }: DeliveryProgress): DeliveryProgress {
  return progress;
}

/** A report of progress that has failed is news no longer once there is a newer one. Never before its first attempt. */
function mayBeOvertaken({ event_type }: DeliveryRequest, progress: DeliveryProgress): boolean {
  const { attempt_count, looked_at = 0, not_before = 0 } = progress;
  const now = serverTime();
  return event_type === 'job.progress' && attempt_count > 0 && not_before <= now && looked_at + LOOK_EVERY_MS <= now;
}

const HEARTBEAT_EVERY_MS = 2_500;
/** What came of several is recorded by one request; and by none, where all are settled within it. */
const GATHER_MS = 200;

/**
 * The first attempt of one event at several endpoints, side by side: what costs one delivery several endpoints cost too
 * as long as all is well. Whoever does not take it at once is handed back, for an activity of its own.
 *
 * What came of each goes into the heartbeat details a moment after it is known, so a crash repeats only what was not
 * recorded; and that, as with every attempt, with the same bytes under the same id.
 */
export function createDeliverFirst(attempt: MakeAttempt): Activities['deliverFirst'] {
  return async (batch) => {
    const began = performance.now();
    const recorded = (activityInfo().heartbeatDetails as FirstResults | undefined) ?? {};
    const results = new Map<string, AttemptResult>(Object.entries(recorded));
    let gathering: NodeJS.Timeout | undefined;
    const record = () => {
      gathering = undefined;
      heartbeat(Object.fromEntries(results));
    };
    const timer = setInterval(record, HEARTBEAT_EVERY_MS);
    try {
      await Promise.all(
        requestsOf(batch)
          .filter(({ delivery_id }) => !results.has(delivery_id))
          .map(async (request) => {
            results.set(
              request.delivery_id,
              withDueTime(await attempt(request, request.progress, false, began, () => {})),
            );
            gathering ??= setTimeout(record, GATHER_MS);
          }),
      );
      return Object.fromEntries(results);
    } finally {
      clearInterval(timer);
      clearTimeout(gathering);
    }
  };
}

/** In a record, and handed to another activity, "in five seconds" has to be a time. */
function withDueTime<T extends AttemptResult>(result: T): T {
  if (result.kind === 'settled') return result;
  return { ...result, progress: { ...result.progress, not_before: serverTime() + result.retry_in_ms } };
}
