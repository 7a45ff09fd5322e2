import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { temporal as proto } from '@temporalio/proto';
import type { TemporalConfig } from '../config/config';
import { noticesQueue, questionsQueue, watchQueue } from '../domain/scope-watch';
import { hasStatus, SetupError } from './setup-errors';

const PAUSE_MS = 500;
const { TASK_QUEUE_TYPE_ACTIVITY: ACTIVITY, TASK_QUEUE_TYPE_WORKFLOW: WORKFLOW } = proto.api.enums.v1.TaskQueueType;

/**
 * Makes the configured version current: from then on it gets the work, and workers of other versions, or of none, get what is
 * pinned to them. Only once its workers poll every task queue: before, work would wait for nobody.
 * @returns one line for the operator
 * @throws {SetupError} `refused` where no worker of the version polls in time
 */
export async function setCurrentVersion(
  connection: Connection,
  { namespace, taskQueue, deployment }: TemporalConfig,
  waitMs: number,
): Promise<string> {
  if (!deployment) throw new SetupError('refused', '/temporal/deployment is required');
  const { name: deploymentName, buildId } = deployment;
  const until = Date.now() + waitMs;
  for (;;) {
    const missing = await notPolled(connection, { namespace, taskQueue, deploymentName, buildId });
    if (missing.length === 0) break;
    if (Date.now() >= until) {
      const what = `no worker of version ${buildId} of ${deploymentName} polls ${missing.join(', ')}`;
      throw new SetupError('refused', `${what}; start its workers first, or wait longer with --wait`);
    }
    await sleep(PAUSE_MS);
  }
  const { previousDeploymentVersion } = await connection.workflowService.setWorkerDeploymentCurrentVersion({
    namespace,
    deploymentName,
    buildId,
    identity: 'jobherald setup',
  });
  const before = previousDeploymentVersion?.buildId;
  if (before === buildId) return `version ${buildId} of ${deploymentName} was current already`;
  return `version ${buildId} of ${deploymentName} is current${before ? `, in place of ${before}` : ''}`;
}

/** The task queues of a worker that none of the version polls yet. */
async function notPolled(
  connection: Connection,
  of: {
    readonly namespace: string;
    readonly taskQueue: string;
    readonly deploymentName: string;
    readonly buildId: string;
  },
): Promise<readonly string[]> {
  const { namespace, taskQueue, deploymentName, buildId } = of;
  const needed = [
    { name: taskQueue, type: WORKFLOW },
    { name: taskQueue, type: ACTIVITY },
    { name: questionsQueue(taskQueue), type: ACTIVITY },
    { name: watchQueue(taskQueue), type: ACTIVITY },
    { name: noticesQueue(taskQueue), type: WORKFLOW },
    { name: noticesQueue(taskQueue), type: ACTIVITY },
  ];
  const polled = await connection.workflowService
    .describeWorkerDeploymentVersion({ namespace, deploymentVersion: { deploymentName, buildId } })
    .then(
      ({ versionTaskQueues }) => versionTaskQueues ?? [],
      (error: unknown) => {
        if (hasStatus(error, 'NOT_FOUND')) return []; // nobody has ever polled with this version
        throw error;
      },
    );
  const missing = needed.filter(({ name, type }) => !polled.some((each) => each.name === name && each.type === type));
  return [...new Set(missing.map(({ name }) => name))];
}
