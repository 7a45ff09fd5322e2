import { JobHeraldError } from '../../domain/jobherald-error';
import { checkWebhookHeaders, verifyWebhook } from '../../receiver/verify-webhook';
import { WebhookVerificationError } from '../../receiver/webhook-verification-error';
import type { IngressRequest, IngressRoute } from '../ingress';
import { takeHint } from '../take-hint';
import type { HttpConfig } from './config/http-config';
import { readWebhook } from './hints';

/** Replicate sends the whole prediction, with its output and logs. */
const MAX_WEBHOOK_BYTES = 4 * 1024 * 1024;

/** Webhooks of the services under `providers.http`, signed as Standard Webhooks says. */
export const httpRoutes: readonly IngressRoute<HttpConfig>[] = [
  {
    path: '/ingress/http/:service',
    maxBytes: MAX_WEBHOOK_BYTES,
    /** As far as that is possible without the body, which anybody could make large. */
    authenticate: (services) => async (request) => {
      const { keys } = serviceOf(request, services).webhook;
      orUnauthorized(() => checkWebhookHeaders({ headers: request.headersDistinct, secrets: keys }));
    },
    verifiesBody: true,
    async take(request, services, context) {
      const service = serviceOf(request, services);
      const body = request.body ?? new Uint8Array();
      const { headersDistinct: headers } = request;
      const { id } = orUnauthorized(() => verifyWebhook({ headers, body, secrets: service.webhook.keys }));
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

/** @throws {JobHeraldError} `not_found` */
function serviceOf({ params }: Pick<IngressRequest, 'params'>, services: HttpConfig) {
  const service = services.find(({ name }) => name === params['service']);
  const { webhook } = service ?? {};
  if (!service || !webhook) {
    throw new JobHeraldError('not_found', 'No service of this name has a webhook; see providers.http.');
  }
  return { ...service, webhook };
}

/** @throws {JobHeraldError} `unauthorized` for a signature that is not the service's */
function orUnauthorized<T>(verify: () => T): T {
  try {
    return verify();
  } catch (cause) {
    if (!(cause instanceof WebhookVerificationError)) throw cause;
    throw new JobHeraldError('unauthorized', `The webhook is invalid (${cause.code}): ${cause.message}.`, { cause });
  }
}
