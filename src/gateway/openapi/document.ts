import { SYSTEMS } from '../../providers/registry';
import { schemaComponents } from './components';
import { endpointPaths } from './endpoint-paths';
import { ingressPaths, ingressSecuritySchemes } from './ingress-paths';
import { jobPaths } from './job-paths';
import { openPaths } from './open-paths';
import { schemaRef } from './operation';
import { redeliveryPaths } from './redelivery-paths';

/** The description of the HTTP API, its shapes taken from `schemas/`. */
export function openApiDocument(version: string): object {
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'jobherald',
      version,
      summary: 'Notifies everyone who must know when a batch job on another system has ended.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'jobs', description: 'Watching jobs. Needs a token where gateway.tokens are configured.' },
      {
        name: 'redeliveries',
        description: 'Sends events of many jobs again. Needs a token where gateway.tokens are configured.',
      },
      { name: 'endpoints', description: 'Who is notified. Needs a token where gateway.tokens are configured.' },
      { name: 'ingress', description: "Where other systems push. Each with its system's own authentication." },
      { name: 'operations', description: 'For probes, scrapers and tools. Needs no token.' },
    ],
    security: [{ token: [] }],
    paths: { ...jobPaths, ...redeliveryPaths, ...endpointPaths, ...ingressPaths(), ...openPaths },
    webhooks: { jobEvent: { post: EVENT } },
    components: {
      schemas: schemaComponents(),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'One of gateway.tokens.' },
        ...ingressSecuritySchemes(),
      },
    },
  };
}

const EVENT_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'idempotency-key', 'traceparent'];

const EVENT_SCHEMAS = ['StandardEvent', ...SYSTEMS.flatMap((system) => system.schemas?.event ?? [])];

/** What goes out to an endpoint. Source of the headers: https://www.standardwebhooks.com */
const EVENT = {
  operationId: 'jobEvent',
  summary: 'An event, as a webhook endpoint receives it',
  security: [],
  parameters: EVENT_HEADERS.map((name) => ({ name, in: 'header', schema: { type: 'string' } })),
  requestBody: {
    content: {
      'application/json': { schema: { anyOf: EVENT_SCHEMAS.map(schemaRef) } },
    },
  },
  responses: { '2XX': { description: 'Taken. Anything else is tried again, or ends the delivery (410).' } },
};
