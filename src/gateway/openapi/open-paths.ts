import { answer, type Paths, refusals } from './operation';

const tags = ['operations'];
/** No token is asked for, with or without gateway.tokens. */
const security: readonly object[] = [];

/** One of `src/gateway/key-set.ts`. */
const PUBLISHED_KEY = {
  type: 'object',
  required: ['secret', 'kid', 'kty', 'crv', 'x', 'use', 'alg', 'standard_webhooks'],
  properties: {
    secret: { type: 'string', description: 'Name of the configured secret.' },
    kid: { type: 'string', description: 'Thumbprint of the key (RFC 7638).' },
    kty: { const: 'OKP' },
    crv: { const: 'Ed25519' },
    x: { type: 'string', description: 'The public key, base64url.' },
    use: { const: 'sig' },
    alg: { const: 'EdDSA' },
    standard_webhooks: { type: 'string', pattern: '^whpk_', description: 'The same key, as verifyWebhook takes it.' },
  },
};

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
  '/.well-known/jobherald-keys.json': {
    get: {
      operationId: 'keys',
      tags,
      security,
      summary: 'The public keys that webhooks are signed with',
      description: 'Those of whsk_ secrets. A whsec_ secret is shared with its receivers and is never listed.',
      responses: {
        200: {
          description: 'A JSON Web Key Set (RFC 7517). It may be kept for five minutes.',
          headers: { 'cache-control': { schema: { type: 'string' } } },
          content: {
            'application/jwk-set+json': {
              schema: {
                type: 'object',
                required: ['keys'],
                properties: { keys: { type: 'array', items: PUBLISHED_KEY } },
              },
            },
          },
        },
        ...refusals('forbidden'),
      },
    },
  },
};
