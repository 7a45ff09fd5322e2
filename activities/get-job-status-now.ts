import { ApplicationFailure, cancellationSignal } from '@temporalio/activity';
import { UNKNOWN_JOB } from '../src/domain/status-watch';
import { ProviderError, type ProviderErrorCode } from '../src/providers/provider';
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
      throw unanswered(error.message, code);
    }
  };
}

/** The run then lets the patient poll ask, so this is never retried by itself. */
function unanswered(message: string, code?: ProviderErrorCode): ApplicationFailure {
  const type = code === 'not_found' ? UNKNOWN_JOB : 'Unanswered';
  const failure = ApplicationFailure.create({ type, message, nonRetryable: true });
  failure.stack = ''; // it would stand in the history with every hint that comes too early
  return failure;
}
