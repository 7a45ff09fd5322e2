import { isIPv4 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { JobHeraldError } from '../../domain/jobherald-error';

/**
 * Guards a gateway without tokens. It listens on loopback only, but a browser on the same machine reaches loopback
 * too, on behalf of any page: by a cross-origin request (it has an `Origin`) or by a name that an attacker points
 * at 127.0.0.1 (DNS rebinding: the Host is that name).
 * @throws {JobHeraldError} `forbidden`
 */
export async function requireLoopback(request: FastifyRequest): Promise<void> {
  if (request.raw.headers.origin !== undefined) {
    throw new JobHeraldError('forbidden', 'Requests from web pages need gateway.tokens to be configured.');
  }
  if (!isLoopback(request.raw.headers.host ?? '')) {
    throw new JobHeraldError(
      'forbidden',
      'Without gateway.tokens only 127.0.0.1, [::1] and localhost are answered; configure tokens for any other Host.',
    );
  }
}

/** Whether a host, with or without port, is loopback by its literal: 127.0.0.0/8, ::1 or localhost. */
export function isLoopback(host: string): boolean {
  if (host === '' || /[/\\@?#\s]/.test(host)) return false;
  const authority = host.includes(':') && !host.includes('[') && host.split(':').length > 2 ? `[${host}]` : host;
  if (!URL.canParse(`http://${authority}`)) return false;
  const { hostname } = new URL(`http://${authority}`);
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
}
