import { NO_PROGRESS } from './delivery';
import type { DeliveryRequest, FirstAttempts } from './delivery-request';
import { defaultIdempotencyKey, type JobName, NAMESPACE } from './identity';
import type { Subscription } from './subscription';
import type { TraceContext } from './trace-context';
import { uuidV5 } from './uuid';

/** The workflow that delivers one message that is no part of a job's own run. */
export const NOTICE_WORKFLOW_TYPE = 'notice';

/** Of the run that passes on one event of a provider: the same event again is the same run. */
export function noticeWorkflowId(name: JobName, eventId: string): string {
  return noticesPrefix(name) + eventId;
}

/** Finds the runs that pass on the events of one job. */
export function noticesQuery(name: JobName): string {
  return `WorkflowType = '${NOTICE_WORKFLOW_TYPE}' AND WorkflowId STARTS_WITH '${noticesPrefix(name)}'`;
}

/** A UUID in place of the job's name, which may be as long as a workflow ID, and hold quotes. */
function noticesPrefix(name: JobName): string {
  return `notice/${defaultIdempotencyKey(name)}/`;
}

/** Events for operators, sent to the endpoint that `operations.endpoint` names; and what `test` sends. */
export type NoticeType =
  | 'endpoint.paused'
  | 'delivery.exhausted'
  | 'hint.dead_letter'
  | 'job.broken'
  | 'endpoint.test'
  | 'job.unreadable';

export interface Notice {
  readonly type: NoticeType;
  /** RFC 3339. */
  readonly timestamp: string;
  /** What sets it apart from others: a repeat has the same id and is notified once. */
  readonly distinguishers: readonly (string | number)[];
  readonly data: Readonly<Record<string, unknown>>;
  /** Whose trace it belongs to. Default: its run begins one. */
  readonly trace?: TraceContext | undefined;
}

/** The argument of a notice: one event to some endpoints, a body that they share once. */
export type NoticeInput = FirstAttempts;

/** Notices are always in the `standard` format: no other has words for them. */
export function noticeRequest(notice: Notice, address: Pick<Subscription, 'endpoint' | 'inline'>): DeliveryRequest {
  const { type, timestamp, data, trace } = notice;
  const id = uuidV5(NAMESPACE, JSON.stringify([type, ...notice.distinguishers]));
  return {
    provider: 'jobherald',
    job: id,
    delivery_id: `${address.endpoint}/${id}`,
    event_type: type,
    subscription: { ...address, events: [], format: 'standard' },
    message: { id, content_type: 'application/json', headers: {}, body: JSON.stringify({ type, timestamp, data }) },
    progress: NO_PROGRESS,
    ...(trace && { trace }),
  };
}
