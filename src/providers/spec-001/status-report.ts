import { isJobState, type JobState } from '../../domain/job-state';
import type { Artifact, JobError, JobStatus, Progress } from '../../domain/job-status';
import { isObject } from '../../domain/json';
import { resultsOf } from './results';

/**
 * The status that a SPEC-001 STATUS reports. Outputs and progress that it omits stay as they were. A STATUS has no time.
 * @param data of the message; any value, because anyone may send one
 * @param before the status until then
 * @returns undefined where the data has no valid state
 */
export function statusOfReport(data: unknown, before: JobStatus): JobStatus | undefined {
  if (!isObject(data)) return undefined;
  const { status, results, progress } = data;
  if (!isJobState(status)) return undefined;
  const message = typeof data['message'] === 'string' ? data['message'] : null;
  return {
    ...before,
    state: status,
    provider_state: status,
    reason: null,
    message,
    error: errorOf(status, message),
    artifacts: results === undefined ? before.artifacts : resultsOf(results).flatMap(artifactsOf),
    progress: progressOf(progress) ?? before.progress,
    native: data,
  };
}

/** SPEC-001 has no member for an error, so it is the message of a failed state. */
function errorOf(state: JobState, message: string | null): JobError | null {
  const isError = state === 'FAILED' || state === 'PARTIALLY_FAILED';
  return isError && message !== null ? { code: state, message } : null;
}

/** The members that are numbers. */
function progressOf(progress: unknown): Progress | undefined {
  if (!isObject(progress)) return undefined;
  return Object.fromEntries(
    Object.entries(progress).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

/** One for each file or directory. */
function artifactsOf(result: ReturnType<typeof resultsOf>[number]): readonly Artifact[] {
  const { type } = result;
  if (type === 'SNOWFLAKE_TABLE') {
    return [{ uri: `snowflake://${result.primary_resource}`, type, query: result.query }];
  }
  const container = `https://${result.storage_account}.blob.core.windows.net/${result.container}`;
  const paths = type === 'ABS_FILES' ? result.paths : [result.directory];
  return paths.map((path) => ({ uri: `${container}/${asUriPath(path)}`, type }));
}

/** Encodes the characters of a blob's name that a URI's path may not contain; slashes stay. */
function asUriPath(path: string): string {
  return encodeURI(path.toWellFormed()).replace(/[?#]/g, encodeURIComponent);
}
