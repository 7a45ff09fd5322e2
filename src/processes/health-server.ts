import { fastify } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { drainOnClose } from '../gateway/drain-on-close';
import { answerError } from '../gateway/problems/answer-error';
import { notFoundHandler } from '../gateway/problems/not-found';
import { healthRoutes, type Readiness } from '../gateway/routes/health';
import { metricsRoute } from '../gateway/routes/metrics';
import { TIMEOUTS } from '../gateway/timeouts';
import { listening } from './running-process';

export interface HealthServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly ready: () => Promise<Readiness>;
  readonly registry: Registry;
  readonly version: string;
  readonly logger: Logger;
}

export interface HealthServer {
  readonly origin: string;
  close(): Promise<void>;
}

const CLOSE_WITHIN_MS = 1_000;

/**
 * Serves a worker's `/healthz`, `/readyz` and `/metrics`, as the gateway does.
 * @throws {ListenError} where it cannot listen
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { host, port, ready, registry, version, logger } = options;
  const app = fastify({ logger: false });
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, logger));
  app.setNotFoundHandler(notFoundHandler(app));
  drainOnClose(app, CLOSE_WITHIN_MS);
  healthRoutes(app, ready, version, TIMEOUTS.readyMs);
  metricsRoute(app, registry);
  const origin = await listening(() => app.listen({ host, port }), '/worker', `${host}:${port}`);
  return { origin, close: () => app.close() };
}
