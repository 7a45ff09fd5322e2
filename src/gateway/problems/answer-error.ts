import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { problemOf } from './problem-of';
import { sendProblem } from './send-problem';

declare module 'fastify' {
  interface FastifyRequest {
    /** Why it was answered with 503. */
    unavailableBecause: string | undefined;
  }
}

/** Answers an error as a problem. Logs those that an operator has to know of; details of 4xx may quote a body. */
export function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): FastifyReply {
  const problem = problemOf(error);
  const { code, status } = problem;
  const about = { request_id: request.id, code };

  if (code === 'internal') logger.error({ ...about, err: error }, 'request failed');
  else if (status === 503) {
    // The line of the request says why. That Temporal is away is said by the process, once.
    request.unavailableBecause = problem.detail;
    logger.debug({ ...about, err: error }, 'request cannot be served now');
  } else if (status === 401 || status === 403) logger.info({ ...about, reason: problem.detail }, 'request refused');

  return sendProblem(reply, problem);
}
