import {
  type InjectedSinks,
  type NativeConnection,
  Worker,
  type WorkerOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { createActivities } from '../../activities';
import { INLINE_SLOTS } from '../../activities/deliver/limits';
import type { Dependencies } from '../../activities/dependencies';
import type { Config, TemporalConfig } from '../config/config';
import type { JobSinks } from '../domain/job-sinks';
import { noticesQueue, questionsQueue, watchQueue } from '../domain/scope-watch';
import { createPayloadCodec } from './payload-codec';

export interface CreateWorkerOptions {
  readonly connection: NativeConnection;
  readonly dependencies: Dependencies;
  readonly bundle: WorkflowBundleOption;
}

/** What every worker runs with. */
export const WORKER_SETTINGS = {
  // How long a run waits for the worker that has it cached before another may take it: the delay after a crash.
  stickyQueueScheduleToStartTimeout: '5 seconds',
  // On SIGTERM attempts under way may finish; what is left then is handed back to Temporal. The process has 10 s in all.
  shutdownGraceTime: '5 seconds',
  shutdownForceTime: '6 seconds',
} as const satisfies Partial<WorkerOptions>;

/** A notice has nothing to wait for but its endpoints, and is read from its history where it is not cached. */
const MAX_CACHED_NOTICES = 100;
/** So that a burst of notices takes no more of the server and of this process than it has to. */
const FEW_POLLERS = { maxConcurrentWorkflowTaskPolls: 2, maxConcurrentActivityTaskPolls: 2 } as const;

/** The four pollers of a worker process: each has its own task queue and slots, so that none waits for another's work. */
export interface JobWorker {
  /** Works until it is shut down. Rejects where a part ended by an error; the others are shut down then. */
  run(): Promise<void>;
  /** Lets what is under way finish, or hands it back. */
  shutdown(): void;
  /** Of the part that runs workflows and deliveries. */
  getState(): ReturnType<Worker['getState']>;
}

/** For work that is no attempt, and for deliveries that find their endpoint's share taken and leave at once. */
const OTHER_SLOTS = 100;
/** The share of an endpoint without `limits.concurrency`. */
const UNLIMITED_SLOTS = 1_000;

/**
 * Activities at once: as many as all endpoints together may have attempts under way, and some for the rest. So however
 * many endpoints hang, each within its share, a slot is free for the next delivery.
 */
export function deliverySlots({ endpoints }: Pick<Config, 'endpoints'>): number {
  return endpoints.reduce(
    (slots, { limits }) => slots + (limits.concurrency || UNLIMITED_SLOTS),
    INLINE_SLOTS + OTHER_SLOTS,
  );
}

/**
 * The workflows' own failures quote nothing from outside, so the bundle does without the failure converter, and failures stay
 * readable where nothing is encrypted.
 */
function encryption({ codec }: TemporalConfig): Pick<WorkerOptions, 'dataConverter'> {
  if (!codec) return {};
  const payloadCodecs = [createPayloadCodec(codec)];
  return {
    dataConverter: {
      payloadCodecs,
      ...(codec.encrypt && { failureConverterPath: require.resolve('./failure-converter') }),
    },
  };
}

/** All task queues are of one version. What runs for ever (scopeWatch, caretaker) upgrades itself, whatever the others do. */
function versioning({ deployment }: TemporalConfig): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (!deployment) return {};
  const { name: deploymentName, buildId, behavior } = deployment;
  return {
    workerDeploymentOptions: {
      useWorkerVersioning: true,
      version: { deploymentName, buildId },
      defaultVersioningBehavior: behavior === 'pinned' ? 'PINNED' : 'AUTO_UPGRADE',
    },
  };
}

/** Runs every workflow and activity there is. Any number of worker processes may run. */
export async function createWorker({ connection, dependencies, bundle }: CreateWorkerOptions): Promise<JobWorker> {
  const { temporal, worker } = dependencies.config;
  const { namespace, taskQueue } = temporal;
  const everywhere = { connection, namespace, ...WORKER_SETTINGS, ...encryption(temporal), ...versioning(temporal) };
  const activities = createActivities(dependencies);
  const { count } = dependencies;
  const sinks: InjectedSinks<JobSinks> = {
    metrics: {
      overdue: { fn: (_, provider) => count.overdue(provider), callDuringReplay: false },
      ended: { fn: (_, provider, by) => count.ended(provider, by), callDuringReplay: false },
    },
  };
  const { watchScope, takeCare, getJobStatus, getJobStatusOnce, cancelJob, releaseResources } = activities;
  const { deliver, deliverFirst } = activities;
  const main = await Worker.create({
    ...everywhere,
    taskQueue,
    workflowBundle: bundle,
    activities,
    sinks,
    maxConcurrentActivityTaskExecutions: deliverySlots(dependencies.config),
    maxCachedWorkflows: worker.maxCachedWorkflows,
  });
  const questions = await Worker.create({
    ...everywhere,
    taskQueue: questionsQueue(taskQueue),
    activities: { getJobStatus, getJobStatusOnce, cancelJob, releaseResources },
  });
  const watches = await Worker.create({
    ...everywhere,
    taskQueue: watchQueue(taskQueue),
    activities: { watchScope, takeCare },
    shutdownGraceTime: 0, // a watch has nothing to finish
  });
  const notices = await Worker.create({
    ...everywhere,
    taskQueue: noticesQueue(taskQueue),
    workflowBundle: bundle,
    activities: { deliver, deliverFirst },
    maxConcurrentActivityTaskExecutions: deliverySlots(dependencies.config),
    maxCachedWorkflows: Math.min(worker.maxCachedWorkflows, MAX_CACHED_NOTICES),
    ...FEW_POLLERS,
  });
  const parts = [main, questions, watches, notices];
  const shutdown = () => {
    // Once only, and not where one is ending already: the SDK takes either for a mistake.
    for (const part of parts) if (part.getState() === 'RUNNING') part.shutdown();
  };
  return {
    async run() {
      // Each finishes what it has in flight, also where another one has failed: whoever runs them closes their tools next.
      const ends = await Promise.allSettled(parts.map((part) => part.run().finally(shutdown)));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
    shutdown,
    getState: () => main.getState(),
  };
}
