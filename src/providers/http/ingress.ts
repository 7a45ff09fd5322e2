import { JobHeraldError } from '../../domain/jobherald-error';
import { verifyWebhook } from '../../receiver/verify-webhook';
import { WebhookVerificationError } from '../../receiver/webhook-verification-error';
import type { IngressRequest, IngressRoute } from '../ingress';
import { takeHint } from '../take-hint';
import type { HttpConfig } from './config/http-config';
import { readWebhook } from './hints';

/** Replicate sends the whole prediction, with its output and logs. It is read before its signature can be checked. */
const MAX_WEBHOOK_BYTES = 4 * 1024 * 1024;

/** Webhooks of the services under `providers.http`, signed as Standard Webhooks says. */
export const httpRoutes: readonly IngressRoute<HttpConfig>[] = [
  {
    path: '/ingress/http/:service',
    maxBytes: MAX_WEBHOOK_BYTES,
    async take(request, services, context) {
      const service = services.find(({ name }) => name === request.params['service']);
      if (!service?.webhook) {
        throw new JobHeraldError('not_found', 'No service of this name has a webhook; see providers.http.');
      }
      const body = request.body ?? new Uint8Array();
      const { id } = verified(request, body, service.webhook.keys);
      const origin = { provider: service.name, transport: 'webhook' };
      await takeHint(readWebhook(service, { id, body }), { request_id: request.id }, origin, context);
    },
    answer: 204,
    description: {
      operationId: 'pushHttp',
      summary: "A service's own webhook, as Standard Webhooks says",
      description:
        'Verified by webhook-id, webhook-timestamp and webhook-signature with the keys under providers.http.{service}.webhook. Source: https://www.standardwebhooks.com',
      security: [],
      parameters: [
        {
          name: 'service',
          in: 'path',
          required: true,
          description: 'A service under providers.http.',
          schema: { type: 'string' },
          example: 'openai',
        },
      ],
      requestBody: { required: true, content: { 'application/json': { schema: {} } } },
      taken: 'The hint is safe in Temporal, or of no use now and if it came again.',
      refusals: ['bad_request', 'unauthorized', 'forbidden', 'not_found', 'too_large', 'unavailable'],
    },
  },
];

/** @throws {JobHeraldError} `unauthorized` for a signature that is not the service's */
function verified({ headersDistinct }: IngressRequest, body: Uint8Array, secrets: readonly string[]) {
  try {
    return verifyWebhook({ headers: headersDistinct, body, secrets });
  } catch (cause) {
    if (!(cause instanceof WebhookVerificationError)) throw cause;
    throw new JobHeraldError('unauthorized', `The webhook is invalid (${cause.code}): ${cause.message}.`, { cause });
  }
}
