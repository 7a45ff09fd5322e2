import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BulkRedeliveryRequest } from '../../../schemas/types';
import type { Redeliveries } from '../../engine';
import { bodyValidator } from '../../validation/body-validator';
import { parseJson } from '../../validation/json-body';
import { nameEndpoint } from '../auth/named-endpoints';
import { withIdempotencyKey } from '../body/idempotency-key';

const asBulkRedeliveryRequest = bodyValidator<BulkRedeliveryRequest>('BulkRedeliveryRequest');

/** Beginning a bulk redelivery, and looking how far it has come. */
export function redeliveryRoutes(app: FastifyInstance, redeliveries: Redeliveries): void {
  app.post('/v1/redeliveries', async (request, reply) => {
    const wish = readRequest(request);
    nameEndpoint(request, wish.endpoint);
    const begun = await redeliveries.start(wish);
    return reply.code(202).header('location', `/v1/redeliveries/${begun.id}`).send(begun);
  });

  app.get('/v1/redeliveries/:id', async (request) => redeliveries.get((request.params as { id: string }).id));
}

/** @throws {JobHeraldError} `bad_request`, `unprocessable` */
function readRequest(request: FastifyRequest): BulkRedeliveryRequest {
  return asBulkRedeliveryRequest(withIdempotencyKey(request, parseJson(request.body as Buffer | undefined)));
}
