import { ProviderError } from '../provider';

/** No white space, nothing invisible, no half characters. */
const ANY_NAME = /^[^\s\p{C}]{1,200}$/u;

/**
 * The one spelling of a job's name: what the group `job` of the service's `job_pattern` holds where there is one, else the
 * name as it is.
 * @param pattern a regular expression that the whole name has to match; '' for any name without white space
 * @throws {ProviderError} `invalid_job_name`
 */
export function canonicalJobName(service: string, pattern: string, text: string): string {
  const name = readJobName(pattern, text);
  if (name === undefined) {
    const expected = pattern === '' ? 'up to 200 characters without white space' : `what matches ${pattern}`;
    throw new ProviderError(
      'invalid_job_name',
      `${JSON.stringify(text.slice(0, 200))} is no job of ${service}: expected ${expected}, with no segment that is empty, "." or ".."`,
    );
  }
  return name;
}

/** {@link canonicalJobName} for a text that may well be something else. */
export function readJobName(pattern: string, text: string): string | undefined {
  if (!ANY_NAME.test(text)) return undefined;
  const match = new RegExp(`^(?:${pattern || '.*'})$`, 'u').exec(text);
  const name = match?.groups?.['job'] ?? match?.[0];
  return name === undefined || name.split('/').some(changesPath) ? undefined : name;
}

/** URL parsers follow such segments, so that the request would go elsewhere. */
function changesPath(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..';
}
