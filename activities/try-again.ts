import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

/**
 * Ends an attempt that came to nothing, and has the engine make the next one after `delayMs`: a thousand of these add
 * no history event. Benign, so that waiting is not logged and counted as a failure of the worker.
 * @param details what readers are told of the attempt, where no heartbeat has
 */
export function tryAgain(
  type: string,
  message: string,
  delayMs: number,
  details: readonly unknown[] = [],
): ApplicationFailure {
  const failure = ApplicationFailure.create({
    type,
    message,
    // Zero would mean "as the retry policy says".
    nextRetryDelay: Math.max(1, Math.ceil(delayMs)),
    category: ApplicationFailureCategory.BENIGN,
    details: [...details],
  });
  // Operators read the message in the Web UI, which gives up on a failure that stacks have made large.
  failure.stack = '';
  return failure;
}
