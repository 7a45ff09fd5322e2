import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { JobHeraldError } from '../../domain/jobherald-error';
import { bearerCredentials } from '../../validation/bearer-credentials';

declare module 'fastify' {
  interface FastifyRequest {
    /** Name of the configured token that the request came with; '' for none. */
    tokenName: string;
  }
}

interface Token {
  readonly name: string;
  readonly token: string;
}

/**
 * Lets a request through that carries one of the tokens, and notes which; every request where there are none.
 * @throws {JobHeraldError} `unauthorized`
 */
export function requireToken(tokens: readonly Token[]) {
  const known = tokens.map(({ name, token }) => ({ name, digest: digest(token) }));

  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (known.length === 0) return;

    const credentials = bearerCredentials(request.headers.authorization);
    if (credentials === undefined) {
      reply.header('www-authenticate', 'Bearer realm="jobherald"');
      throw new JobHeraldError('unauthorized', 'Send a token of gateway.tokens as "Authorization: Bearer …".');
    }
    // Digests have one length, and every token is compared: the time taken tells nothing about any of them.
    const given = digest(credentials);
    const match = known.filter((token) => timingSafeEqual(token.digest, given))[0];
    if (match === undefined) {
      reply.header('www-authenticate', 'Bearer realm="jobherald", error="invalid_token"');
      throw new JobHeraldError('unauthorized', 'The token is none of gateway.tokens.');
    }
    request.tokenName = match.name;
  };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
