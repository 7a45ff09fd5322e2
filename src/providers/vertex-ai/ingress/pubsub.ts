import type { FastifyInstance } from 'fastify';
import type { VertexAiConfig } from '../../../config/config';
import { pushRoute } from '../../../gateway/ingress/push-route';
import type { HintTaker } from '../../../gateway/ingress/take-hint';
import { readPubsubPush } from '../hints/pubsub';

/**
 * Pub/Sub push, wrapped or unwrapped. Pub/Sub takes 204 as the acknowledgement and sends again on anything but
 * 102, 200, 201, 202 and 204. Source: https://cloud.google.com/pubsub/docs/push#receive_push
 */
export function pubsubRoute(app: FastifyInstance, { projects }: VertexAiConfig, taker: HintTaker): void {
  const read = (body: unknown, headers: Parameters<typeof readPubsubPush>[1]) =>
    readPubsubPush(body, headers, { projects });
  pushRoute(app, { path: '/ingress/pubsub', provider: 'vertex-ai', transport: 'pubsub', read }, taker);
}
