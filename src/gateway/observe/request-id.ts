import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What may go into a log line and back into a header as it is. */
const ACCEPTABLE = /^[\w.:/+=-]{1,128}$/;

/** The caller's `x-request-id` where it is fit to be logged, else a new UUID. */
export function requestId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : randomUUID();
}
