import { cancellationSignal } from '@temporalio/activity';
import { ProviderError } from '../src/providers/provider';
import type { Dependencies } from './dependencies';
import type { Activities } from './types';

/** Passes a wish to cancel on. Cancelling a job twice is cancelling it once, so running it twice is harmless. */
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
