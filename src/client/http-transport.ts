import type { BulkRedelivery, EndpointView, Job, JobList } from '../../schemas/types';
import { JobHeraldError } from '../domain/jobherald-error';
import { readTraceContext } from '../domain/trace-context';
import type { Endpoints, GetOptions, Jobs, ListOptions, Redeliveries } from '../engine/api';
import { createHttpSender, type HttpOptions, type HttpSender } from './http-sender';

/** How a client reaches jobs: over HTTP, or straight to Temporal. */
export interface Transport {
  readonly jobs: Jobs;
  readonly redeliveries: Redeliveries;
  readonly endpoints: Endpoints;
  close(): Promise<void>;
}

/**
 * Jobs and redeliveries over the gateway's HTTP API. Refusals are the gateway's own, code and faults alike; a gateway
 * that cannot be reached is `unavailable`, with the cause.
 *
 * Nothing is retried here, because only the caller knows how long it may wait. Retrying is safe: the same submission
 * again finds its run, and a hint or heartbeat with an `idempotency_key` counts once.
 * @throws {JobHeraldError} `bad_request` for an invalid url or token
 */
export function createHttpTransport(options: HttpOptions): Transport {
  const { send, close } = createHttpSender(options);
  return {
    jobs: jobsOver(send),
    redeliveries: redeliveriesOver(send),
    endpoints: endpointsOver(send),
    close: async () => close(),
  };
}

function jobsOver(send: HttpSender['send']): Jobs {
  return {
    async submit(submission, headers = {}) {
      const { status, value } = await send('POST', '/v1/jobs', submission, readTraceContext(headers));
      return { job: value as Job, created: status === 201 };
    },
    async get(provider, job, options = {}) {
      return (await send('GET', `${jobPath(provider, job)}${queryOf(options)}`)).value as Job;
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
    async retry(provider, job, request = {}) {
      await send('POST', `${jobPath(provider, job)}/retry`, request);
    },
  };
}

function endpointsOver(send: HttpSender['send']): Endpoints {
  const path = (name: string) => `/v1/endpoints/${segment('endpoint', name)}`;
  return {
    async list() {
      return (await send('GET', '/v1/endpoints')).value as { readonly endpoints: readonly EndpointView[] };
    },
    async get(name) {
      return (await send('GET', path(name))).value as EndpointView;
    },
    async pause(name) {
      return (await send('POST', `${path(name)}/pause`)).value as EndpointView;
    },
    async resume(name) {
      return (await send('POST', `${path(name)}/resume`)).value as EndpointView;
    },
    async test(name) {
      await send('POST', `${path(name)}/test`);
    },
  };
}

function redeliveriesOver(send: HttpSender['send']): Redeliveries {
  return {
    async start(request) {
      return (await send('POST', '/v1/redeliveries', request)).value as BulkRedelivery;
    },
    async get(id) {
      if (!/^[\w-]+$/.test(id)) {
        throw new JobHeraldError(
          'bad_request',
          `"${id}" is not the ID of a bulk redelivery; give the id from its answer`,
        );
      }
      return (await send('GET', `/v1/redeliveries/${id}`)).value as BulkRedelivery;
    },
  };
}

/**
 * The path of a job at the gateway: provider and name, each percent-encoded as one segment.
 * @throws {JobHeraldError} `bad_request` for a name that no path can carry
 */
function jobPath(provider: string, job: string): string {
  return `/v1/jobs/${segment('provider', provider)}/${segment('job', job)}`;
}

/** `.` and `..` would be resolved as places in the path, and the rest of it sent somewhere else (RFC 3986, 5.2.4). */
const INVALID_SEGMENTS: ReadonlySet<string> = new Set(['', '.', '..']);

function segment(what: string, name: string): string {
  if (typeof name !== 'string' || INVALID_SEGMENTS.has(name)) {
    const advice = "give the provider's name and the name it has for the job";
    throw new JobHeraldError('bad_request', `"${name}" is not a valid ${what} name; ${advice}`);
  }
  try {
    return encodeURIComponent(name);
  } catch (cause) {
    throw new JobHeraldError('bad_request', `the ${what} name holds half a surrogate pair; give valid Unicode`, {
      cause,
    });
  }
}

function queryOf({ query, limit, cursor, include, unrepaired }: ListOptions & GetOptions): string {
  const parameters = new URLSearchParams();
  if (include) parameters.set('include', include);
  if (query) parameters.set('query', query);
  if (limit !== undefined) parameters.set('limit', String(limit));
  if (cursor) parameters.set('cursor', cursor);
  if (unrepaired) parameters.set('unrepaired', 'true');
  return parameters.size > 0 ? `?${parameters}` : '';
}
