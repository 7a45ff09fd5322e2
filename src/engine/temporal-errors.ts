import { status } from '@grpc/grpc-js';
import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { JobHeraldError } from '../domain/jobherald-error';

/** gRPC codes that may pass by themselves. */
const PASSING: ReadonlySet<number> = new Set([
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.CANCELLED,
  status.INTERNAL,
  status.UNKNOWN,
]);

/** Speaks to Temporal; what is Temporal's fault and may pass becomes `unavailable`, so that callers try again. */
export async function mapTemporalErrors<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isPassing(error)) {
      throw new JobHeraldError('unavailable', 'Temporal does not answer just now; try again', { cause: error });
    }
    throw error;
  }
}

/** Whether Temporal may answer otherwise when it is asked again. */
export function isPassing(error: unknown): boolean {
  const code = grpcCode(error);
  return code !== undefined && PASSING.has(code);
}

/** Whether Temporal has no such run, or none that is still open. */
export function isNotFound(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || grpcCode(error) === status.NOT_FOUND;
}

/** The gRPC code of an error or of what caused it; the SDK wraps some. */
export function grpcCode(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  return error instanceof ServiceError && error.cause !== undefined ? grpcCode(error.cause) : undefined;
}
