import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import {
  ENDPOINT_PAUSE_WORKFLOW_TYPE,
  ENDPOINT_RETRY_WORKFLOW_TYPE,
  type EndpointPauseInput,
  type EndpointRetryInput,
  type EndpointState,
  endpointPauseWorkflowId,
  endpointRetryWorkflowId,
  RESUME_SIGNAL,
  RETRY_SIGNAL,
} from '../domain/endpoint-pause';
import { runSummary } from '../domain/markdown';
import type { Subscription } from '../domain/subscription';
import { isNotFound } from './temporal-errors';

/** Pausing and resuming endpoints, shared by every worker and gateway because it lives in Temporal. */
export interface EndpointPauses {
  stateOf(endpoint: string): Promise<EndpointState>;
  /** An inline endpoint that is paused, or was not long ago, as a job knows it. */
  subscriptionOf(endpoint: string): Promise<Subscription | undefined>;
  /** Pauses an endpoint; one that is paused already keeps its first reason. */
  pause(input: EndpointPauseInput): Promise<{ readonly pausedNow: boolean }>;
  /**
   * Lets its deliveries go on, at once and without a worker, and has what is pending tried now, back-off or not. For an endpoint
   * that is active it does the latter.
   */
  resume(endpoint: string): Promise<void>;
}

export function createEndpointPauses(client: Client, taskQueue: string): EndpointPauses {
  const describe = async (workflowId: string): Promise<WorkflowExecutionDescription | undefined> => {
    try {
      return await client.workflow.getHandle(workflowId).describe();
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };

  const stateOf = async (endpoint: string): Promise<EndpointState> => {
    const pause = await describe(endpointPauseWorkflowId(endpoint));
    if (!pause) return { state: 'active' };
    const { status, runId, startTime, closeTime, memo } = pause;
    const pausedAt = startTime.getTime();
    if (status.name !== 'RUNNING') {
      return { state: 'active', pausedAt, ...(closeTime ? { resumedAt: closeTime.getTime() } : {}) };
    }
    const resumed = await describe(endpointRetryWorkflowId(endpoint, runId));
    if (resumed) return { state: 'active', pausedAt, resumedAt: resumed.startTime.getTime(), completing: runId };
    return { state: 'paused', pausedAt, reason: String(memo?.['reason'] ?? ''), runId };
  };

  return {
    stateOf,
    async subscriptionOf(endpoint) {
      const pause = await describe(endpointPauseWorkflowId(endpoint));
      return pause?.memo?.['subscription'] as Subscription | undefined;
    },
    async pause(input) {
      const before = await stateOf(input.endpoint);
      if (before.state === 'paused') return { pausedNow: false };
      await client.workflow.start(ENDPOINT_PAUSE_WORKFLOW_TYPE, {
        taskQueue,
        workflowId: endpointPauseWorkflowId(input.endpoint),
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        // An earlier pause that no worker has completed gives way; one that somebody has just begun stays.
        workflowIdConflictPolicy: before.completing
          ? WorkflowIdConflictPolicy.TERMINATE_EXISTING
          : WorkflowIdConflictPolicy.USE_EXISTING,
        args: [input],
        memo: { reason: input.reason, ...(input.subscription && { subscription: input.subscription }) },
        staticSummary: runSummary(`${input.endpoint} is paused: ${input.reason}`),
      });
      return { pausedNow: true };
    },
    async resume(endpoint) {
      const before = await stateOf(endpoint);
      const pauseRunId = before.state === 'paused' ? before.runId : before.completing;
      const input: EndpointRetryInput = { endpoint };
      await client.workflow.signalWithStart(ENDPOINT_RETRY_WORKFLOW_TYPE, {
        taskQueue,
        workflowId: endpointRetryWorkflowId(endpoint, pauseRunId),
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        args: [input],
        signal: RETRY_SIGNAL,
        staticSummary: runSummary(`tries what is pending for ${endpoint} now`),
      });
      if (pauseRunId === undefined) return;
      try {
        await client.workflow.getHandle(endpointPauseWorkflowId(endpoint), pauseRunId).signal(RESUME_SIGNAL);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}
