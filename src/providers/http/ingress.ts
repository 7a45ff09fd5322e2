import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HttpServiceConfig } from '../../config/config';
import { JobHeraldError } from '../../domain/jobherald-error';
import { type HintTaker, takeHint } from '../../gateway/ingress/take-hint';
import { verifyWebhook } from '../../receiver/verify-webhook';
import { WebhookVerificationError } from '../../receiver/webhook-verification-error';
import { readWebhook } from './hints';

/** Replicate sends the whole prediction, with its output and logs. It is read before its signature can be checked. */
const MAX_WEBHOOK_BYTES = 4 * 1024 * 1024;

/**
 * Webhooks of the services under `providers.http`, signed as Standard Webhooks says. Answers 204 when the sender may
 * forget what it sent, whatever became of it, and 401 for a signature that is not the service's.
 */
export function httpRoute(app: FastifyInstance, services: readonly HttpServiceConfig[], taker: HintTaker): void {
  const byName = new Map(services.map((service) => [service.name, service]));

  app.post<{ Params: { service: string } }>(
    '/ingress/http/:service',
    { bodyLimit: MAX_WEBHOOK_BYTES },
    async (request, reply) => {
      const service = byName.get(request.params.service);
      if (!service?.webhook) {
        throw new JobHeraldError('not_found', 'No service of this name has a webhook; see providers.http.');
      }
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
      const { id } = verified(request, body, service.webhook.keys);
      const origin = { provider: service.name, transport: 'webhook' } as const;
      await takeHint(readWebhook(service, { id, body }), { request_id: request.id }, origin, taker);
      return reply.code(204).send();
    },
  );
}

function verified(request: FastifyRequest, body: Uint8Array, secrets: readonly string[]) {
  try {
    return verifyWebhook({ headers: request.raw.headersDistinct, body, secrets });
  } catch (cause) {
    if (!(cause instanceof WebhookVerificationError)) throw cause;
    throw new JobHeraldError('unauthorized', `The webhook is not good (${cause.code}): ${cause.message}.`, { cause });
  }
}
