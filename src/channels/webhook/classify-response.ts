import { DELIVERED, type Outcome, RETRY, RETRY_SLOWLY } from '../../domain/message';
import { parseRetryAfter } from '../../domain/parse-time';

/** Names in lower case; a header that came more than once is a list. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** 4xx answers that are about the moment, not about the request. */
const PASSING: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/**
 * What an answer means for the delivery. Only 2xx is success, whatever the headers say.
 * @param nowMs Unix milliseconds, for a `Retry-After` that is a date
 */
export function classifyResponse(status: number, headers: ResponseHeaders, nowMs: number): Outcome {
  if (status >= 200 && status <= 299) return DELIVERED;

  const wish = single(headers['webhook-delivery'])?.trim().toLowerCase();
  if (wish === 'abort-message')
    return { kind: 'gone', pauseEndpoint: false, reason: 'webhook-delivery: abort-message' };
  const pause = wish === 'disable' ? { pauseEndpoint: true } : {};
  if (status === 410 && wish !== 'disable') return { kind: 'gone', pauseEndpoint: true, reason: 'HTTP 410' };

  const retryAfter = single(headers['retry-after']);
  const retryAfterMs = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, nowMs);
  const refused = status >= 400 && status <= 499 && !PASSING.has(status);
  const retry = refused && wish !== 'disable' ? RETRY_SLOWLY : RETRY;
  return { ...retry, ...pause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** A header that came twice is as good as unreadable. */
function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
