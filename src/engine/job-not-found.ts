import type { JobName } from '../domain/identity';
import { JobHeraldError } from '../domain/jobherald-error';

export function jobNotFound({ provider, job }: JobName): JobHeraldError {
  return new JobHeraldError(
    'job_not_found',
    `no run of ${provider} job ${job}, open or retained by Temporal; submit it first with POST /v1/jobs`,
  );
}
