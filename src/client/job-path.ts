import { JobHeraldError } from '../domain/jobherald-error';

/**
 * The path of a job at the gateway: provider and name, each percent-encoded as one segment.
 * @throws {JobHeraldError} `bad_request` for what no path can carry
 */
export function jobPath(provider: string, job: string): string {
  return `/v1/jobs/${segment('provider', provider)}/${segment('job', job)}`;
}

/** `.` and `..` would be taken for a place in the path, and the rest of it sent somewhere else (RFC 3986, 5.2.4). */
const NO_SEGMENT: ReadonlySet<string> = new Set(['', '.', '..']);

function segment(what: string, name: string): string {
  if (typeof name !== 'string' || NO_SEGMENT.has(name)) {
    throw new JobHeraldError('bad_request', `"${name}" is no name of a ${what}; give the provider and its job's name`);
  }
  try {
    return encodeURIComponent(name);
  } catch (cause) {
    throw new JobHeraldError('bad_request', `the name of the ${what} has half a surrogate pair`, { cause });
  }
}
