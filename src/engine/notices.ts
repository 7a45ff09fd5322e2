import type { Client } from '@temporalio/client';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/common';
import type { Config } from '../config/config';
import { NO_PROGRESS } from '../domain/delivery';
import { type DeliveryRequest, firstAttempts } from '../domain/delivery-request';
import type { JobEvent } from '../domain/event';
import type { JobMemo } from '../domain/job-run';
import { JobHeraldError } from '../domain/jobherald-error';
import { runSummary } from '../domain/markdown';
import { NOTICE_WORKFLOW_TYPE, type Notice, type NoticeInput, noticeRequest } from '../domain/notice';
import { noticesQueue } from '../domain/scope-watch';
import { endpointAttribute, SEARCH_ATTRIBUTES } from '../domain/search-attributes';
import type { Subscription } from '../domain/subscription';
import type { TraceContext } from '../domain/trace-context';
import { ROOM_OF_END, renderWithin } from '../formats/render-within';
import { isSubscribed } from '../formats/vocabulary';

/** Notifies one endpoint of something that belongs to no job, by a run of its own; the same notice again is sent once. */
export async function startNotice(
  client: Client,
  taskQueue: string,
  address: Pick<Subscription, 'endpoint' | 'inline'>,
  notice: Notice,
): Promise<void> {
  const request = noticeRequest(notice, address);
  await startDeliveries(client, taskQueue, `notice/${request.message.id}`, [request]);
}

export interface EventNotice {
  /** The same again starts nothing. */
  readonly workflowId: string;
  readonly event: JobEvent;
  readonly subscriptions: readonly Subscription[];
  /** Whose trace it belongs to. Default: its run begins one. */
  readonly trace?: TraceContext | undefined;
  /** A submission that the run stands for: it is started even where nobody is to be notified. */
  readonly memo?: JobMemo;
}

/**
 * Notifies the endpoints that are subscribed to an event, by a run of its own: there is no run of its job to do it.
 * @returns false where that run was started before
 * @throws {JobHeraldError} `unprocessable` where the event is too large to be sent to all of them
 */
export async function startEventNotice(
  client: Client,
  taskQueue: string,
  { workflowId, event, subscriptions, trace, memo }: EventNotice,
): Promise<boolean> {
  const { provider, job } = event.data;
  const { bodies } = renderWithin(
    event,
    subscriptions.filter((subscription) => isSubscribed(subscription, event)),
    ROOM_OF_END,
  );
  const requests = bodies.flatMap(({ message, subscribers }) =>
    subscribers.map(
      (subscription): DeliveryRequest => ({
        provider,
        job,
        delivery_id: `${subscription.endpoint}/${event.id}`,
        event_type: event.type,
        subscription,
        message,
        progress: NO_PROGRESS,
        ...(trace && { trace }),
      }),
    ),
  );
  if (requests.length === 0 && !memo) return false;
  return startDeliveries(client, taskQueue, workflowId, requests, memo);
}

async function startDeliveries(
  client: Client,
  taskQueue: string,
  workflowId: string,
  requests: readonly DeliveryRequest[],
  memo?: JobMemo,
): Promise<boolean> {
  const endpoints = requests.map(({ subscription }) => subscription.endpoint);
  const input: NoticeInput = firstAttempts(requests);
  assertFits(input, requests);
  try {
    await client.workflow.start(NOTICE_WORKFLOW_TYPE, {
      taskQueue,
      workflowId,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      args: [input],
      ...(memo && { memo: { ...memo } }),
      typedSearchAttributes: new TypedSearchAttributes([
        {
          key: SEARCH_ATTRIBUTES.JobEndpoint,
          value: endpointAttribute(requests.map(({ subscription }) => subscription)),
        },
      ]),
      staticSummary: runSummary(`${requests[0]?.event_type ?? 'nothing'} → ${endpoints.join(', ') || 'nobody'}`),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** Of one payload Temporal takes 2 MiB. */
const MAX_INPUT_BYTES = 1_500_000;
/** Of a history 50 MB; an endpoint that does not take its message at once adds it to the history once more. */
const MAX_HISTORY_BYTES = 24_000_000;

function assertFits(input: NoticeInput, requests: readonly DeliveryRequest[]): void {
  const bytes = Buffer.byteLength(JSON.stringify(input));
  const perRequest = requests.reduce((sum, request) => sum + Buffer.byteLength(JSON.stringify(request)), 0);
  if (bytes <= MAX_INPUT_BYTES && perRequest <= MAX_HISTORY_BYTES) return;
  const detail = `${bytes} bytes for ${requests.length} endpoints, which is more than one run can deliver`;
  throw new JobHeraldError('unprocessable', `the event comes to ${detail}`);
}

export type NotifyOperations = (notice: Notice) => Promise<void>;

/**
 * Notifies operators, durably: a run of its own delivers the notice. Without a configured operations endpoint nothing is
 * sent, nor is the operations endpoint notified of itself.
 */
export function createNotifyOperations(client: Client, { operations, temporal }: Config): NotifyOperations {
  const { endpoint } = operations;
  return async (notice) => {
    if (endpoint === '' || notice.data['endpoint'] === endpoint) return;
    await startNotice(client, noticesQueue(temporal.taskQueue), { endpoint }, notice);
  };
}
