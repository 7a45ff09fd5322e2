import type { FastifyReply } from 'fastify';
import type { Problem } from './problem';

/** Seconds after which a client is asked to come again when the gateway cannot serve it. */
const RETRY_AFTER_SECONDS = 5;

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  if (problem.status === 429 && !reply.hasHeader('retry-after')) reply.header('retry-after', 1);
  reply.request.problemCode = problem.code;
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
