import { cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { JobStatus } from '../../src/domain/job-status';
import { type JobQuestion, UNKNOWN_JOB } from '../../src/domain/status-watch';
import { ProviderError } from '../../src/providers/provider';
import { withoutStack } from '../attempt-context';
import type { Dependencies } from '../dependencies';
import type { Activities } from '../types';

type Asking = Pick<Dependencies, 'providers' | 'count'>;

/** Follows a hint: asks once. Reads only, so running it twice is harmless. */
export function createGetJobStatusNow(dependencies: Asking): Activities['getJobStatusNow'] {
  return async (question) => {
    try {
      return await askProvider(question, dependencies);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      // Never retried by the engine: the run then lets the poll ask.
      throw unanswered(error, { type: error.code === 'not_found' ? UNKNOWN_JOB : 'Unanswered', nonRetryable: true });
    }
  };
}

/** Follows a callback: asks, and again while the provider may recover. Reads only, so running it twice is harmless. */
export function createGetJobStatusOnce(dependencies: Asking): Activities['getJobStatusOnce'] {
  return async (question) => {
    try {
      return await askProvider(question, dependencies);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      // What would be the same answer again is final.
      throw unanswered(error, { type: 'Unanswered', nonRetryable: error.code !== 'unavailable' });
    }
  };
}

/**
 * Asks a provider once, and counts the answer.
 * @throws {ProviderError} where it does not answer
 */
async function askProvider(
  { provider: name, job, context }: JobQuestion,
  { providers, count }: Asking,
): Promise<JobStatus> {
  const provider = providers.get(name);
  if (!provider) throw new ProviderError('unavailable', `provider ${name} is not in the configuration`);
  try {
    const status = await provider.getJobStatus(job, cancellationSignal(), context);
    count.providerRequest(name, 'ok');
    return status;
  } catch (error) {
    if (error instanceof ProviderError) count.providerRequest(name, countedAs(error));
    throw error;
  }
}

/** How a question without an answer is counted. */
export function countedAs({ code }: ProviderError): 'not_found' | 'permission_denied' | 'unavailable' {
  return code === 'not_found' || code === 'permission_denied' ? code : 'unavailable';
}

function unanswered(
  { message }: ProviderError,
  options: { readonly type: string; readonly nonRetryable: boolean },
): ApplicationFailure {
  return withoutStack(ApplicationFailure.create({ message, ...options }));
}
