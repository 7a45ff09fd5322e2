import { status } from '@grpc/grpc-js';
import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { NamespaceNotFoundError, ValueError, WorkflowNotFoundError } from '@temporalio/common';
import { JobHeraldError } from '../domain/jobherald-error';

/** gRPC codes of failures that may pass by themselves. */
const PASSING: ReadonlySet<number> = new Set([
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.CANCELLED,
  status.INTERNAL,
  status.UNKNOWN,
]);

/**
 * What is Temporal's fault and may pass becomes `unavailable`, so that callers try again; what Temporal would refuse each time
 * becomes `unprocessable`, so that they do not.
 */
export async function mapTemporalErrors<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (isPassing(cause)) {
      throw new JobHeraldError('unavailable', 'Temporal does not answer right now; try again', { cause });
    }
    if (isRefusedForGood(cause)) {
      const said = detailsOf(cause).slice(0, MAX_DETAILS);
      throw new JobHeraldError('unprocessable', `Temporal does not take this, and would not later: ${said}`, { cause });
    }
    if (isUndecipherable(cause)) {
      const what = 'the run is encrypted with a key that this process does not have';
      throw new JobHeraldError('unavailable', `${what}; an operator has to add it to temporal.codec.keys`, {
        cause,
      });
    }
    throw cause;
  }
}

const MAX_DETAILS = 300;

/** A search attribute that is missing is for an operator to register: the same call succeeds then. */
const NOT_SET_UP = /no mapping defined|search attribute .* is not defined/i;

/** Whether Temporal finds fault with the call itself: it is larger than a limit, or malformed. */
function isRefusedForGood(error: unknown): boolean {
  return grpcCode(error) === status.INVALID_ARGUMENT && !NOT_SET_UP.test(detailsOf(error));
}

/**
 * Whether a run takes no more messages, until it continues as new: Temporal takes 10,000 signals and 2,000 updates of one
 * run.
 */
export function isRunFull(error: unknown): boolean {
  const code = grpcCode(error);
  const isLimit = code === status.INVALID_ARGUMENT || code === status.FAILED_PRECONDITION;
  return isLimit && /limit/i.test(detailsOf(error)) && /\b(signal|update)s?\b/i.test(detailsOf(error));
}

/** What Temporal's server said. */
function detailsOf(error: unknown): string {
  if (isGrpcServiceError(error)) return error.details;
  if (error instanceof ServiceError && error.cause !== undefined) return detailsOf(error.cause);
  return error instanceof Error ? error.message : String(error);
}

/**
 * What Temporal refuses to this program, and would refuse again, becomes a {@link JobHeraldError}. Not for the gateway:
 * there it is the operator's fault and not the caller's.
 */
export async function mapTemporalRefusals<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const refusal = refusalOf(cause);
    throw refusal ? new JobHeraldError(refusal.code, refusal.message, { cause }) : cause;
  }
}

/**
 * For the gateway: that Temporal does not accept its credentials, or has no such namespace, is for an operator to mend, not for the
 * caller. Until then a sender keeps its message.
 */
export async function mapFaultsOfOperators<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const fault = faultOfOperator(cause);
    throw fault ? new JobHeraldError('unavailable', `${fault}. Try again later`, { cause }) : cause;
  }
}

function faultOfOperator(error: unknown): string | undefined {
  const code = grpcCode(error);
  if (code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED) {
    const what = "Temporal does not accept the gateway's API key or client certificate";
    return `${what}; an operator has to renew temporal.api_key or temporal.tls`;
  }
  if (isNamespaceMissing(error)) {
    return 'Temporal does not know the namespace; an operator has to check temporal.namespace, or run "jobherald setup"';
  }
  return undefined;
}

function refusalOf(error: unknown): Pick<JobHeraldError, 'code' | 'message'> | undefined {
  const code = grpcCode(error);
  // A missing run is reported before this as job_not_found or not_found; what is left is the namespace.
  if (isNamespaceMissing(error) || code === status.NOT_FOUND) {
    const message = 'the Temporal namespace does not exist; check its name, or register it with: jobherald setup';
    return { code: 'not_found', message };
  }
  if (code === status.UNAUTHENTICATED) {
    return { code: 'unauthorized', message: 'Temporal does not accept the API key or client certificate' };
  }
  if (code === status.PERMISSION_DENIED) {
    return { code: 'forbidden', message: 'the Temporal API key or client certificate lacks the permission for this' };
  }
  return undefined;
}

/** The SDK meets a payload that the codec could not decrypt, and has handed back as it came. */
function isUndecipherable(error: unknown): boolean {
  return error instanceof ValueError && error.message.includes('binary/encrypted');
}

/** Whether the same call to Temporal may succeed later. */
export function isPassing(error: unknown): boolean {
  const code = grpcCode(error);
  return code !== undefined && PASSING.has(code);
}

/** Whether an answer was larger than what a client takes. Temporal has the same code for a caller that is too fast. */
export function isTooLarge(error: unknown): boolean {
  if (grpcCode(error) !== status.RESOURCE_EXHAUSTED) return false;
  const { message, cause } = error as Error;
  return /larger than max|message too large/i.test(message) || (cause !== undefined && isTooLarge(cause));
}

/** Whether Temporal has no such run, or none that is still open. Says nothing of runs where the namespace itself is not found. */
export function isNotFound(error: unknown): boolean {
  if (isNamespaceMissing(error)) return false;
  return error instanceof WorkflowNotFoundError || grpcCode(error) === status.NOT_FOUND;
}

/** A server that is overloaded says so, too, of a namespace that there is. */
function isNamespaceMissing(error: unknown): boolean {
  if (error instanceof NamespaceNotFoundError) return true;
  return grpcCode(error) === status.NOT_FOUND && /^namespace\b/i.test(detailsOf(error));
}

/** The gRPC code of an error or of what caused it; the SDK wraps some. */
export function grpcCode(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  return error instanceof ServiceError && error.cause !== undefined ? grpcCode(error.cause) : undefined;
}
