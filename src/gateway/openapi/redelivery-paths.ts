import { COMMON, IDEMPOTENCY_KEY } from './job-paths';
import { answer, jsonBody, type Paths, refusals, schemaRef } from './operation';

const tags = ['redeliveries'];
const view = schemaRef('BulkRedelivery');

export const redeliveryPaths: Paths = {
  '/v1/redeliveries': {
    post: {
      operationId: 'redeliverMany',
      tags,
      summary: "Make many jobs' deliveries again, with the same bytes and the same webhook-id",
      description:
        'Goes on by itself, over any restart, at max_rate. The same idempotency key with the same body again finds the same one; with another body 409.',
      parameters: [IDEMPOTENCY_KEY],
      requestBody: jsonBody('BulkRedeliveryRequest', true),
      responses: {
        202: answer('Safe in Temporal; it shows how far it has come.', view, {
          location: { description: 'Path of the bulk redelivery.', schema: { type: 'string' } },
        }),
        ...refusals(...COMMON, 'conflict', 'too_large', 'unprocessable'),
      },
    },
  },
  '/v1/redeliveries/{id}': {
    get: {
      operationId: 'getRedelivery',
      tags,
      summary: 'A bulk redelivery: how far it has come',
      parameters: [
        { name: 'id', in: 'path', required: true, description: 'As it was answered.', schema: { type: 'string' } },
      ],
      responses: { 200: answer('It, as it is now.', view), ...refusals(...COMMON, 'not_found') },
    },
  },
};
