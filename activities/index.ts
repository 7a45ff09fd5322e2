import { createAttempt } from './deliver/attempt';
import { createDeliver, createDeliverFirst } from './deliver/deliver';
import { createReadPendingDeliveries } from './deliver/read-pending-deliveries';
import type { Dependencies } from './dependencies';
import { createFindJobRuns } from './redeliver/find-job-runs';
import { createRedeliverOwn } from './redeliver/redeliver-own';
import { createRedeliverRuns } from './redeliver/redeliver-runs';
import type { Activities } from './types';
import { createGetJobStatusNow, createGetJobStatusOnce } from './watch/ask-provider';
import { createCancelJob, createReleaseResources } from './watch/cancel-and-release';
import { createGetJobStatus } from './watch/get-job-status';

/** The only code that touches the world on behalf of a run. Each says why running it twice is harmless. */
export function createActivities(dependencies: Dependencies): Activities {
  const attempt = createAttempt(dependencies);
  return {
    getJobStatus: createGetJobStatus(dependencies),
    getJobStatusNow: createGetJobStatusNow(dependencies),
    getJobStatusOnce: createGetJobStatusOnce(dependencies),
    cancelJob: createCancelJob(dependencies),
    releaseResources: createReleaseResources(dependencies),
    deliver: createDeliver(attempt),
    deliverFirst: createDeliverFirst(attempt),
    readPendingDeliveries: createReadPendingDeliveries(dependencies),
    redeliverOwn: createRedeliverOwn(dependencies),
    findJobRuns: createFindJobRuns(dependencies),
    redeliverRuns: createRedeliverRuns(dependencies),
  };
}
