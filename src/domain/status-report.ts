import { isJobState } from './job-state';
import type { JobStatus } from './job-status';

/**
 * The status that a SPEC-001 STATUS reports.
 * @param data of the message; anything at all, for anyone may send one
 * @param before what was known until then
 * @returns undefined where it reports no state that there is
 */
export function statusOfReport(data: unknown, before: JobStatus): JobStatus | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { status } = data as { readonly status?: unknown };
  return isJobState(status) ? { ...before, state: status, provider_state: status } : undefined;
}
