import type { AdoptMessage } from './job-messages';
import type { JobInput } from './job-run';
import { withAdded } from './subscription';
import type { TraceContext } from './trace-context';

/** The input of a run that was begun by tracking, once it has adopted the submission of its job. */
export function withSubmission({ tracked: _, ...input }: JobInput, message: AdoptMessage): JobInput {
  const { submission_sha256: __, subscriptions, ...submitted } = message;
  return { ...input, ...submitted, subscriptions: withAdded(input.subscriptions, subscriptions) };
}

/** What a run is sent to adopt: of an object that has more, such as a run's input, these members alone. */
export function adoptMessage(
  from: Omit<AdoptMessage, 'trace'> & { readonly trace?: TraceContext | undefined },
): AdoptMessage {
  const { submission_sha256, idempotency_key, correlation_id, subscriptions, metadata, labels } = from;
  const { heartbeat_deadline_seconds, overdue_after_seconds, trace } = from;
  return {
    submission_sha256,
    idempotency_key,
    correlation_id,
    subscriptions,
    metadata,
    labels,
    ...(heartbeat_deadline_seconds !== undefined && { heartbeat_deadline_seconds }),
    ...(overdue_after_seconds !== undefined && { overdue_after_seconds }),
    ...(trace && { trace }),
  };
}
