import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { PROBES } from '../routes/health';
import type { GatewayMetrics } from './metrics';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Sees to it that a request ends as one log line and one count, answered or aborted. The route is logged by its
 * pattern; no body, header or query is logged, since any of them may hold a secret.
 */
export function observeRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  metrics: GatewayMetrics,
  logger: Logger,
): void {
  const started = performance.now();
  reply.raw.once('close', () => {
    const ms = performance.now() - started;
    const route = request.routeOptions.url ?? 'unmatched';
    const method = METHODS.has(request.method) ? request.method : 'other';
    const status = reply.raw.writableFinished ? reply.raw.statusCode : 'aborted';

    metrics.requests.inc({ route, method, status });
    metrics.duration.observe({ route, method, status }, ms / 1000);

    const line = {
      request_id: request.id,
      method,
      route,
      status,
      ms: Math.round(ms),
      token: request.tokenName || undefined,
      reason: request.unavailableBecause,
    };
    if (status === 500) logger.error(line, 'request');
    else if (PROBES.has(route) && status === 200) logger.debug(line, 'request');
    else logger.info(line, 'request');
  });
}
