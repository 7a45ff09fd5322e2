import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import { MAX_BODY_BYTES, takeRawBodies } from './body/raw-body';
import { drainOnClose } from './drain-on-close';
import type { GatewayMetrics } from './observe/metrics';
import { observeRequest } from './observe/observe-request';
import { requestId } from './observe/request-id';
import { answerError } from './problems/answer-error';
import { answerClientError } from './problems/client-error';
import { notFoundHandler } from './problems/not-found';
import type { Timeouts } from './timeouts';

/** Request line and headers; Node's own default, said here because a job name in a path counts. */
const MAX_HEADER_BYTES = 16 * 1024;

/** An HTTP server without routes: limits, request IDs, log, metrics, problems, and an orderly close. */
export function createHttpServer(logger: Logger, metrics: GatewayMetrics, timeouts: Timeouts): FastifyInstance {
  const app: FastifyInstance = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: requestId,
    bodyLimit: MAX_BODY_BYTES,
    // A job name is as long as the header limit lets it be; what is wrong with a long one is for its provider to say.
    routerOptions: { maxParamLength: MAX_HEADER_BYTES },
    requestTimeout: timeouts.requestMs,
    handlerTimeout: timeouts.handlerMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    connectionTimeout: timeouts.idleMs,
    http: {
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: timeouts.checkMs,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    // A request that made it in while closing is served like those before it.
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    // Faults before any route is found skip the hooks.
    frameworkErrors: (error, request, reply) => {
      begin(request, reply);
      answerError(error, request, reply, logger);
    },
  });

  const begin = (request: FastifyRequest, reply: FastifyReply): void => {
    observeRequest(request, reply, metrics, logger);
    reply.header('x-request-id', request.id);
  };

  // RFC 9110 section 10.1.1 leaves it to a server; Node would answer 417, and with nothing that says why.
  app.server.on('checkExpectation', app.routing);
  app.decorateRequest('tokenName', '');
  app.decorateRequest('mayName');
  app.decorateRequest('subject');
  app.decorateRequest('problemCode');
  app.decorateRequest('unavailableBecause');
  app.addHook('onRequest', async (request, reply) => begin(request, reply));
  takeRawBodies(app);
  drainOnClose(app, timeouts.closeMs);
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, logger));
  app.setNotFoundHandler(notFoundHandler(app));
  return app;
}
