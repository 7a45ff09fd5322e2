import { ProviderError } from '../provider';

/** `Response.Error` of API 3.0. */
export interface ApiError {
  /** `ResourceNotFound.Job`: what comes after the dot narrows what stands before it. */
  readonly code: string;
  readonly message: string;
}

/** What was tried, for the message. */
export interface Attempted {
  readonly action: Action;
  readonly job: string;
}

export type Action = 'DescribeJob' | 'TerminateJob';

/**
 * Puts a refusal of the API into the words every provider uses.
 * Source of the codes: tencentcloud/batch/v20170312/errors.go of Tencent Cloud's SDK for Go.
 */
export function refusalOf({ code, message }: ApiError, { action, job }: Attempted): ProviderError {
  const why = `${code}: ${message}`;
  // A name that the API cannot read names no job.
  if (code === 'InvalidParameter.JobIdMalformed') {
    return new ProviderError('not_found', `Tencent Batch refuses the name ${job} (${why})`);
  }
  // CAM's refusals come under either name.
  switch (code === 'AuthFailure.UnauthorizedOperation' ? 'UnauthorizedOperation' : code.split('.', 1)[0]) {
    case 'ResourceNotFound':
      return new ProviderError('not_found', `Tencent Batch does not know ${job} (${why})`);
    case 'AuthFailure':
      return new ProviderError(
        'permission_denied',
        `Tencent Cloud does not accept the worker's key (${why}). ${adviceOn(code)}`,
      );
    case 'UnauthorizedOperation':
      return new ProviderError(
        'permission_denied',
        `Tencent Cloud refuses to ${verbOf(action)} ${job} (${why}). Allow the action batch:${action} to the key's owner (CAM)`,
      );
    default:
      break;
  }
  // Also what TerminateJob says of a job that is SUBMITTED: that will pass, and "unsupported" would end the watch.
  return new ProviderError('unavailable', `Tencent Batch did not ${verbOf(action)} ${job} (${why})`);
}

/** What went wrong on the way there or back; it may pass. The original stays as `cause`. */
export function unreachable(host: string, cause: unknown): ProviderError {
  return new ProviderError('unavailable', `Tencent Batch cannot be reached at ${host}: ${describe(cause)}`, { cause });
}

function adviceOn(code: string): string {
  return code === 'AuthFailure.SignatureExpire'
    ? 'Set the clock of the worker: it is more than five minutes off'
    : 'Look at secret_id and secret_key under providers.tencent-batch';
}

function verbOf(action: Action): string {
  return action === 'DescribeJob' ? 'describe' : 'terminate';
}

/** Node's and undici's errors say the most in their code, which a connection to several addresses hides in its parts. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const text = error.message || error.name;
  return code && !text.includes(code) ? `${text} (${code})` : text;
}
