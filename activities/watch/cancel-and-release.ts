import { ApplicationFailure, cancellationSignal, log } from '@temporalio/activity';
import { ProviderError } from '../../src/providers/provider';
import type { Dependencies } from '../dependencies';
import type { Activities } from '../types';

/** Asks the provider to cancel a job. Cancelling a job twice is cancelling it once, so running it twice is harmless. */
export function createCancelJob({ providers }: Dependencies): Activities['cancelJob'] {
  return async ({ provider: name, job, context }) => {
    const provider = providers.get(name);
    if (!provider?.cancelJob) return { kind: 'unsupported' };
    try {
      await provider.cancelJob(job, cancellationSignal(), context);
      return { kind: 'requested' };
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code === 'unavailable') throw error;
      return { kind: error.code === 'unsupported' ? 'unsupported' : 'refused', message: error.message };
    }
  };
}

/** Gives back what a job holds. Releasing what is released already is no error, so running it twice is harmless. */
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
