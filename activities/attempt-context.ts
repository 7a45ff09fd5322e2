import { activityInfo, Context, heartbeat } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

/** What every attempt of an activity needs from the engine: the time, a sign of life, and another attempt later. */

/**
 * Epoch ms, never behind the server's clock at the time it scheduled this attempt: a worker whose clock is late
 * must not stretch windows, and a server that skips time (in tests) takes the worker along.
 */
export function serverTime(): number {
  return Math.max(Date.now(), activityInfo().currentAttemptScheduledTimestampMs);
}

export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

const HEARTBEAT_EVERY_MS = 2_500;

/**
 * Sends heartbeats while an attempt is under way, so that the engine notices a dead worker; `details` stay what they were.
 * The first is sent after a moment, as most attempts are over by then, and a heartbeat is a request and a write.
 * @returns stops it, and says whether any was sent
 */
export function startHeartbeat(details: unknown): () => { readonly wasSent: boolean } {
  let wasSent = false;
  const timer = setInterval(() => {
    wasSent = true;
    heartbeat(details);
  }, HEARTBEAT_EVERY_MS);
  return () => {
    clearInterval(timer);
    return { wasSent };
  };
}

/**
 * Ends an attempt that came to nothing, and has the engine make the next one after `delayMs`: a thousand of these add
 * no history event. Benign, so that waiting is not logged and counted as a failure of the worker.
 * @param details what readers see of the attempt, where no heartbeat has them
 */
export function retryLater(
  type: string,
  message: string,
  delayMs: number,
  details: readonly unknown[] = [],
): ApplicationFailure {
  return withoutStack(
    ApplicationFailure.create({
      type,
      message,
      // Zero would mean "as the retry policy says".
      nextRetryDelay: Math.max(1, Math.ceil(delayMs)),
      category: ApplicationFailureCategory.BENIGN,
      details: [...details],
    }),
  );
}

/** Whether this attempt has to end because its worker stops, which says nothing of what it is about. */
export function isWorkerStopping(): boolean {
  return Context.current().cancellationDetails?.workerShutdown ?? false;
}

/** Ends an attempt whose worker stops: another worker makes the next one at once. */
export function workerStopped(): ApplicationFailure {
  return retryLater('WorkerStopped', 'the worker stopped; another one goes on', 1);
}

/** Failures stand in histories and in the Web UI, which gives up on one that stacks have made large. */
export function withoutStack(failure: ApplicationFailure): ApplicationFailure {
  failure.stack = '';
  return failure;
}
