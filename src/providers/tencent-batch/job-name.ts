import { ProviderError } from '../provider';

/** Tencent makes eight characters; more are let through, so that longer ids need no new version of this program. */
const JOB_ID = /^job-[0-9a-z]{1,32}$/;

export function isJobId(text: string): boolean {
  return JOB_ID.test(text);
}

/**
 * The one spelling of a job's name, its JobId.
 * @throws {ProviderError} `invalid_job_name`
 */
export function canonicalJobName(text: string): string {
  const id = text.trim();
  if (isJobId(id)) return id;
  throw new ProviderError(
    'invalid_job_name',
    `"${text.slice(0, 200)}" is no job of Tencent Batch: expected its JobId, e.g. job-8hrvpkow`,
  );
}
