import type { EventType } from './event-type';
import { uuidV5 } from './uuid';

/**
 * The namespace of every identity that jobherald computes: UUIDv5 of the URL namespace and `https://jobherald.dev`.
 * Published, and never to change: a receiver's deduplication outlives any version of this program.
 */
export const NAMESPACE = '28de626e-1ac5-5709-910d-a79b180c5eb7';

/** A job: who runs it, and what they call it. */
export interface JobName {
  readonly provider: string;
  /** The provider's own name, in its canonical spelling. */
  readonly job: string;
}

/** Temporal's workflow ID of a job, so that any handler can compute it. */
export function workflowIdOf({ provider, job }: JobName): string {
  return `${provider}/${job}`;
}

/** The inverse of {@link workflowIdOf}; provider names hold no slash. */
export function jobNameOf(workflowId: string): JobName {
  const slash = workflowId.indexOf('/');
  return { provider: workflowId.slice(0, slash), job: workflowId.slice(slash + 1) };
}

/** The idempotency key of a submission that gives none. */
export function defaultIdempotencyKey({ provider, job }: JobName): string {
  return uuidV5(NAMESPACE, JSON.stringify([provider, job]));
}

/**
 * The identity of an event, `webhook-id` everywhere.
 * A terminal event and `job.overdue` have no distinguisher, so a second run of the same job, even after Temporal has forgotten
 * the first, make the same id; `job.running` and `job.progress` add their sequence, `job.stalled` the missed deadline,
 * and an event that is passed on the identity that its sender gave it.
 */
export function eventId(
  name: JobName,
  submissionKey: string,
  type: EventType,
  ...distinguishers: readonly (string | number)[]
): string {
  return uuidV5(NAMESPACE, JSON.stringify([name.provider, name.job, submissionKey, type, ...distinguishers]));
}

/**
 * Temporal's request ID of a signal, so that the same message again does not even enter the history.
 * @param key the sender's idempotency key or the transport's message id
 */
export function signalRequestId(signal: string, key: string): string {
  return uuidV5(NAMESPACE, JSON.stringify([signal, key]));
}
