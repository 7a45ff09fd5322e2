import { answer, type Paths, refusals } from './operation';

const tags = ['operations'];
/** No token is asked for, with or without gateway.tokens. */
const security: readonly object[] = [];

export const openPaths: Paths = {
  '/healthz': {
    get: {
      operationId: 'health',
      tags,
      security,
      summary: 'Whether the process answers',
      responses: {
        200: answer('It does.', {
          type: 'object',
          required: ['healthy', 'version'],
          properties: { healthy: { const: true }, version: { type: 'string' } },
        }),
        ...refusals('forbidden'),
      },
    },
  },
  '/readyz': {
    get: {
      operationId: 'readiness',
      tags,
      security,
      summary: 'Whether Temporal can be reached',
      responses: {
        200: answer('It can.', { type: 'object', required: ['ready'], properties: { ready: { const: true } } }),
        ...refusals('forbidden', 'unavailable'),
      },
    },
  },
  '/metrics': {
    get: {
      operationId: 'metrics',
      tags,
      security,
      summary: 'Numbers for Prometheus',
      responses: {
        200: { description: 'The numbers.', content: { 'text/plain': { schema: { type: 'string' } } } },
        ...refusals('forbidden'),
      },
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'describe',
      tags,
      security,
      summary: 'This document',
      responses: { 200: answer('OpenAPI 3.1.', { type: 'object' }), ...refusals('forbidden') },
    },
  },
};
