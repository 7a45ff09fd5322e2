import type { Client } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import {
  ENDPOINT_PAUSE_WORKFLOW_TYPE,
  type EndpointPauseInput,
  type EndpointState,
  endpointPauseWorkflowId,
} from '../domain/endpoint-pause';
import type { Subscription } from '../domain/subscription';
import { beginning } from '../domain/text-size';
import { isNotFound } from './temporal-errors';

/** Pausing and resuming endpoints, shared by every worker and gateway because it lives in Temporal. */
export interface EndpointPauses {
  stateOf(endpoint: string): Promise<EndpointState>;
  /** An inline endpoint that is paused, or was not long ago, as a job knows it. */
  subscriptionOf(endpoint: string): Promise<Subscription | undefined>;
  /** Pauses an endpoint; one that is paused already keeps its first reason. */
  pause(input: EndpointPauseInput): Promise<{ readonly pausedNow: boolean }>;
  /** Lets its deliveries go on, at once and without a worker; harmless for an endpoint that is active. */
  resume(endpoint: string): Promise<void>;
}

export function createEndpointPauses(client: Client, taskQueue: string): EndpointPauses {
  const handleOf = (endpoint: string) => client.workflow.getHandle(endpointPauseWorkflowId(endpoint));

  const stateOf = async (endpoint: string): Promise<EndpointState> => {
    try {
      const { status, startTime, closeTime, memo } = await handleOf(endpoint).describe();
      const pausedAt = startTime.getTime();
      if (status.name === 'RUNNING') return { state: 'paused', pausedAt, reason: String(memo?.['reason'] ?? '') };
      return { state: 'active', pausedAt, ...(closeTime ? { resumedAt: closeTime.getTime() } : {}) };
    } catch (error) {
      if (isNotFound(error)) return { state: 'active' };
      throw error;
    }
  };

  return {
    stateOf,
    async subscriptionOf(endpoint) {
      try {
        const { memo } = await handleOf(endpoint).describe();
        return memo?.['subscription'] as Subscription | undefined;
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    async pause(input) {
      if ((await stateOf(input.endpoint)).state === 'paused') return { pausedNow: false };
      await client.workflow.start(ENDPOINT_PAUSE_WORKFLOW_TYPE, {
        taskQueue,
        workflowId: endpointPauseWorkflowId(input.endpoint),
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        args: [input],
        memo: { reason: input.reason, ...(input.subscription && { subscription: input.subscription }) },
        staticSummary: beginning(`${input.endpoint} is paused: ${input.reason}`, 200),
      });
      return { pausedNow: true };
    },
    async resume(endpoint) {
      try {
        await handleOf(endpoint).terminate('resumed');
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}
