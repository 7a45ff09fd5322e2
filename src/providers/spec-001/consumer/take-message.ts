import type { ProviderInbox } from '../../../engine';
import type { ReadMessage } from '../read-message';

export const PROVIDER = 'spec-001';

/** Larger ones are of no use to a run's history. */
export const MAX_MESSAGE_BYTES = 256 * 1024;

/**
 * Passes a message to its job's run. Resolves when it is safe in Temporal.
 * @throws what the inbox throws
 */
export function takeMessage(message: ReadMessage, inbox: ProviderInbox): Promise<void> {
  const { job, key } = message;
  if (message.kind === 'status') {
    return inbox.report(PROVIDER, job, { idempotency_key: key, data: message.data });
  }
  const { heartbeat_deadline_seconds, description } = message;
  return inbox.heartbeat(PROVIDER, job, {
    idempotency_key: key,
    heartbeat_deadline_seconds,
    ...(description !== undefined && { description }),
  });
}
