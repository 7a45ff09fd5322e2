import { ApplicationFailure } from '@temporalio/activity';
import { ProviderError } from '../src/providers/provider';
import { askProvider } from './ask-provider';
import type { Dependencies } from './dependencies';
import type { Activities } from './types';

/** Follows a callback: asks, and again while the provider may get well. Reads only, so running it twice is harmless. */
export function createGetJobStatusOnce(dependencies: Dependencies): Activities['getJobStatusOnce'] {
  return async (question) => {
    try {
      return await askProvider(question, dependencies);
    } catch (error) {
      throw error instanceof ProviderError ? unanswered(error) : error;
    }
  };
}

/** What would be the same answer again is final. */
function unanswered({ code, message }: ProviderError): ApplicationFailure {
  const failure = ApplicationFailure.create({ type: 'Unanswered', message, nonRetryable: code !== 'unavailable' });
  failure.stack = '';
  return failure;
}
