import { status } from '@grpc/grpc-js';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { msToTs, tsToMs } from '@temporalio/common/lib/time';
import { temporal } from '@temporalio/proto';
import { NAMESPACE } from '../domain/identity';
import { WORKFLOW_TYPE } from '../domain/job-messages';
import type { JobMemo } from '../domain/job-run';
import { JobHeraldError } from '../domain/jobherald-error';
import { runSummary } from '../domain/markdown';
import { NOTICE_WORKFLOW_TYPE } from '../domain/notice';
import { REDELIVERY_WORKFLOW_TYPE } from '../domain/redelivery';
import { DONE, JOB_RETRY_WORKFLOW_TYPE, type RetryUnderWayInput, type UnderWay } from '../domain/retry-now';
import { noticesQueue } from '../domain/scope-watch';
import { INLINE, MORE, pendingAt } from '../domain/search-attributes';
import { INLINE_ENDPOINT } from '../domain/subscription';
import { uuidV5 } from '../domain/uuid';
import { lateSubmission } from './late-submission';
import { redeliveryRuns } from './redelivery-runs';
import type { RunId } from './run-history';
import { subscriptionsOf } from './subscriptions-of';
import { grpcCode, isNotFound } from './temporal-errors';
import { executionPages, quoted } from './visibility';

const { PENDING_ACTIVITY_STATE_SCHEDULED: SCHEDULED, PENDING_ACTIVITY_STATE_STARTED: STARTED } =
  temporal.api.enums.v1.PendingActivityState;

/** What a run has pending that is to be tried now. */
export interface WaitingDeliveries {
  /**
   * Has those tried now that wait for their next attempt. An attempt that is under way is left alone, and so never has a second one
   * beside it; progress and numbers stay as they are.
   * @returns how many were woken
   */
  wake(): Promise<number>;
  /** Is to be looked at again: whether it comes to nothing is not known yet. */
  readonly underWay: UnderWay | undefined;
}

/**
 * @param endpoint only those to it; undefined: all
 * @param before what was under way at an earlier look: of that alone the next attempt is made
 */
export async function findWaiting(
  client: Client,
  run: RunId,
  endpoint?: string,
  before?: UnderWay,
): Promise<WaitingDeliveries> {
  const { deliveries, isBeginning } = await deliveriesOf(client, run, endpoint);
  const attempts: Record<string, number> = {};
  const waiting: string[] = [];
  for (const { id, attempt, state } of deliveries) {
    const known = before?.attempts[id] ?? (before === undefined || before.is_beginning ? attempt : DONE);
    const isWaiting = state === SCHEDULED && attempt > 1;
    // The next attempt after the one that was under way, or whatever waits at the first look.
    if (isWaiting && known !== DONE && attempt <= known + 1) waiting.push(id);
    attempts[id] = known === attempt && (state === STARTED || (state === SCHEDULED && !isWaiting)) ? attempt : DONE;
  }
  const is_beginning = isBeginning && (before?.is_beginning ?? true);
  const isLeft = is_beginning || Object.values(attempts).some((attempt) => attempt !== DONE);
  const { workflowId: workflow_id, runId: run_id } = run;
  return {
    underWay: isLeft ? { workflow_id, run_id, attempts, is_beginning } : undefined,
    async wake() {
      await Promise.all(waiting.map((id) => wake(client, run, id)));
      return waiting.length;
    },
  };
}

/** The activities of a run's deliveries, and whether more of them are to come of first attempts. */
async function deliveriesOf(client: Client, { workflowId, runId }: RunId, endpoint?: string) {
  const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
  const pending = (raw.pendingActivities ?? []).map(({ activityType, activityId, attempt, state }) => ({
    type: activityType?.name,
    id: activityId ?? '',
    attempt: attempt ?? 1,
    state,
  }));
  return {
    deliveries: pending.filter(
      ({ type, id }) => type === 'deliver' && (endpoint === undefined || id.startsWith(`${endpoint}/`)),
    ),
    isBeginning: Boolean(raw.pendingWorkflowTask) || pending.some(({ type }) => type === 'deliverFirst'),
  };
}

/**
 * Has a job's deliveries tried now, and what is under way once more where it comes to nothing: of its last run, of the run that notifies
 * endpoints which were added after that one had closed, and of its redeliveries.
 * @throws {JobHeraldError} `unprocessable` for an endpoint that the job does not notify
 */
export async function retryJob(
  client: Client,
  taskQueue: string,
  run: WorkflowExecutionDescription,
  endpoint?: string,
): Promise<void> {
  const memo = (run.memo ?? {}) as Partial<JobMemo>;
  const late = memo.tracked ? await lateSubmission(client, run) : undefined;
  if (endpoint !== undefined) await requireNotified(client, [run, ...(late ? [late] : [])], endpoint);
  const under_way: UnderWay[] = [];
  for (const each of [run, late, ...(await redeliveryRuns(client, run.workflowId, true))]) {
    if (each?.status.name !== 'RUNNING') continue;
    const found = await findWaiting(client, each, endpoint);
    await found.wake();
    if (found.underWay) under_way.push(found.underWay);
  }
  if (under_way.length === 0) return;
  const input: RetryUnderWayInput = { endpoint, under_way };
  await client.workflow.start(JOB_RETRY_WORKFLOW_TYPE, {
    taskQueue,
    // Whoever asks again while the same is under way asks for the same.
    workflowId: `job-retry/${uuidV5(NAMESPACE, JSON.stringify(input))}`,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    args: [input],
    staticSummary: runSummary(`tries ${run.workflowId} now`),
  });
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

/** What visibility is asked for in several queries, by what the attributes say; each run once. */
export interface PendingReader {
  /** The open runs that may have something pending, the oldest of each part first. */
  all(): AsyncGenerator<readonly RunId[]>;
  /** Those of them that were begun since, and that visibility did not show yet: it is a moment behind. */
  late(since: number): AsyncGenerator<readonly RunId[]>;
}

export function createPendingReader(client: Client, taskQueue: string, endpoint: string): PendingReader {
  const names = [INLINE_ENDPOINT.test(endpoint) ? INLINE : endpoint, MORE];
  const pending = names.map(pendingAt).map(quoted).join(', ');
  const notified = names.map(quoted).join(', ');
  const queues = [taskQueue, noticesQueue(taskQueue)].map(quoted).join(', ');
  const open = `ExecutionStatus = 'Running' AND TaskQueue IN (${queues})`;
  const ofType = (type: string) => `${open} AND WorkflowType = ${quoted(type)}`;
  const seen = new Set<string>();

  async function* read(queries: readonly string[]): AsyncGenerator<readonly RunId[]> {
    for (const query of queries) {
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

  return {
    all: () =>
      read([
        `${ofType(WORKFLOW_TYPE)} AND DeliveryState IN (${pending})`,
        `${ofType(REDELIVERY_WORKFLOW_TYPE)} AND JobEndpoint IN (${notified})`,
        `${ofType(NOTICE_WORKFLOW_TYPE)} AND JobEndpoint IN (${notified})`,
        // Jobs that have not ended say no more than this.
        `${ofType(WORKFLOW_TYPE)} AND JobEndpoint IN (${notified})`,
      ]),
    late(since) {
      const types = [WORKFLOW_TYPE, REDELIVERY_WORKFLOW_TYPE, NOTICE_WORKFLOW_TYPE].map(quoted).join(', ');
      const begunSince = `StartTime >= ${quoted(new Date(since).toISOString())}`;
      return read([`${open} AND WorkflowType IN (${types}) AND JobEndpoint IN (${notified}) AND ${begunSince}`]);
    },
  };
}
