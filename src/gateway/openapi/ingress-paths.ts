import { ACCEPTED } from './job-paths';
import { jsonBody, type Operation, type Paths, refusals } from './operation';

/** What every push can be answered with. The body is the sender's, so it is not described beyond its media type. */
const PUSH: Pick<Operation, 'tags' | 'security' | 'requestBody' | 'responses'> = {
  tags: ['ingress'],
  security: [{ push: [] }],
  requestBody: { required: true, content: { 'application/json': { schema: {} } } },
  responses: {
    204: { description: 'The hint is safe in Temporal, or of no use now and if it came again.' },
    ...refusals('bad_request', 'unauthorized', 'forbidden', 'too_large', 'internal', 'unavailable'),
  },
};

export const ingressPaths: Paths = {
  '/ingress/spec-001': {
    post: {
      operationId: 'sendSpec001Message',
      summary: 'A STATUS or HEARTBEAT of the Standard Job Notification API (SPEC-001)',
      description: 'Takes the same tokens as /v1. At most 256 KiB.',
      tags: ['ingress'],
      requestBody: jsonBody('Spec001Message', true),
      responses: {
        202: ACCEPTED,
        ...refusals(
          'bad_request',
          'unauthorized',
          'job_not_found',
          'too_large',
          'unprocessable',
          'internal',
          'unavailable',
        ),
      },
    },
  },
  '/ingress/pubsub': {
    post: {
      operationId: 'pushPubsub',
      summary: 'Pub/Sub push, wrapped or unwrapped',
      description: 'Source: https://cloud.google.com/pubsub/docs/push',
      ...PUSH,
    },
  },
  '/ingress/eventarc': {
    post: {
      operationId: 'pushEventarc',
      summary: 'CloudEvents of Eventarc, in binary or structured mode',
      description: 'Source: https://cloud.google.com/eventarc/docs/cloudevents',
      ...PUSH,
    },
  },
  '/ingress/http/{service}': {
    post: {
      operationId: 'pushHttp',
      summary: "A service's own webhook, as Standard Webhooks says",
      description:
        'Verified by webhook-id, webhook-timestamp and webhook-signature with the keys under providers.http.{service}.webhook. Source: https://www.standardwebhooks.com',
      tags: ['ingress'],
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
      requestBody: PUSH.requestBody,
      responses: {
        204: PUSH.responses[204] as object,
        ...refusals('bad_request', 'unauthorized', 'forbidden', 'not_found', 'too_large', 'internal', 'unavailable'),
      },
    },
  },
  '/ingress/tencent-cmq/{callback_token}': {
    post: {
      operationId: 'pushTencentCmq',
      summary: 'CMQ push of Tencent Batch events: JSON, base64 and SIMPLIFIED bodies',
      description:
        'Only where providers.tencent-batch.callback_token is configured; a path with another token is not there. ' +
        'Source: https://www.tencentcloud.com/document/product/406/7420',
      tags: PUSH.tags,
      security: [],
      parameters: [
        {
          name: 'callback_token',
          in: 'path',
          required: true,
          description: 'providers.tencent-batch.callback_token: CMQ signs nothing, so the path is the secret.',
          schema: { type: 'string' },
        },
      ],
      requestBody: { required: true, content: { 'text/plain': { schema: {} }, 'application/json': { schema: {} } } },
      responses: {
        204: { description: 'Every event is safe in Temporal, or of no use now and if it came again.' },
        ...refusals('bad_request', 'forbidden', 'not_found', 'too_large', 'internal', 'unavailable'),
      },
    },
  },
};
