import { type NativeConnection, Worker, type WorkerOptions, type WorkflowBundleOption } from '@temporalio/worker';
import { createActivities } from '../../activities';
import type { Dependencies } from '../../activities/dependencies';

export interface CreateWorkerOptions {
  readonly connection: NativeConnection;
  readonly dependencies: Dependencies;
  readonly bundle: WorkflowBundleOption;
}

/**
 * How many runs a worker keeps in memory between two of their steps. Open jobs beyond it cost no memory here: Temporal
 * has their histories, and one is fetched again when something happens to it. docs/benchmarks.md has what the number is worth.
 */
const CACHED_RUNS = 110;

/** What every worker runs with. */
export const WORKER_SETTINGS = {
  maxCachedWorkflows: CACHED_RUNS,
  // How long a run waits for the worker that has it in memory before any other may take it: what a crash costs.
  stickyQueueScheduleToStartTimeout: '5 seconds',
  // On SIGTERM attempts under way may finish; what is left then is handed back to Temporal.
  shutdownGraceTime: '20 seconds',
  shutdownForceTime: '30 seconds',
} as const satisfies Partial<WorkerOptions>;

/** A worker for every workflow and activity there is. Any number of them may run. */
export function createWorker({ connection, dependencies, bundle }: CreateWorkerOptions): Promise<Worker> {
  const { namespace, taskQueue } = dependencies.config.temporal;
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle: bundle,
    activities: createActivities(dependencies),
    ...WORKER_SETTINGS,
  });
}
