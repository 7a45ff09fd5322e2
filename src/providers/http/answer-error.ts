import { parseRetryAfter } from '../../domain/retry-after';
import { ProviderError, type ProviderErrorCode } from '../provider';
import type { HttpAnswer } from './client';

/** What was tried, for the message. */
export interface Attempted {
  readonly verb: 'get' | 'cancel';
  readonly service: string;
  readonly job: string;
}

const MAX_EXCERPT = 200;

/**
 * Puts a refusal into the words every provider uses. Only 404 and 410 say that there is no such job: any other 4xx may
 * come of the configuration, and must not end a job.
 */
export function toProviderError(answer: HttpAnswer, { verb, service, job }: Attempted, nowMs: number): ProviderError {
  const { status } = answer;
  const said = `HTTP ${status}${excerptOf(answer)}`;
  const error = (code: ProviderErrorCode, message: string) =>
    new ProviderError(code, message, { retryAfterMs: parseRetryAfter(answer.headers['retry-after'] ?? '', nowMs) });

  if (status === 404 || status === 410) return error('not_found', `${service} does not know ${job}: ${said}`);
  if (status === 401 || status === 403) {
    return error(
      'permission_denied',
      `${service} refuses to ${verb} ${job}: ${said}; check providers.http.${service}.headers and the credentials they name`,
    );
  }
  if (status >= 300 && status <= 399) {
    return error(
      'unavailable',
      `${service} redirects (${said}), which is not followed; give providers.http.${service}.url its final form`,
    );
  }
  if (verb === 'cancel' && (status === 400 || status === 405 || status === 422 || status === 501)) {
    return error('unsupported', `${service} does not cancel ${job}: ${said}`);
  }
  return error('unavailable', `${service} did not answer for ${job}: ${said}`);
}

/** The beginning of what it said, on one line. */
function excerptOf({ body }: HttpAnswer): string {
  const text = body
    .slice(0, 4 * MAX_EXCERPT)
    .replaceAll(/[\s\p{C}]+/gu, ' ')
    .trim();
  return text === '' ? '' : `: ${text.slice(0, MAX_EXCERPT).toWellFormed()}`;
}
