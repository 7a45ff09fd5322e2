import type { EventType, PassedThroughEventType } from './event-type';
import type { JobStatus } from './job-status';
import type { JsonObject } from './json';

/** A fact about a job, sent to endpoints. Immutable: its id and its bytes never change once made. */
export interface JobEvent {
  /** The event's identity, `webhook-id` at every endpoint. See identity.ts. */
  readonly id: string;
  readonly type: EventType;
  /** When it happened, RFC 3339; never when it was sent. */
  readonly timestamp: string;
  readonly data: JobEventData;
  /** Temporal's workflow ID of the job's run. */
  readonly workflow_id: string;
  /** What the job's own submission said, in its provider's words (a MONAI dispatch without credentials); null for none. */
  readonly origin: JsonObject | null;
  /** What the provider last said in its own words, or the message that is passed on; for its own format. null for none. */
  readonly native: JsonObject | null;
}

/** `data` of the `standard` format. */
export interface JobEventData extends Omit<JobStatus, 'native' | 'warnings'> {
  readonly provider: string;
  readonly job: string;
  /**
   * Counts the job's events from 1; an endpoint that listens to some of them sees gaps. null of an event that is passed on:
   * those have no order.
   */
  readonly sequence: number | null;
  readonly correlation_id: string | null;
  /** The event's id again, for receivers that look only at the body. */
  readonly idempotency_key: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** It would have been too large with them. */
  readonly metadata_omitted?: true;
  readonly labels: Readonly<Record<string, string>>;
  readonly labels_omitted?: true;
  /** Of an event that is passed on: the provider's own message. */
  readonly event?: JsonObject;
}

/** A provider's own event, about something that is not the job's state. */
export interface PassedEvent {
  /** The message's own identity: a repeat is notified once. */
  readonly key: string;
  readonly type: PassedThroughEventType;
  /** When it happened, RFC 3339. */
  readonly timestamp: string;
  /** As the provider sent it. */
  readonly message: JsonObject;
}
