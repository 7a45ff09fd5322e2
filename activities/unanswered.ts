import { ApplicationFailure } from '@temporalio/common';
import type { ProviderError } from '../src/providers/provider';

/** What the run is told of a provider that could not say how a job is. */
export function unanswered(
  { message }: ProviderError,
  { type = 'Unanswered', nonRetryable }: { readonly type?: string | undefined; readonly nonRetryable: boolean },
): ApplicationFailure {
  const failure = ApplicationFailure.create({ type, message, nonRetryable });
  failure.stack = ''; // it would stand in the history with every hint that comes too early
  return failure;
}
