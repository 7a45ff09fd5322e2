import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Endpoints } from '../../engine';
import { nameEndpoint } from '../auth/named-endpoints';
import { ACCEPTED } from './accepted';
import { readNothing } from './job-requests';

/** Listing, looking at, pausing, resuming and testing configured endpoints. */
export function endpointRoutes(app: FastifyInstance, endpoints: Endpoints): void {
  app.get('/v1/endpoints', async (request) => {
    const { mayName } = request;
    const { endpoints: all } = await endpoints.list();
    return { endpoints: all.filter(({ name }) => mayName === undefined || mayName.includes(name)) };
  });

  app.get('/v1/endpoints/:name', async (request) => endpoints.get(nameOf(request)));

  app.post('/v1/endpoints/:name/pause', async (request) => {
    const name = nameOf(request);
    readNothing(request);
    return endpoints.pause(name);
  });

  app.post('/v1/endpoints/:name/resume', async (request) => {
    const name = nameOf(request);
    readNothing(request);
    return endpoints.resume(name);
  });

  app.post('/v1/endpoints/:name/test', async (request, reply) => {
    const name = nameOf(request);
    readNothing(request);
    await endpoints.test(name);
    return reply.code(202).send(ACCEPTED);
  });
}

/** @throws {JobHeraldError} `forbidden` for one that the token may not name */
function nameOf(request: FastifyRequest): string {
  const { name } = request.params as { name: string };
  nameEndpoint(request, name);
  return name;
}
