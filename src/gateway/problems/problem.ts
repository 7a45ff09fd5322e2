import type { Problem as ProblemBody } from '../../../schemas/types';
import { ERROR_STATUS, type Fault } from '../../domain/jobherald-error';

/** Where docs/errors.md is published; `type` of a problem is this and its code. */
export const PROBLEM_TYPE_BASE = 'https://jobherald.dev/errors/';

/** Every code that the gateway answers with: the client's own, and those that only HTTP knows. */
export const PROBLEM_STATUS = {
  ...ERROR_STATUS,
  method_not_allowed: 405,
  request_timeout: 408,
  uri_too_long: 414,
  headers_too_large: 431,
  /** A fault of jobherald's own; the log has it under the request ID. */
  internal: 500,
} as const;

export type ProblemCode = keyof typeof PROBLEM_STATUS;

/** An error answer. Source: RFC 9457, with `code` and `errors` as extension members. */
export interface Problem extends ProblemBody {
  readonly detail: string;
  readonly code: ProblemCode;
}

export const PROBLEM_TITLE: Readonly<Record<ProblemCode, string>> = {
  bad_request: 'The request is not well-formed',
  unauthorized: 'A valid token is needed',
  forbidden: 'This request is not allowed',
  job_not_found: 'No such job',
  not_found: 'No such resource',
  method_not_allowed: 'The resource does not have this method',
  request_timeout: 'The request took too long to connect',
  conflict: 'The job is there already, with another body',
  too_large: 'The body is too large',
  uri_too_long: 'The URI is too long',
  unprocessable: 'The request names something that cannot be used',
  headers_too_large: 'The headers are too large',
  internal: 'Something went wrong in jobherald',
  rate_limited: 'Too many requests',
  unavailable: 'Try again later',
};

export function problem(code: ProblemCode, detail: string, faults: readonly Fault[] = []): Problem {
  return {
    type: PROBLEM_TYPE_BASE + code,
    title: PROBLEM_TITLE[code],
    status: PROBLEM_STATUS[code],
    detail,
    code,
    ...(faults.length > 0 && { errors: faults }),
  };
}
