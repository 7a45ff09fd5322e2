import type { FastifyInstance } from 'fastify';
import type { Config } from '../../config/config';
import { keySet } from '../key-set';

/** How long a receiver may keep the keys: a new one is known everywhere within this time. */
const MAX_AGE_SECONDS = 300;

/** The public keys that webhooks are signed with, made once. Source of the path: RFC 8615; of the type: RFC 7517, 8.5.2. */
export function keySetRoute(app: FastifyInstance, secrets: Config['secrets']): void {
  const body = JSON.stringify(keySet(secrets));
  app.get('/.well-known/jobherald-keys.json', async (_request, reply) =>
    reply.header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`).type('application/jwk-set+json').send(body),
  );
}
