import { NO_PROGRESS } from './delivery';
import type { DeliveryRequest } from './delivery-request';
import { NAMESPACE } from './identity';
import type { Subscription } from './subscription';
import { uuidV5 } from './uuid';

/** The workflow that delivers one message that belongs to no job. */
export const NOTICE_WORKFLOW_TYPE = 'notice';

/** Events for operators, sent to the endpoint that `operations.endpoint` names; and what `test` sends. */
export type NoticeType = 'endpoint.paused' | 'delivery.exhausted' | 'hint.dead_letter' | 'endpoint.test';

export interface Notice {
  readonly type: NoticeType;
  /** RFC 3339. */
  readonly timestamp: string;
  /** What sets it apart from others: a repeat has the same id and is notified once. */
  readonly distinguishers: readonly (string | number)[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** The argument of a notice that goes to several endpoints. */
export interface NoticeInput {
  readonly requests: readonly DeliveryRequest[];
}

/** Notices are always in the `standard` format: no other has words for them. */
export function noticeRequest(notice: Notice, address: Pick<Subscription, 'endpoint' | 'inline'>): DeliveryRequest {
  const { type, timestamp, data } = notice;
  const id = uuidV5(NAMESPACE, JSON.stringify([type, ...notice.distinguishers]));
  return {
    provider: 'jobherald',
    job: id,
    delivery_id: `${address.endpoint}/${id}`,
    event_type: type,
    subscription: { ...address, events: [], format: 'standard' },
    message: { id, content_type: 'application/json', headers: {}, body: JSON.stringify({ type, timestamp, data }) },
    progress: NO_PROGRESS,
  };
}
