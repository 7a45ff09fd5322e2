import type { FastifyInstance } from 'fastify';
import { openApiDocument } from '../openapi/document';

/** The description of this API, made once. */
export function openApiRoute(app: FastifyInstance, version: string): void {
  const document = JSON.stringify(openApiDocument(version));
  app.get('/openapi.json', async (_request, reply) => reply.type('application/json').send(document));
}
