import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { problem } from './problem';
import { sendProblem } from './send-problem';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const satisfies readonly HTTPMethods[];

const UNENCODED_JOB_NAME = /^\/v1\/jobs\/[^/]+\/[^/?]+\/[^?]+/;

/** Answers a path that is not there with 404, and a path that is there for other methods with 405 and `Allow`. */
export function notFoundHandler(app: FastifyInstance) {
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const allowed = METHODS.filter((method) => app.findRoute({ method, url: request.url }) !== null);
    if (allowed.length > 0) {
      const detail = `${request.method} is not possible here; ${allowed.join(', ')} ${allowed.length === 1 ? 'is' : 'are'}.`;
      return sendProblem(reply.header('allow', allowed.join(', ')), problem('method_not_allowed', detail));
    }
    return sendProblem(reply, problem('not_found', notFoundDetail(request.url)));
  };
}

function notFoundDetail(url: string): string {
  const detail = 'There is nothing at this path; /openapi.json lists every route.';
  if (!UNENCODED_JOB_NAME.test(url)) return detail;
  return `${detail} A job name is one path segment: percent-encode its slashes (projects%2Fmy-project%2F…).`;
}
