import type { Client } from '@temporalio/client';
import { tsToDate } from '@temporalio/common/lib/time';
import { temporal } from '@temporalio/proto';
import type { Config } from '../config/config';
import { jobNameOf } from '../domain/identity';
import { WORKFLOW_TYPE } from '../domain/job-messages';
import type { Notice } from '../domain/notice';
import { REDELIVERY_WORKFLOW_TYPE } from '../domain/redelivery';
import { SCOPE_WATCH_WORKFLOW_TYPE } from '../domain/scope-watch';
import { webUiLink } from './links';
import { type ExecutionInfo, executionPages, quoted } from './visibility';

/** A run that Temporal or somebody ended before its work was done. */
export interface BrokenRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
  readonly status: 'terminated' | 'failed' | 'timed_out';
  /** RFC 3339. */
  readonly closedAt: string;
}

/**
 * The workflows whose runs are missed where they are broken, by type. A pause is not among them: one that begins before a worker
 * has completed the last one terminates it.
 */
const MISSED_TYPES = [WORKFLOW_TYPE, SCOPE_WATCH_WORKFLOW_TYPE, REDELIVERY_WORKFLOW_TYPE];

const { WorkflowExecutionStatus: Status } = temporal.api.enums.v1;

/** The runs of this installation that were broken since then, epoch ms, by the index. */
export async function* brokenRuns(client: Client, taskQueue: string, since: number): AsyncGenerator<BrokenRun> {
  const query = [
    `WorkflowType IN (${MISSED_TYPES.map(quoted).join(', ')})`,
    `ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut')`,
    `TaskQueue = ${quoted(taskQueue)}`,
    `CloseTime >= ${quoted(new Date(since).toISOString())}`,
  ].join(' AND ');
  for await (const page of executionPages(client, query)) yield* page.map(brokenRunOf);
}

function brokenRunOf({ execution, type, status, closeTime }: ExecutionInfo): BrokenRun {
  return {
    workflowId: execution?.workflowId ?? '',
    runId: execution?.runId ?? '',
    type: type?.name ?? '',
    status:
      status === Status.WORKFLOW_EXECUTION_STATUS_TERMINATED
        ? 'terminated'
        : status === Status.WORKFLOW_EXECUTION_STATUS_TIMED_OUT
          ? 'timed_out'
          : 'failed',
    closedAt: (closeTime ? tsToDate(closeTime) : new Date()).toISOString(),
  };
}

/** The operations event of a broken run: once for each, however often it is found. */
export function brokenRunNotice({ workflowId, runId, type, status, closedAt }: BrokenRun, config: Config): Notice {
  const { ui, namespace } = config.temporal;
  const ofJob = type === WORKFLOW_TYPE ? jobNameOf(workflowId) : { provider: null, job: null };
  return {
    type: 'job.broken',
    timestamp: closedAt,
    distinguishers: [runId],
    data: {
      ...ofJob,
      workflow_id: workflowId,
      run_id: runId,
      workflow_type: type,
      status,
      closed_at: closedAt,
      web_ui: webUiLink(ui, namespace, workflowId, runId),
    },
  };
}
