import { createAttempt } from './deliver/attempt';
import { createDeliver, createDeliverFirst } from './deliver/deliver';
import { createIsOvertaken } from './deliver/overtaken';
import { createReadPendingDeliveries } from './deliver/read-pending-deliveries';
import { createRetryPending, createRetryUnderWay } from './deliver/retry-pending';
import type { Dependencies } from './dependencies';
import { createFindJobRuns } from './redeliver/find-job-runs';
import { createRedeliverOwn } from './redeliver/redeliver-own';
import { createRedeliverRuns } from './redeliver/redeliver-runs';
import type { Activities } from './types';
import { createQuestions } from './watch/ask-provider';
import { createCancelJob, createReleaseResources } from './watch/cancel-and-release';
import { createShortQuestions } from './watch/short-questions';
import { createTakeCare } from './watch/take-care';
import { createWatchScope } from './watch/watch-scope';

/** The only code that touches the world on behalf of a run. Each says why running it twice is harmless. */
export function createActivities(dependencies: Dependencies): Activities {
  const attempt = createAttempt(dependencies);
  const shortQuestions = createShortQuestions();
  return {
    ...createQuestions(dependencies, shortQuestions),
    watchScope: createWatchScope(dependencies, shortQuestions),
    takeCare: createTakeCare(dependencies),
    cancelJob: createCancelJob(dependencies),
    releaseResources: createReleaseResources(dependencies),
    deliver: createDeliver(attempt, createIsOvertaken(dependencies)),
    deliverFirst: createDeliverFirst(attempt),
    readPendingDeliveries: createReadPendingDeliveries(dependencies),
    retryPending: createRetryPending(dependencies),
    retryUnderWay: createRetryUnderWay(dependencies),
    redeliverOwn: createRedeliverOwn(dependencies),
    findJobRuns: createFindJobRuns(dependencies),
    redeliverRuns: createRedeliverRuns(dependencies),
  };
}
