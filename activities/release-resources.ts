import { ApplicationFailure, cancellationSignal, log } from '@temporalio/activity';
import { ProviderError } from '../src/providers/provider';
import type { Dependencies } from './dependencies';
import type { Activities } from './types';

/** Gives back what a job holds. A provider takes no offence at what is released already, so running it twice is harmless. */
export function createReleaseResources({ providers }: Dependencies): Activities['releaseResources'] {
  return async ({ provider: name, job, context }) => {
    const provider = providers.get(name);
    if (!provider) throw new Error(`provider ${name} is not in the configuration`);
    try {
      await provider.release?.(job, cancellationSignal(), context);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code === 'unavailable') throw error;
      if (error.code === 'not_found') return; // nothing is left of it
      log.error('the provider does not release what a job holds', { provider: name, job, error: error.message });
      throw ApplicationFailure.create({ type: 'NotReleased', message: error.message, nonRetryable: true });
    }
  };
}
