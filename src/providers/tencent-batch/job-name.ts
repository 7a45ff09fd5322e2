import { ProviderError } from '../provider';

/** Tencent's ids have eight characters; longer ones are accepted, should Tencent lengthen them. */
const JOB_ID = /^job-[0-9a-z]{1,32}$/;

export function isJobId(text: string): boolean {
  return JOB_ID.test(text);
}

/**
 * The canonical name of a job, its JobId.
 * @throws {ProviderError} `invalid_job_name`
 */
export function canonicalJobName(text: string): string {
  const id = text.trim();
  if (isJobId(id)) return id;
  throw new ProviderError(
    'invalid_job_name',
    `"${text.slice(0, 200)}" is not a job of Tencent Batch: expected its JobId, e.g. job-8hrvpkow`,
  );
}
