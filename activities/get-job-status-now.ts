import { ApplicationFailure, cancellationSignal } from '@temporalio/activity';
import { ProviderError } from '../src/providers/provider';
import type { Dependencies } from './dependencies';
import type { Activities } from './types';

/** Follows a hint: asks once. Reads only, so running it twice is harmless. */
export function createGetJobStatusNow({ providers, count }: Dependencies): Activities['getJobStatusNow'] {
  return async ({ provider: name, job }) => {
    const provider = providers.get(name);
    if (!provider) throw unanswered(`provider ${name} is not in the configuration`);
    try {
      const status = await provider.getJobStatus(job, cancellationSignal());
      count.providerRequest(name, 'ok');
      return status;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      const { code } = error;
      count.providerRequest(name, code === 'not_found' || code === 'permission_denied' ? code : 'unavailable');
      throw unanswered(error.message, error);
    }
  };
}

/** The run then lets the patient poll ask, so this is never retried by itself. */
function unanswered(message: string, cause?: Error): ApplicationFailure {
  return ApplicationFailure.create({ type: 'Unanswered', message, nonRetryable: true, ...(cause ? { cause } : {}) });
}
