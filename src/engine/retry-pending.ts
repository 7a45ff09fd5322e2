import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { msToTs, tsToMs } from '@temporalio/common/lib/time';
import { temporal } from '@temporalio/proto';
import { WORKFLOW_TYPE } from '../domain/job-messages';
import type { JobMemo } from '../domain/job-run';
import { JobHeraldError } from '../domain/jobherald-error';
import { NOTICE_WORKFLOW_TYPE } from '../domain/notice';
import { REDELIVERY_WORKFLOW_TYPE } from '../domain/redelivery';
import { noticesQueue } from '../domain/scope-watch';
import { INLINE, MORE, pendingAt } from '../domain/search-attributes';
import { INLINE_ENDPOINT } from '../domain/subscription';
import { lateSubmission } from './late-submission';
import { redeliveryRuns } from './redelivery-runs';
import type { RunId } from './run-history';
import { subscriptionsOf } from './subscriptions-of';
import { grpcCode, isNotFound } from './temporal-errors';
import { executionPages, quoted } from './visibility';

const { PENDING_ACTIVITY_STATE_SCHEDULED: SCHEDULED } = temporal.api.enums.v1.PendingActivityState;

/** The deliveries of a run that wait for their next attempt. */
export interface WaitingDeliveries {
  /**
   * Has them tried now. An attempt that is under way is left alone, and so never has a second one beside it; progress and numbers
   * stay as they are.
   * @returns how many were woken
   */
  wake(): Promise<number>;
}

/** @param endpoint only those to it; undefined: all */
export async function findWaiting(client: Client, run: RunId, endpoint?: string): Promise<WaitingDeliveries> {
  const { waiting } = await deliveriesOf(client, run, endpoint);
  return {
    async wake() {
      await Promise.all(waiting.map(({ activityId }) => wake(client, run, activityId ?? '')));
      return waiting.length;
    },
  };
}

/** The activities of a run's deliveries: those that wait for their next attempt, and whether any has yet to begin to wait. */
async function deliveriesOf(client: Client, { workflowId, runId }: RunId, endpoint?: string) {
  const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
  const pending = raw.pendingActivities ?? [];
  const deliveries = pending.filter(
    ({ activityType, activityId }) =>
      activityType?.name === 'deliver' && (endpoint === undefined || activityId?.startsWith(`${endpoint}/`)),
  );
  return {
    waiting: deliveries.filter(({ state, attempt }) => state === SCHEDULED && (attempt ?? 1) > 1),
    areBeginning:
      Boolean(raw.pendingWorkflowTask) ||
      deliveries.some(({ attempt }) => (attempt ?? 1) === 1) ||
      pending.some(({ activityType }) => activityType?.name === 'deliverFirst'),
  };
}

/** How long a delivery is waited for that has just been tried: its activity knows only then that it has to wait. */
const BEGUN_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 100;

/** A job shows what its first attempts came to before its deliveries have begun to wait for the next. */
async function untilBegun(client: Client, run: RunId, endpoint?: string): Promise<void> {
  for (const giveUpAt = performance.now() + BEGUN_WITHIN_MS; performance.now() < giveUpAt; await sleep(LOOK_EVERY_MS)) {
    if (!(await deliveriesOf(client, run, endpoint)).areBeginning) return;
  }
}

/**
 * The same for a job: for its last run, the run that notifies endpoints which were added after that one had closed, and its
 * redeliveries.
 * @throws {JobHeraldError} `unprocessable` for an endpoint that the job does not notify
 */
export async function retryJob(client: Client, run: WorkflowExecutionDescription, endpoint?: string): Promise<void> {
  const memo = (run.memo ?? {}) as Partial<JobMemo>;
  const late = memo.tracked ? await lateSubmission(client, run) : undefined;
  if (endpoint !== undefined) await requireNotified(client, [run, ...(late ? [late] : [])], endpoint);
  for (const each of [run, late, ...(await redeliveryRuns(client, run.workflowId))]) {
    if (each?.status.name !== 'RUNNING') continue;
    await untilBegun(client, each, endpoint);
    await (await findWaiting(client, each, endpoint)).wake();
  }
}

async function requireNotified(client: Client, runs: readonly WorkflowExecutionDescription[], endpoint: string) {
  const names = (await Promise.all(runs.map((run) => subscriptionsOf(client, run))))
    .flat()
    .map((each) => each.endpoint);
  if (names.includes(endpoint)) return;
  const notified = [...new Set(names)].join(', ') || 'none';
  const detail = `the job does not notify an endpoint ${endpoint}; it notifies: ${notified}`;
  throw new JobHeraldError('unprocessable', detail, { faults: [{ pointer: '/endpoint', detail }] });
}

/**
 * Of an activity that waits Temporal computes the time of the next attempt anew when its options change, by the retry policy and
 * no longer by the delay that the last attempt asked for; the policy says one second, and stays what it is. One that is under way
 * goes on undisturbed, which a reset would cancel.
 */
async function wake(client: Client, { workflowId, runId }: RunId, id: string): Promise<void> {
  const { namespace, identity } = client.options;
  try {
    await client.workflowService.updateActivityOptions({
      namespace,
      identity,
      execution: { workflowId, runId },
      id,
      activityOptions: { retryPolicy: { initialInterval: msToTs(RETRY_INTERVAL) } },
      updateMask: { paths: ['retry_policy.initial_interval'] },
    });
  } catch (cause) {
    if (isNotFound(cause)) return; // settled meanwhile
    if (grpcCode(cause) !== status.UNIMPLEMENTED) throw cause;
    const what = 'this Temporal server cannot try a delivery before it is due (UpdateActivityOptions)';
    throw new JobHeraldError('unavailable', `${what}; use a newer server, or wait until it is due`, { cause });
  }
}

/** As workflows/deliver-activity.ts has it. */
const RETRY_INTERVAL = '1 second';

/**
 * The open runs that may have something pending for an endpoint, the oldest of each part first: those that say so by their
 * attributes, and at last jobs that have not ended, whose attributes do not say it.
 */
export async function* runsWithPending(
  client: Client,
  taskQueue: string,
  endpoint: string,
): AsyncGenerator<readonly RunId[]> {
  const names = [INLINE_ENDPOINT.test(endpoint) ? INLINE : endpoint, MORE];
  const pending = names.map(pendingAt).map(quoted).join(', ');
  const notified = names.map(quoted).join(', ');
  const queues = [taskQueue, noticesQueue(taskQueue)].map(quoted).join(', ');
  const open = `ExecutionStatus = 'Running' AND TaskQueue IN (${queues})`;
  const ofType = (type: string) => `${open} AND WorkflowType = ${quoted(type)}`;
  const seen = new Set<string>();
  for (const query of [
    `${ofType(WORKFLOW_TYPE)} AND DeliveryState IN (${pending})`,
    `${ofType(REDELIVERY_WORKFLOW_TYPE)} AND JobEndpoint IN (${notified})`,
    `${ofType(NOTICE_WORKFLOW_TYPE)} AND JobEndpoint IN (${notified})`,
    `${ofType(WORKFLOW_TYPE)} AND JobEndpoint IN (${notified})`,
  ]) {
    const found: (RunId & { readonly startedAt: number })[] = [];
    for await (const page of executionPages(client, query)) {
      for (const { execution, startTime } of page) {
        const { workflowId, runId } = execution ?? {};
        if (!workflowId || !runId || seen.has(runId)) continue;
        seen.add(runId);
        found.push({ workflowId, runId, startedAt: startTime ? tsToMs(startTime) : 0 });
      }
    }
    yield found.sort((a, b) => a.startedAt - b.startedAt);
  }
}
