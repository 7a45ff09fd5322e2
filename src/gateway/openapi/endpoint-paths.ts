import { ACCEPTED, COMMON } from './job-paths';
import { answer, type Paths, refusals, schemaRef } from './operation';

const tags = ['endpoints'];
const parameters = [
  {
    name: 'name',
    in: 'path',
    required: true,
    description: 'A configured endpoint.',
    schema: { type: 'string' },
    example: 'orders',
  },
];
const view = answer('The endpoint as it is now.', schemaRef('EndpointView'));
const refused = refusals(...COMMON, 'not_found');

const LIST = {
  type: 'object',
  required: ['endpoints'],
  properties: { endpoints: { type: 'array', items: schemaRef('EndpointView') } },
};

export const endpointPaths: Paths = {
  '/v1/endpoints': {
    get: {
      operationId: 'listEndpoints',
      tags,
      summary: 'The configured endpoints and their states',
      responses: { 200: answer('All of them that the token may name.', LIST), ...refusals(...COMMON) },
    },
  },
  '/v1/endpoints/{name}': {
    get: {
      operationId: 'getEndpoint',
      tags,
      summary: 'An endpoint and its state',
      parameters,
      responses: { 200: view, ...refused },
    },
  },
  '/v1/endpoints/{name}/pause': {
    post: {
      operationId: 'pauseEndpoint',
      tags,
      summary: 'Hold its deliveries back',
      description: 'Its deliveries stay pending, runs stay open, and the retry windows stand still. Harmless twice.',
      parameters,
      responses: { 200: view, ...refused },
    },
  },
  '/v1/endpoints/{name}/resume': {
    post: {
      operationId: 'resumeEndpoint',
      tags,
      summary: 'Let its deliveries go on',
      description:
        'What is pending is tried now, the oldest first, what waits after a failed attempt included; also where it was not paused.',
      parameters,
      responses: { 200: view, ...refused },
    },
  },
  '/v1/endpoints/{name}/test': {
    post: {
      operationId: 'testEndpoint',
      tags,
      summary: 'Send it one signed event, endpoint.test',
      parameters,
      responses: { 202: ACCEPTED, ...refused },
    },
  },
};
