import { type ClientUnaryCall, status as Code, Metadata, type ServiceError } from '@grpc/grpc-js';
import { ProviderError } from '../provider';
import type { Stub } from './clients';
import type { Collection } from './job-name';
import { retryDelayOf } from './retry-info';

type Method = (
  request: object,
  metadata: Metadata,
  options: { readonly deadline: Date },
  callback: (error: ServiceError | null, response: unknown) => void,
) => ClientUnaryCall;

/**
 * Calls a method. It calls the stub, not the generated method: that one has neither
 * cancellation nor a deadline, and it parses all protos again for every error with details.
 * @throws {ServiceError} the API's refusal; the signal's reason once it is aborted
 */
export function callApi(
  stub: Stub,
  method: string,
  request: object,
  { routing, deadlineMs, signal }: CallOptions,
): Promise<unknown> {
  const metadata = new Metadata();
  // Google's front end routes by this header (https://google.aip.dev/client-libraries/4222).
  metadata.set('x-goog-request-params', new URLSearchParams(routing).toString());
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const call = (stub[method] as Method).call(
      stub,
      request,
      metadata,
      { deadline: new Date(Date.now() + deadlineMs) },
      (error, response) => {
        signal.removeEventListener('abort', abort);
        if (signal.aborted) reject(signal.reason);
        else if (error) reject(error);
        else resolve(response);
      },
    );
    const abort = () => call.cancel();
    signal.addEventListener('abort', abort);
  });
}

export interface CallOptions {
  /** The member of the request that names a resource. */
  readonly routing: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** The call that failed, for the error's message. */
export interface AttemptedCall {
  readonly verb: 'get' | 'cancel' | 'list';
  /** A job's, or what was to be listed. */
  readonly name: string;
  readonly collection: Collection;
}

/** Maps a gRPC or credential error to a {@link ProviderError}; the original is its `cause`. */
export function toProviderError(error: unknown, { verb, name, collection }: AttemptedCall): ProviderError {
  const { code, details } = readError(error);
  const options = { cause: error, retryAfterMs: retryDelayOf(error) };
  switch (code) {
    case Code.NOT_FOUND:
      return verb === 'list'
        ? new ProviderError('unsupported', `Vertex AI does not list ${name}: ${details}`, options)
        : new ProviderError('not_found', `Vertex AI does not know ${name}: ${details}`, options);
    case Code.INVALID_ARGUMENT:
      // For a get, the API refuses the name, so there is no such job. For a cancel, the job's state may be the reason.
      return verb === 'get'
        ? new ProviderError('not_found', `Vertex AI refuses the name ${name}: ${details}`, options)
        : new ProviderError('unsupported', `Vertex AI does not ${verb} ${name}: ${details}`, options);
    case Code.PERMISSION_DENIED:
      return new ProviderError(
        'permission_denied',
        `Vertex AI refuses to ${verb} ${name}: ${details}. Grant aiplatform.${collection}.${verb} to the worker's service account`,
        options,
      );
    case Code.UNAUTHENTICATED:
      return new ProviderError(
        'permission_denied',
        `Vertex AI does not accept the worker's credentials: ${details}`,
        options,
      );
    case Code.UNIMPLEMENTED:
      return new ProviderError('unsupported', `Vertex AI cannot ${verb} ${name}: ${details}`, options);
    default:
      break;
  }
  return (
    noCredentials(error) ??
    new ProviderError('unavailable', `Vertex AI did not answer for ${name}: ${details}`, options)
  );
}

/** The error for a machine without any credentials; undefined for any other cause. */
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
