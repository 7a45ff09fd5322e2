import { createCancelJob } from './cancel-job';
import { createAttempt } from './deliver/attempt';
import { createDeliver } from './deliver/deliver';
import { createDeliverFirst } from './deliver/deliver-first';
import { createPromptness } from './deliver/promptness';
import type { Dependencies } from './dependencies';
import { createFindJobRuns } from './find-job-runs';
import { createGetJobStatus } from './get-job-status';
import { createGetJobStatusNow } from './get-job-status-now';
import { createGetJobStatusOnce } from './get-job-status-once';
import type { LateReports } from './late-report';
import { createReadPendingDeliveries } from './read-pending-deliveries';
import { createRedeliverOwn } from './redeliver-own';
import { createRedeliverRuns } from './redeliver-runs';
import { createReleaseResources } from './release-resources';
import type { Activities } from './types';

/** The only code that touches the world on behalf of a run. Each says why running it twice is harmless. */
export function createActivities(dependencies: Dependencies, reports: LateReports): Activities {
  const promptness = createPromptness();
  const attempt = createAttempt(dependencies, promptness);
  return {
    getJobStatus: createGetJobStatus(dependencies, reports),
    getJobStatusNow: createGetJobStatusNow(dependencies, promptness, reports),
    getJobStatusOnce: createGetJobStatusOnce(dependencies),
    cancelJob: createCancelJob(dependencies),
    releaseResources: createReleaseResources(dependencies),
    deliver: createDeliver(attempt, reports),
    deliverFirst: createDeliverFirst(attempt, reports),
    readPendingDeliveries: createReadPendingDeliveries(dependencies),
    redeliverOwn: createRedeliverOwn(dependencies),
    findJobRuns: createFindJobRuns(dependencies),
    redeliverRuns: createRedeliverRuns(dependencies),
  };
}
