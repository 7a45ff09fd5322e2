import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/config';
import type { Consumer, IngressContext, IngressRequest } from '../providers/ingress';
import { SYSTEMS } from '../providers/registry';
import { requireToken } from './auth/bearer-token';
import { isLoopback } from './auth/loopback';
import { MAX_BODY_BYTES } from './body/raw-body';
import { ACCEPTED } from './routes/accepted';

/** Mounts the routes that systems push to. Each verifies its sender in its own way, before the body is read if it can. */
export function ingressRoutes(app: FastifyInstance, { gateway, providers }: Config, context: IngressContext): void {
  const development = gateway.tokens.length === 0 && isLoopback(gateway.host);
  const needToken = requireToken(gateway.tokens, () => 'hint');
  for (const system of SYSTEMS) {
    const config = providers[system.name];
    for (const route of system.ingress?.() ?? []) {
      if (route.isOffered?.(config) === false) continue;
      const authenticate = route.authenticate?.(config, development);
      const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
        if (route.needsToken) await needToken(request, reply);
        await authenticate?.(ingressRequest(request), (value) => reply.header('www-authenticate', value));
      };
      const bodyLimit = route.maxBytes ?? MAX_BODY_BYTES;
      const about = { unverifiedBody: route.verifiesBody ?? false };
      app.post(route.path, { bodyLimit, config: about, onRequest }, async (request, reply) => {
        await route.take(ingressRequest(request), config, context);
        return route.answer === 202 ? reply.code(202).send(ACCEPTED) : reply.code(204).send();
      });
    }
  }
}

function ingressRequest({ id, params, headers, raw, body }: FastifyRequest): IngressRequest {
  return {
    id,
    params: params as Record<string, string>,
    headers,
    headersDistinct: raw.headersDistinct,
    body: body as Buffer | undefined,
  };
}

/** Starts whatever brings messages of systems without being called, as configured. */
export function startConsumers({ providers }: Pick<Config, 'providers'>, context: IngressContext): Consumer {
  const consumers = SYSTEMS.flatMap((system) => system.startConsumers?.(providers[system.name], context) ?? []);
  return {
    ready: () => consumers.every((consumer) => consumer.ready()),
    async close() {
      await Promise.all(consumers.map((consumer) => consumer.close()));
    },
  };
}
