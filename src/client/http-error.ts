import type { Problem } from '../../schemas/types';
import { ERROR_STATUS, type ErrorCode, type Fault, JobHeraldError } from '../domain/jobherald-error';
import { readJson } from '../domain/json';

/** An answer, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  /** The value of `location`, where there is one. */
  readonly location: string | null;
  readonly text: string;
}

/** The error that an answer outside 2xx reports: the gateway's own code, message and faults. */
export function errorOf(answer: HttpAnswer, origin: string): JobHeraldError {
  const problem = readProblem(answer.text);
  if (!problem) return errorWithoutProblem(answer, origin);
  const message = problem.detail ?? problem.title;
  return new JobHeraldError(codeOf(problem.code, answer.status), message, { faults: faultsOf(problem) });
}

/** A proxy in front of the gateway has answered, or a server that is not a gateway. */
function errorWithoutProblem({ status, location }: HttpAnswer, origin: string): JobHeraldError {
  if (status >= 300 && status < 400) {
    const where = location ?? 'another address';
    return new JobHeraldError('not_found', `${origin} redirects to ${where}; give the url of the gateway itself`);
  }
  const advice = status >= 500 ? 'try again' : 'check that the url is that of a jobherald gateway';
  return new JobHeraldError(codeOf(undefined, status), `${origin} answered HTTP ${status}; ${advice}`);
}

/** For codes that only the gateway has, and for statuses of a proxy in front of it. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'not_found',
  408: 'unavailable',
  409: 'conflict',
  413: 'too_large',
  414: 'too_large',
  422: 'unprocessable',
  425: 'unavailable',
  429: 'unavailable',
  431: 'too_large',
};

function codeOf(code: string | undefined, status: number): ErrorCode {
  if (code !== undefined && Object.hasOwn(ERROR_STATUS, code)) return code as ErrorCode;
  return CODE_OF_STATUS[status] ?? (status >= 500 ? 'unavailable' : 'bad_request');
}

/** The gateway's own problem document: RFC 9457 with our `code`. */
function readProblem(text: string): Problem | undefined {
  try {
    const value: unknown = readJson(text);
    const { code, title } = (value ?? {}) as Partial<Problem>;
    return typeof code === 'string' && typeof title === 'string' ? (value as Problem) : undefined;
  } catch {
    return undefined;
  }
}

function faultsOf({ errors }: Problem): readonly Fault[] {
  return Array.isArray(errors) ? errors.map(({ pointer, detail }) => ({ pointer, detail })) : [];
}
