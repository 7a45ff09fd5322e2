import { type Operation, type Paths, refusals } from './operation';

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
};
