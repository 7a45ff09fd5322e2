import type { Job, JobList } from '../../schemas/types';
import type { Jobs, ListOptions } from '../engine/jobs';
import { createHttpSender, type HttpOptions } from './http-sender';
import { jobPath } from './job-path';

/**
 * {@link Jobs} over the gateway's HTTP API. Refusals are the gateway's own, code and faults alike; a gateway that
 * cannot be reached is `unavailable`, with the cause.
 *
 * Nothing is tried again here, because only the caller knows how long it may wait. Trying again is safe: the same
 * submission again finds its run, and a hint or heartbeat with an `idempotency_key` counts once.
 * @throws {JobHeraldError} `bad_request` for a url or token that cannot be used
 */
export function createHttpJobs(options: HttpOptions): Jobs {
  const send = createHttpSender(options);
  return {
    async submit(submission) {
      const { status, value } = await send('POST', '/v1/jobs', submission);
      return { job: value as Job, created: status === 201 };
    },
    async get(provider, job) {
      return (await send('GET', jobPath(provider, job))).value as Job;
    },
    async list(options = {}) {
      return (await send('GET', `/v1/jobs${queryOf(options)}`)).value as JobList;
    },
    async complete(provider, job, completion = {}) {
      await send('POST', `${jobPath(provider, job)}/completion`, completion);
    },
    async heartbeat(provider, job, heartbeat) {
      await send('POST', `${jobPath(provider, job)}/heartbeat`, heartbeat);
    },
    async report(provider, job, data) {
      await send('POST', `${jobPath(provider, job)}/status`, data);
    },
    async cancel(provider, job) {
      await send('POST', `${jobPath(provider, job)}/cancel`);
    },
    async redeliver(provider, job, request = {}) {
      await send('POST', `${jobPath(provider, job)}/redeliver`, request);
    },
  };
}

function queryOf({ query, limit, cursor }: ListOptions): string {
  const parameters = new URLSearchParams();
  if (query) parameters.set('query', query);
  if (limit !== undefined) parameters.set('limit', String(limit));
  if (cursor) parameters.set('cursor', cursor);
  return parameters.size > 0 ? `?${parameters}` : '';
}
