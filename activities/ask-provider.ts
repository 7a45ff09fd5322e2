import { cancellationSignal } from '@temporalio/activity';
import type { JobStatus } from '../src/domain/job-status';
import type { JobQuestion } from '../src/domain/status-watch';
import { ProviderError } from '../src/providers/provider';
import type { Dependencies } from './dependencies';

/**
 * Asks a provider once, and counts the answer. Reads only, so running it twice is harmless.
 * @throws {ProviderError} where it cannot say
 */
export async function askProvider(
  { provider: name, job, context }: JobQuestion,
  { providers, count }: Pick<Dependencies, 'providers' | 'count'>,
): Promise<JobStatus> {
  const provider = providers.get(name);
  if (!provider) throw new ProviderError('unavailable', `provider ${name} is not in the configuration`);
  try {
    const status = await provider.getJobStatus(job, cancellationSignal(), context);
    count.providerRequest(name, 'ok');
    return status;
  } catch (error) {
    if (error instanceof ProviderError) {
      const { code } = error;
      count.providerRequest(name, code === 'not_found' || code === 'permission_denied' ? code : 'unavailable');
    }
    throw error;
  }
}
