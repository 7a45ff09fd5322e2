import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TokenScope } from '../../../schemas/types';
import type { GatewayToken } from '../../config/config';
import { JobHeraldError } from '../../domain/jobherald-error';
import { bearerCredentials } from '../../validation/bearer-credentials';

declare module 'fastify' {
  interface FastifyRequest {
    /** Name of the configured token that the request came with; '' for none. */
    tokenName: string;
    /** The endpoints that the request may name; undefined for any. */
    mayName: readonly string[] | undefined;
  }
}

/** The configured token that a request came with, if any. */
export type FindToken = (request: FastifyRequest) => GatewayToken | undefined;

export function tokenFinder(tokens: readonly GatewayToken[]): FindToken {
  const known = tokens.map((token) => ({ token, digest: digest(token.token) }));
  return (request) => {
    const credentials = bearerCredentials(request.headers.authorization);
    if (credentials === undefined) return undefined;
    // Digests have one length, and every token is compared: the time taken reveals nothing about any of them.
    const given = digest(credentials);
    return known.filter((each) => timingSafeEqual(each.digest, given))[0]?.token;
  };
}

/**
 * Lets a request through that carries one of the tokens, with the scope that its route needs, and notes which; every request
 * where there are none.
 * @throws {JobHeraldError} `unauthorized`, `forbidden`
 */
export function requireToken(tokens: readonly GatewayToken[], scopeOf: (request: FastifyRequest) => TokenScope) {
  const find = tokenFinder(tokens);

  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (tokens.length === 0) return;

    if (bearerCredentials(request.headers.authorization) === undefined) {
      reply.header('www-authenticate', 'Bearer realm="jobherald"');
      throw new JobHeraldError('unauthorized', 'Send a token of gateway.tokens as "Authorization: Bearer …".');
    }
    const match = find(request);
    if (match === undefined) {
      reply.header('www-authenticate', 'Bearer realm="jobherald", error="invalid_token"');
      throw new JobHeraldError('unauthorized', 'The token is none of gateway.tokens.');
    }
    request.tokenName = match.name;
    request.mayName = match.endpoints;
    const scope = scopeOf(request);
    if (match.scopes !== undefined && !match.scopes.includes(scope)) {
      reply.header('www-authenticate', `Bearer realm="jobherald", error="insufficient_scope", scope="${scope}"`);
      throw new JobHeraldError(
        'forbidden',
        `The token ${match.name} lacks the scope ${scope}; it has ${match.scopes.join(', ')} (gateway.tokens).`,
      );
    }
  };
}

/** What a route of the API needs: reading, submitting, hinting; everything else is operating. */
export function scopeOfRoute({ method, routeOptions: { url = '' } }: FastifyRequest): TokenScope {
  if (method === 'GET' || method === 'HEAD') return 'read';
  if (url === '/v1/jobs') return 'submit';
  return /\/(completion|heartbeat|status)$/.test(url) ? 'hint' : 'operate';
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
