import { activityInfo, heartbeat } from '@temporalio/activity';
import { type AttemptResult, type FirstResults, requestsOf } from '../../src/domain/delivery-request';
import type { LateReports } from '../late-report';
import { serverTime } from '../server-time';
import type { Activities } from '../types';
import type { MakeAttempt } from './attempt';

const BEAT_EVERY_MS = 2_500;
/** What came of several is recorded by one request; and by none, where all are told within it. */
const GATHER_MS = 200;

/**
 * The first attempt of one event at several endpoints, side by side: what costs one delivery several endpoints cost too
 * as long as all is well. Whoever does not take it at once is handed back, for an activity of its own.
 *
 * What came of each goes into the heartbeat details a moment after it is known, so a crash repeats only what was not
 * recorded; and that, as with every attempt, with the same bytes under the same id.
 */
export function createDeliverFirst(
  attempt: MakeAttempt,
  reports: Pick<LateReports, 'forget'>,
): Activities['deliverFirst'] {
  return async (batch) => {
    const recorded = (activityInfo().heartbeatDetails as FirstResults | undefined) ?? {};
    const results = new Map<string, AttemptResult>(Object.entries(recorded));
    let gathering: NodeJS.Timeout | undefined;
    const beat = () => {
      gathering = undefined;
      heartbeat(Object.fromEntries(results));
    };
    const timer = setInterval(beat, BEAT_EVERY_MS);
    try {
      await Promise.all(
        requestsOf(batch)
          .filter(({ delivery_id }) => !results.has(delivery_id))
          .map(async (request) => {
            results.set(request.delivery_id, due(await attempt(request, request.progress, () => {})));
            gathering ??= setTimeout(beat, GATHER_MS);
          }),
      );
      // Only ends are told together.
      if ([...results.values()].every(({ settled }) => settled)) reports.forget();
      return Object.fromEntries(results);
    } finally {
      clearInterval(timer);
      clearTimeout(gathering);
    }
  };
}

/** Handed to another activity, "in five seconds" has to be a time. */
function due(result: AttemptResult): AttemptResult {
  if (!result.later) return result;
  const { later } = result;
  return { later: { ...later, progress: { ...later.progress, not_before: serverTime() + later.retry_in_ms } } };
}
