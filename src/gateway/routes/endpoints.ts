import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Endpoints } from '../../engine';
import { ACCEPTED } from './accepted';
import { readNothing } from './job-requests';

/** Looking at, pausing, resuming and testing configured endpoints. */
export function endpointRoutes(app: FastifyInstance, endpoints: Endpoints): void {
  app.get('/v1/endpoints/:name', async (request) => endpoints.get(nameOf(request)));

  app.post('/v1/endpoints/:name/pause', async (request) => {
    readNothing(request);
    return endpoints.pause(nameOf(request));
  });

  app.post('/v1/endpoints/:name/resume', async (request) => {
    readNothing(request);
    return endpoints.resume(nameOf(request));
  });

  app.post('/v1/endpoints/:name/test', async (request, reply) => {
    readNothing(request);
    await endpoints.test(nameOf(request));
    return reply.code(202).send(ACCEPTED);
  });
}

function nameOf(request: FastifyRequest): string {
  return (request.params as { name: string }).name;
}
