import type { FastifyInstance } from 'fastify';
import type { VertexAiConfig } from '../../../config/config';
import { pushRoute } from '../../../gateway/ingress/push-route';
import type { HintTaker } from '../../../gateway/ingress/take-hint';
import { readEventarc } from '../hints/eventarc';

/** CloudEvents of Eventarc, binary and structured. Source: https://cloud.google.com/eventarc/docs/cloudevents */
export function eventarcRoute(app: FastifyInstance, { projects }: VertexAiConfig, taker: HintTaker): void {
  const read = (body: unknown, headers: Parameters<typeof readEventarc>[1]) =>
    readEventarc(body, headers, { projects });
  pushRoute(app, { path: '/ingress/eventarc', provider: 'vertex-ai', transport: 'eventarc', read }, taker);
}
