import type { JsonObject } from '../../domain/json';
import type { ReadHint } from '../hint';
import type { IngressRoute, RouteDescription } from '../ingress';
import { isOversized, MAX_PUSH_BYTES, OVERSIZED, takeHint } from '../take-hint';
import type { VertexAiConfig } from './config';
import { readEventarc } from './hints/eventarc';
import { readPubsubPush } from './hints/pubsub';
import type { Projects } from './job-name';
import { requirePushToken } from './push-token';

/** Pub/Sub and Eventarc push the same messages, and differ in how they are wrapped. */
export const vertexAiRoutes: readonly IngressRoute<VertexAiConfig>[] = [
  // Pub/Sub takes 204 as the acknowledgement and sends again on anything but 102, 200, 201, 202 and 204.
  // Source: https://cloud.google.com/pubsub/docs/push#receive_push
  pushRoute('pubsub', readPubsubPush, {
    operationId: 'pushPubsub',
    summary: 'Pub/Sub push, wrapped or unwrapped',
    description: 'Source: https://cloud.google.com/pubsub/docs/push',
  }),
  pushRoute('eventarc', readEventarc, {
    operationId: 'pushEventarc',
    summary: 'CloudEvents of Eventarc, in binary or structured mode',
    description: 'Source: https://cloud.google.com/eventarc/docs/cloudevents',
  }),
];

function pushRoute(
  transport: 'pubsub' | 'eventarc',
  /** Never throws: what cannot be read is a dead letter. */
  read: (body: unknown, headers: JsonObject, context: { readonly projects: Projects }) => ReadHint,
  description: Pick<RouteDescription, 'operationId' | 'summary' | 'description'>,
): IngressRoute<VertexAiConfig> {
  return {
    path: `/ingress/${transport}`,
    authenticate: ({ pubsub }, development) => requirePushToken(pubsub.push, development),
    maxBytes: MAX_PUSH_BYTES,
    async take({ id, headers, body }, config, context) {
      const hint = isOversized(body) ? OVERSIZED : read(body, headers, config);
      await takeHint(hint, { request_id: id }, { provider: 'vertex-ai', transport }, context);
    },
    answer: 204,
    description: {
      ...description,
      security: [{ push: [] }],
      securitySchemes: {
        push: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'OIDC token of one of providers.vertex-ai.pubsub.push.service_accounts.',
        },
      },
      requestBody: { required: true, content: { 'application/json': { schema: {} } } },
      taken: 'The hint is safe in Temporal, or of no use now and if it came again.',
      refusals: ['bad_request', 'unauthorized', 'forbidden', 'too_large', 'unavailable'],
    },
  };
}
