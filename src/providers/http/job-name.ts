import { ProviderError } from '../provider';

/** No white space, no invisible characters, no unpaired surrogates. */
const ANY_NAME = /^[^\s\p{C}]{1,200}$/u;

/**
 * The canonical name of a job: the group `job` of the service's `job_pattern` where there is one, else the name itself.
 * @param pattern a regular expression that the whole name has to match; '' for any name without white space
 * @throws {ProviderError} `invalid_job_name`
 */
export function canonicalJobName(service: string, pattern: string, text: string): string {
  const name = readJobName(pattern, text);
  if (name === undefined) {
    const expected = pattern === '' ? 'up to 200 characters without white space' : `what matches ${pattern}`;
    throw new ProviderError(
      'invalid_job_name',
      `${JSON.stringify(text.slice(0, 200))} is not a job of ${service}: expected ${expected}, with no segment that is empty, "." or ".."`,
    );
  }
  return name;
}

/** {@link canonicalJobName} for any text: undefined where it is not a job's name. */
export function readJobName(pattern: string, text: string): string | undefined {
  if (!ANY_NAME.test(text)) return undefined;
  const match = new RegExp(`^(?:${pattern || '.*'})$`, 'u').exec(text);
  const name = match?.groups?.['job'] ?? match?.[0];
  return name === undefined || name.split('/').some(changesPath) ? undefined : name;
}

/** URL parsers resolve such segments, so the request would go to another path. */
function changesPath(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..';
}
