import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request is about, as far as it is known: its path says so, or its body. */
    subject: { readonly job?: string; readonly endpoint?: string };
    /** The code of the problem that it was answered with. */
    problemCode: string | undefined;
  }
}

/** What the last part of a path means; a path that is not here is a hint of a system, pushed to it. */
const VERBS: Readonly<Record<string, string>> = {
  '/v1/jobs': 'submit',
  '/v1/redeliveries': 'redeliver_all',
  '/v1/jobs/:provider/:job/completion': 'complete',
};

/** Sees to it that a call which changes something ends as one line of the log: who, what, of which job or endpoint, and how. */
export function auditCall(request: FastifyRequest, reply: FastifyReply, logger: Logger): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { url = '' } = request.routeOptions;
  const { provider, job, name } = request.params as { provider?: string; job?: string; name?: string };
  request.subject = {
    ...(provider !== undefined && job !== undefined && { job: `${provider}/${job}` }),
    ...(name !== undefined && { endpoint: name }),
  };
  reply.raw.once('close', () => {
    const isAnswered = reply.raw.writableFinished;
    const status = reply.raw.statusCode;
    logger.info(
      {
        audit: true,
        request_id: request.id,
        token: request.tokenName || undefined,
        verb: verbOf(url),
        ...request.subject,
        outcome: !isAnswered ? 'aborted' : status < 400 ? 'accepted' : (request.problemCode ?? String(status)),
        status: isAnswered ? status : undefined,
      },
      'audit',
    );
  });
}

function verbOf(url: string): string {
  const known = VERBS[url];
  if (known !== undefined) return known;
  // A path of a system may hold a secret; what it is called by its pattern does not.
  return url.startsWith('/v1/') ? (url.split('/').at(-1) ?? url) : `push ${url}`;
}
