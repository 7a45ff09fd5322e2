import { type NativeConnection, Worker, type WorkerOptions, type WorkflowBundleOption } from '@temporalio/worker';
import { createActivities } from '../../activities';
import type { Dependencies } from '../../activities/dependencies';

export interface CreateWorkerOptions {
  readonly connection: NativeConnection;
  readonly dependencies: Dependencies;
  readonly bundle: WorkflowBundleOption;
}

/** What every worker runs with. */
export const WORKER_SETTINGS = {
  // How long a run waits for the worker that has it cached before another may take it: the delay after a crash.
  stickyQueueScheduleToStartTimeout: '5 seconds',
  // On SIGTERM attempts under way may finish; what is left then is handed back to Temporal.
  shutdownGraceTime: '20 seconds',
  shutdownForceTime: '30 seconds',
} as const satisfies Partial<WorkerOptions>;

/** A worker for all workflows and activities. Any number of them may run. */
export function createWorker({ connection, dependencies, bundle }: CreateWorkerOptions): Promise<Worker> {
  const { temporal, worker } = dependencies.config;
  const { namespace, taskQueue } = temporal;
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle: bundle,
    activities: createActivities(dependencies),
    maxCachedWorkflows: worker.maxCachedWorkflows,
    ...WORKER_SETTINGS,
  });
}
