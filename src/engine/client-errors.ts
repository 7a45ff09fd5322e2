import { status } from '@grpc/grpc-js';
import { NamespaceNotFoundError } from '@temporalio/common';
import { JobHeraldError } from '../domain/jobherald-error';
import { grpcCode } from './temporal-errors';

/**
 * Says as a {@link JobHeraldError} what Temporal refuses to this program, and would refuse again. Not for the gateway:
 * there it is the operator's fault and not the caller's.
 */
export async function explainTemporalErrors<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    // A run that is not there has been told as such before; what is left is the namespace.
    if (cause instanceof NamespaceNotFoundError || grpcCode(cause) === status.NOT_FOUND) {
      const what = 'Temporal does not know the namespace; check its name, or register it with: jobherald setup';
      throw new JobHeraldError('not_found', what, { cause });
    }
    if (grpcCode(cause) === status.UNAUTHENTICATED) {
      throw new JobHeraldError('unauthorized', 'Temporal does not accept the API key or client certificate', { cause });
    }
    if (grpcCode(cause) === status.PERMISSION_DENIED) {
      throw new JobHeraldError('forbidden', 'Temporal does not allow this to the API key or client certificate', {
        cause,
      });
    }
    throw cause;
  }
}
