import { status as Code } from '@grpc/grpc-js';
import { ProviderError } from '../provider';
import type { Collection } from './job-name';

/** What was tried, for the message. */
export interface Attempted {
  readonly verb: 'get' | 'cancel';
  readonly job: string;
  readonly collection: Collection;
}

/** Puts a gRPC or credential error into the words every provider uses; the original stays as `cause`. */
export function toProviderError(error: unknown, { verb, job, collection }: Attempted): ProviderError {
  const { code, details } = readError(error);
  const options = { cause: error };
  switch (code) {
    case Code.NOT_FOUND:
      return new ProviderError('not_found', `Vertex AI does not know ${job}: ${details}`, options);
    case Code.INVALID_ARGUMENT:
      // A name that the API cannot read names no job. Asked to cancel, it may also mean a state that cannot be.
      return verb === 'get'
        ? new ProviderError('not_found', `Vertex AI refuses the name ${job}: ${details}`, options)
        : new ProviderError('unsupported', `Vertex AI does not cancel ${job}: ${details}`, options);
    case Code.PERMISSION_DENIED:
      return new ProviderError(
        'permission_denied',
        `Vertex AI refuses to ${verb} ${job}: ${details}. Grant aiplatform.${collection}.${verb} to the worker's service account`,
        options,
      );
    case Code.UNAUTHENTICATED:
      return new ProviderError(
        'permission_denied',
        `Vertex AI does not accept the worker's credentials: ${details}`,
        options,
      );
    case Code.UNIMPLEMENTED:
      return new ProviderError('unsupported', `Vertex AI cannot ${verb} ${job}: ${details}`, options);
    default:
      break;
  }
  return (
    noCredentials(error) ?? new ProviderError('unavailable', `Vertex AI did not answer for ${job}: ${details}`, options)
  );
}

/** What to do where this machine has no credentials at all; undefined for any other error. */
export function noCredentials(error: unknown): ProviderError | undefined {
  const { details } = readError(error);
  if (!/default credentials/i.test(details)) return undefined;
  return new ProviderError(
    'permission_denied',
    `no Application Default Credentials: attach a service account to the worker, set GOOGLE_APPLICATION_CREDENTIALS, ` +
      `or run "gcloud auth application-default login" (${details})`,
    { cause: error },
  );
}

function readError(error: unknown): { readonly code: unknown; readonly details: string } {
  if (typeof error !== 'object' || error === null) return { code: undefined, details: String(error) };
  const { code, details, message } = error as { code?: unknown; details?: unknown; message?: unknown };
  return { code, details: String(details || message || error) };
}
