import type { JobEvent, PassedEvent } from './event';
import { type EventType, isTerminalEventType } from './event-type';
import { eventId, workflowIdOf } from './identity';
import { type JobInput, NOT_ASKED_YET, type PublishedEvent } from './job-run';
import type { JobStatus } from './job-status';
import type { JsonObject } from './json';

/** What a job's run knows when it makes an event. */
export interface EventContext {
  readonly input: Omit<JobInput, 'subscriptions'>;
  readonly status: JobStatus;
  /** Of this event, from 1. */
  readonly sequence: number;
  /** What the provider has said beside the status, for its own format. */
  readonly said?: JsonObject | null;
  /** Epoch ms. */
  readonly now: number;
}

/** An event of one of our own types. `distinguishers` set it apart from others of its type; see {@link eventId}. */
export function makeEvent(
  { input, status: known, sequence, said, now }: EventContext,
  type: EventType,
  distinguishers: readonly (string | number)[] = [],
): JobEvent {
  const { native, warnings: _, ...status } = known;
  const id = eventId(input, input.idempotency_key, type, ...distinguishers);
  return {
    id,
    type,
    timestamp: timeOf(type, status) ?? new Date(now).toISOString(),
    workflow_id: workflowIdOf(input),
    origin: input.origin ?? null,
    native: native || said ? { ...native, ...said } : null,
    data: {
      provider: input.provider,
      job: input.job,
      ...status,
      sequence,
      correlation_id: input.correlation_id,
      idempotency_key: id,
      metadata: input.metadata,
      labels: input.labels,
    },
  };
}

/** An event that was published before, for an endpoint that was added since: the same identity, sequence and time. */
export function makeAgain(context: EventContext, type: EventType, { id, sequence, at }: PublishedEvent): JobEvent {
  const event = makeEvent({ ...context, sequence, now: at }, type);
  return { ...event, id, data: { ...event.data, idempotency_key: id } };
}

/**
 * A provider's own message about something that is not the job's state, as it came. It is made outside the job's run, so it has
 * no place in the order of the job's events and says nothing of the job's state.
 */
export function makePassedEvent(
  input: EventContext['input'],
  { key, type, timestamp, message }: PassedEvent,
): JobEvent {
  const event = makeEvent({ input, status: NOT_ASKED_YET, sequence: 0, now: 0 }, type, [key]);
  return { ...event, timestamp, native: message, data: { ...event.data, sequence: null, event: message } };
}

/** When it happened, where the provider says so. */
function timeOf(type: EventType, { started_at, ended_at }: JobStatus): string | null {
  if (isTerminalEventType(type)) return ended_at;
  return type === 'job.running' ? started_at : null;
}
