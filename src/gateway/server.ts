import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../config/config';
import type { Endpoints, Jobs, ProviderInbox, Redeliveries } from '../engine';
import type { IngressContext } from '../providers/ingress';
import type { Tracer } from '../tracing/tracer';
import { requireToken, scopeOfRoute, tokenFinder } from './auth/bearer-token';
import { requireLoopback } from './auth/loopback';
import { limitRate } from './auth/rate-limit';
import { createHttpServer } from './http-server';
import { ingressRoutes } from './ingress';
import { auditCall } from './observe/audit';
import { createMetrics, type GatewayMetrics } from './observe/metrics';
import { beginRequestSpan } from './observe/request-span';
import { endpointRoutes } from './routes/endpoints';
import { healthRoutes, type Readiness } from './routes/health';
import { jobRoutes } from './routes/jobs';
import { keySetRoute } from './routes/key-set';
import { metricsRoute } from './routes/metrics';
import { openApiRoute } from './routes/openapi';
import { redeliveryRoutes } from './routes/redeliveries';
import { TIMEOUTS, type Timeouts } from './timeouts';

export interface GatewayOptions {
  readonly config: Config;
  readonly jobs: Jobs;
  readonly endpoints: Endpoints;
  readonly redeliveries: Redeliveries;
  readonly inbox: ProviderInbox;
  /** Notifies operators of what can never be used. Default: nobody is notified. */
  readonly notifyOperations?: IngressContext['notifyOperations'] | undefined;
  /** Whether Temporal can be reached, for `/readyz`; a rejection means that it cannot. */
  readonly ready: () => Promise<Readiness>;
  readonly logger: Logger;
  /** Of jobherald, as `/healthz` and `/openapi.json` say it. */
  readonly version: string;
  /** A registry whose owner collects the process metrics already. Default: a new one, with them. */
  readonly registry?: Registry | undefined;
  /** Absent: no spans are recorded. */
  readonly tracer?: Tracer | undefined;
  /** Default: {@link TIMEOUTS}. */
  readonly timeouts?: Partial<Timeouts> | undefined;
}

export interface Gateway {
  /** Begins to listen at `config.gateway`; resolves with the origin, e.g. `http://127.0.0.1:8080`. */
  listen(): Promise<string>;
  /** Stops listening and resolves when the requests in flight are answered, after `closeMs` at the latest. */
  close(): Promise<void>;
  /** What `/metrics` serves, for whatever else runs in this process on behalf of the gateway. */
  readonly metrics: GatewayMetrics;
  /** Every route there is. */
  readonly routes: readonly { readonly method: HTTPMethods; readonly path: string }[];
}

/** The HTTP API, the provider ingress, and what operators probe. Verifies, parses, passes on, answers; holds no state. */
export function createGateway(options: GatewayOptions): Gateway {
  const { config, jobs, endpoints, redeliveries, inbox, ready, logger, version, registry, tracer } = options;
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const { host, port, tokens, rateLimit } = config.gateway;
  const metrics = createMetrics(registry);
  const app = createHttpServer(logger, metrics, timeouts);

  const routes: { readonly method: HTTPMethods; readonly path: string }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) routes.push({ method: each, path: url });
  });

  app.decorateRequest('span');
  if (tracer) app.addHook('onRequest', async (request, reply) => beginRequestSpan(request, reply, tracer));
  const audited = async (request: FastifyRequest, reply: FastifyReply) => auditCall(request, reply, logger);
  const limited = rateLimit && limitRate(rateLimit, tokenFinder(tokens));
  // Audited first: what is refused is of interest, too.
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.url !== undefined) await audited(request, reply);
    await limited?.(request, reply);
  });
  if (tokens.length === 0) app.addHook('onRequest', requireLoopback);

  app.register(async (api) => {
    api.addHook('onRequest', requireToken(tokens, scopeOfRoute));
    jobRoutes(api, jobs, config, tracer);
    redeliveryRoutes(api, redeliveries);
    endpointRoutes(api, endpoints);
  });

  ingressRoutes(app, config, { jobs, inbox, metrics, logger, notifyOperations: options.notifyOperations });

  app.register(async (open) => {
    healthRoutes(open, ready, version, timeouts.readyMs);
    metricsRoute(open, metrics.registry);
    openApiRoute(open, version);
    keySetRoute(open, config.secrets);
  });

  return {
    listen: () => app.listen({ host, port }),
    close: () => app.close(),
    metrics,
    routes,
  };
}
