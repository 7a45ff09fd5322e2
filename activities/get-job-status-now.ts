import { ApplicationFailure } from '@temporalio/activity';
import { UNKNOWN_JOB } from '../src/domain/status-watch';
import { ProviderError } from '../src/providers/provider';
import { askProvider } from './ask-provider';
import type { Dependencies } from './dependencies';
import type { Activities } from './types';

/** Follows a hint: asks once. Reads only, so running it twice is harmless. */
export function createGetJobStatusNow(dependencies: Dependencies): Activities['getJobStatusNow'] {
  return async (question) => {
    try {
      return await askProvider(question, dependencies);
    } catch (error) {
      throw error instanceof ProviderError ? unanswered(error) : error;
    }
  };
}

/** The run then lets the patient poll ask, so this is never retried by itself. */
function unanswered({ code, message }: ProviderError): ApplicationFailure {
  const type = code === 'not_found' ? UNKNOWN_JOB : 'Unanswered';
  const failure = ApplicationFailure.create({ type, message, nonRetryable: true });
  failure.stack = ''; // it would stand in the history with every hint that comes too early
  return failure;
}
