import { parseRetryAfter } from '../../domain/parse-time';
import type { HttpAnswer } from '../../http/read-answer';
import { ProviderError, type ProviderErrorCode } from '../provider';

/** The call that failed, for the error's message. */
export interface AttemptedCall {
  readonly verb: 'get' | 'cancel' | 'list';
  readonly service: string;
  /** A job, or `jobs` for a list. */
  readonly job: string;
}

const MAX_EXCERPT = 200;

/**
 * Maps a response that is not 2xx to a {@link ProviderError}. Only 404 and 410 mean that there is no such job: any other
 * 4xx may be caused by the configuration and must not end a job.
 */
export function toProviderError(
  answer: HttpAnswer,
  { verb, service, job }: AttemptedCall,
  nowMs: number,
): ProviderError {
  const { status } = answer;
  const cause = `HTTP ${status}${excerptOf(answer)}`;
  const error = (code: ProviderErrorCode, message: string) =>
    new ProviderError(code, message, { retryAfterMs: parseRetryAfter(answer.headers['retry-after'] ?? '', nowMs) });

  if (verb !== 'list' && (status === 404 || status === 410))
    return error('not_found', `${service} does not know ${job}: ${cause}`);
  if (status === 401 || status === 403) {
    return error(
      'permission_denied',
      `${service} refuses to ${verb} ${job}: ${cause}; check providers.http.${service}.headers and the credentials they name`,
    );
  }
  if (status >= 300 && status <= 399) {
    return error(
      'unavailable',
      `${service} redirects (${cause}), and redirects are not followed; set providers.http.${service}.${verb === 'list' ? 'list.url' : 'url'} to the final URL`,
    );
  }
  if (verb === 'list' && [400, 404, 405, 410, 422, 501].includes(status)) {
    return error('unsupported', `${service} does not list jobs: ${cause}; check providers.http.${service}.list`);
  }
  if (verb === 'cancel' && (status === 400 || status === 405 || status === 422 || status === 501)) {
    return error('unsupported', `${service} does not cancel ${job}: ${cause}`);
  }
  return error('unavailable', `${service} did not answer for ${job}: ${cause}`);
}

/** The beginning of the body, on one line. */
function excerptOf({ body }: HttpAnswer): string {
  const text = body
    .slice(0, 4 * MAX_EXCERPT)
    .replaceAll(/[\s\p{C}]+/gu, ' ')
    .trim();
  return text === '' ? '' : `: ${text.slice(0, MAX_EXCERPT).toWellFormed()}`;
}
