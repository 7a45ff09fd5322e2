import { ProviderError } from '../provider';

/** `Response.Error` of API 3.0. */
export interface ApiError {
  /** `ResourceNotFound.Job`: the part after the dot is more specific. */
  readonly code: string;
  readonly message: string;
}

/** The call that failed, for the error's message. */
export interface AttemptedCall {
  readonly action: Action;
  /** A job, or what else the call is about. */
  readonly what: string;
}

export type Action = 'DescribeJob' | 'DescribeJobs' | 'TerminateJob';

/**
 * Maps a refusal of the API to a {@link ProviderError}.
 * Source of the codes: tencentcloud/batch/v20170312/errors.go of Tencent Cloud's SDK for Go.
 */
export function refusalOf({ code, message }: ApiError, { action, what }: AttemptedCall): ProviderError {
  const cause = `${code}: ${message}`;
  // No job has a name that the API cannot parse.
  if (code === 'InvalidParameter.JobIdMalformed') {
    return new ProviderError('not_found', `Tencent Batch refuses the name ${what} (${cause})`);
  }
  // CAM refuses with either code.
  switch (code === 'AuthFailure.UnauthorizedOperation' ? 'UnauthorizedOperation' : code.split('.', 1)[0]) {
    case 'ResourceNotFound':
      return new ProviderError('not_found', `Tencent Batch does not know ${what} (${cause})`);
    case 'AuthFailure':
      return new ProviderError(
        'permission_denied',
        `Tencent Cloud does not accept the worker's key (${cause}). ${adviceOn(code)}`,
      );
    case 'UnauthorizedOperation':
      return new ProviderError(
        'permission_denied',
        `Tencent Cloud refuses to ${verbOf(action)} ${what} (${cause}). Allow the action batch:${action} to the key's owner (CAM)`,
      );
    default:
      break;
  }
  if (code.startsWith('RequestLimitExceeded')) {
    // The limits are of requests a second.
    const message = `Tencent Batch takes no more requests now (${cause})`;
    return new ProviderError('unavailable', message, { retryAfterMs: 1_000 });
  }
  // TerminateJob refuses a SUBMITTED job too: that will pass, and "unsupported" would end the retries.
  return new ProviderError('unavailable', `Tencent Batch did not ${verbOf(action)} ${what} (${cause})`);
}

/** A failure between here and the API, which may pass. The original is its `cause`. */
export function unreachable(host: string, cause: unknown): ProviderError {
  return new ProviderError('unavailable', `Tencent Batch cannot be reached at ${host}: ${describe(cause)}`, { cause });
}

/** The API has answered, and nobody can read it. */
export function unreadable(host: string, cause: Error): ProviderError {
  return new ProviderError('unreadable', `${host} answers what cannot be read: ${cause.message}`, { cause });
}

function adviceOn(code: string): string {
  return code === 'AuthFailure.SignatureExpire'
    ? 'Set the clock of the worker: it is off by more than five minutes'
    : 'Check secret_id and secret_key under providers.tencent-batch';
}

function verbOf(action: Action): string {
  return action === 'TerminateJob' ? 'terminate' : 'describe';
}

/** The code of Node's errors says the most; the message does not always contain it. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const text = error.message || error.name;
  return code && !text.includes(code) ? `${text} (${code})` : text;
}
