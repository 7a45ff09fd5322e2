import { ProviderError } from '../src/providers/provider';
import { askProvider } from './ask-provider';
import type { Dependencies } from './dependencies';
import type { Activities } from './types';
import { unanswered } from './unanswered';

/** Follows a callback: asks, and again while the provider may get well. Reads only, so running it twice is harmless. */
export function createGetJobStatusOnce(dependencies: Dependencies): Activities['getJobStatusOnce'] {
  return async (question) => {
    try {
      return await askProvider(question, dependencies);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      // What would be the same answer again is final.
      throw unanswered(error, { nonRetryable: error.code !== 'unavailable' });
    }
  };
}
