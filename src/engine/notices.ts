import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/common';
import type { Config } from '../config/config';
import { NOTICE_WORKFLOW_TYPE, type Notice, noticeRequest } from '../domain/notice';
import type { Subscription } from '../domain/subscription';

/** Tells one endpoint something that belongs to no job, by a run of its own; the same notice again is told once. */
export async function startNotice(
  client: Client,
  taskQueue: string,
  address: Pick<Subscription, 'endpoint' | 'inline'>,
  notice: Notice,
): Promise<void> {
  const request = noticeRequest(notice, address);
  try {
    await client.workflow.start(NOTICE_WORKFLOW_TYPE, {
      taskQueue,
      workflowId: `notice/${request.message.id}`,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      args: [request],
      staticSummary: `${notice.type} → ${address.endpoint}`.slice(0, 200),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

export type NotifyOperations = (notice: Notice) => Promise<void>;

/**
 * Tells operators, durably: a run of its own delivers the notice. Nothing is told where no operations endpoint is
 * configured, nor about the operations endpoint to itself.
 */
export function createNotifyOperations(client: Client, { operations, temporal }: Config): NotifyOperations {
  const { endpoint } = operations;
  return async (notice) => {
    if (endpoint === '' || notice.data['endpoint'] === endpoint) return;
    await startNotice(client, temporal.taskQueue, { endpoint }, notice);
  };
}
