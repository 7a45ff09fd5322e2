import { activityInfo, heartbeat } from '@temporalio/activity';
import { isTerminalEventType } from '../../src/domain/event-type';
import type { DeliveryProgress } from '../../src/domain/job-run';
import { startHeartbeat } from '../beat';
import type { LateReports } from '../late-report';
import { tryAgain } from '../try-again';
import type { Activities } from '../types';
import type { MakeAttempt } from './attempt';

/**
 * One attempt of one delivery. Running it twice sends the same bytes under the same id twice, which a receiver that
 * follows Standard Webhooks takes for one message; that is the at-least-once half of the guarantee.
 *
 * What each attempt came to goes into the heartbeat details, where the next attempt and `GET /v1/jobs/…` find it.
 */
export function createDeliver(attempt: MakeAttempt, reports: Pick<LateReports, 'forget'>): Activities['deliver'] {
  return async (request) => {
    const { attempt: number, heartbeatDetails } = activityInfo();
    const before = (heartbeatDetails as DeliveryProgress | undefined) ?? request.progress;
    let stopBeating = () => {};
    try {
      const { settled, later } = await attempt(request, before, (progress) => {
        // Recorded before the first attempt it would cost every delivery a request. Where that attempt is lost with its
        // worker the second one records it, so that the retry window runs from then at the latest.
        if (number > 1) heartbeat(progress);
        stopBeating = startHeartbeat(progress);
      });
      if (settled) {
        if (isTerminalEventType(request.event_type)) reports.forget();
        return settled;
      }
      const { not_before: _, ...progress } = later.progress;
      heartbeat(later.type === 'NotDue' ? later.progress : progress);
      throw tryAgain(later.type, later.why, later.retry_in_ms);
    } finally {
      stopBeating();
    }
  };
}
