import { JobHeraldError } from '../../domain/jobherald-error';
import { type Problem, problem } from './problem';

/** The problem document of a thrown error. What nobody foresaw is `internal`, and says nothing of itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof JobHeraldError) return problem(error.code, error.message, error.faults);
  if (isFrameworkError(error)) return problemOfFramework(error);
  return problem('internal', 'The request failed; the gateway logged why, under the x-request-id of this answer.');
}

interface FrameworkError extends Error {
  readonly code: string;
  readonly statusCode: number;
}

/** Only those that a client can cause. Source: https://fastify.dev/docs/latest/Reference/Errors/ */
function isFrameworkError(error: unknown): error is FrameworkError {
  if (!(error instanceof Error)) return false;
  const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: number };
  // An error of gRPC has a number.
  if (typeof code !== 'string' || !code.startsWith('FST_') || statusCode === undefined) return false;
  return statusCode < 500 || code === 'FST_ERR_HANDLER_TIMEOUT';
}

function problemOfFramework({ code, message }: FrameworkError): Problem {
  switch (code) {
    case 'FST_ERR_BAD_URL':
      return problem('bad_request', 'The path is badly encoded: each % takes two hex digits, together UTF-8.');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return problem('uri_too_long', 'A segment of the path is longer than any name can be.');
    case 'FST_ERR_HANDLER_TIMEOUT':
      return problem('unavailable', 'There was no answer in time; send the request again.');
    default:
      return problem('bad_request', message);
  }
}
