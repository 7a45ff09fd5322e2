import { isObject, textAt } from '../../domain/json';
import { CREATED_BEFORE_MS, lastOfDescending } from '../list-order';
import { ListError, ProviderError } from '../provider';
import type { ListedJob, ListRequest } from '../watching';
import { callApi, toProviderError } from './call-api';
import type { Clients } from './clients';
import {
  type Collection,
  formatJobName,
  JOB_KINDS,
  type JobName,
  type Projects,
  readJobName,
  readTrackedScope,
} from './job-name';
import { type JobResource, toRfc3339 } from './job-resource';
import { toJobStatus } from './job-status';

/** The largest page that the API has been seen to give; it documents no maximum. */
const PAGE_SIZE = 100;

export interface ListJobsOptions {
  readonly clients: Clients;
  readonly projects: Projects;
  readonly deadlineMs: number;
}

/**
 * Lists the open jobs of a scope, collection by collection: those of the watched jobs and those that are tracked. A
 * tracked collection is also listed by time of creation, for the jobs that began and ended since.
 *
 * The two are walks of their own, because a filter of both would mix AND with OR: their precedence is the reverse of
 * what people expect (https://google.aip.dev/160), and the API documents no parentheses.
 * @throws {ListError} for the collections that the caller may not list, once all others are listed; else
 *   {ProviderError}, as getJobStatus does
 */
export async function* listJobs(
  request: ListRequest,
  options: ListJobsOptions,
): AsyncGenerator<readonly ListedJob[], void, undefined> {
  const tracked = new Set(request.tracked.flatMap((scope) => readTrackedScope(scope)?.collection ?? []));
  const watched = new Set(request.jobs.flatMap((job) => readJobName(job)?.collection ?? []));
  const refused: { readonly parent: string; readonly error: ProviderError }[] = [];
  for (const collection of new Set([...watched, ...tracked])) {
    const since = tracked.has(collection) ? request.createdSince : undefined;
    // What cannot be filtered is read back to the age that matters.
    const oldest = Math.min(
      watched.has(collection) ? (request.oldest ?? 0) : Number.POSITIVE_INFINITY,
      tracked.has(collection) ? (since ?? 0) : Number.POSITIVE_INFINITY,
    );
    try {
      for (const filter of filtersOf(collection, since)) yield* walk({ request, collection, filter, oldest }, options);
    } catch (error) {
      if (!(error instanceof ProviderError && isLasting(error))) throw error;
      refused.push({ parent: `${request.scope}/${collection}/`, error });
    }
  }
  const [first] = refused;
  if (!first) return;
  const message = refused.map(({ error }) => error.message).join('; ');
  throw new ListError(first.error.code, message, {
    cause: first.error,
    notListed: refused.map(({ parent }) => parent),
  });
}

function isLasting({ code }: ProviderError): boolean {
  return code === 'permission_denied' || code === 'unsupported';
}

/** The states that end a job, after the prefix. What is not here is open, so that an unknown state is. */
const ENDED = {
  JOB_STATE: ['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED', 'PARTIALLY_SUCCEEDED'],
  PIPELINE_STATE: ['SUCCEEDED', 'FAILED', 'CANCELLED'],
} as const;

/** The filters to walk with. By fields and operators that the protos document for this collection, and no others. */
function filtersOf(collection: Collection, since: number | undefined): readonly string[] {
  const { states, filtered } = JOB_KINDS[collection];
  if (!filtered) return [''];
  const open = ENDED[states].map((state) => `state!="${states}_${state}"`).join(' AND ');
  return since === undefined ? [open] : [open, `create_time>="${new Date(since).toISOString()}"`];
}

interface Walk {
  readonly request: ListRequest;
  readonly collection: Collection;
  /** '' for every job there is. */
  readonly filter: string;
  /** Epoch ms; 0 for all. */
  readonly oldest: number;
}

async function* walk(
  { request, collection, filter, oldest }: Walk,
  options: ListJobsOptions,
): AsyncGenerator<readonly ListedJob[], void, undefined> {
  const { scope, signal } = request;
  let last = Number.POSITIVE_INFINITY;
  let pageToken = '';
  do {
    const page = await listPage({ parent: scope, collection, filter, pageToken, pageSize: PAGE_SIZE }, options, signal);
    yield page.jobs;
    last = lastOfDescending(page.jobs, last);
    if (filter === '' && last < oldest - CREATED_BEFORE_MS) return;
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}

export interface PageRequest {
  /** `projects/{project}/locations/{location}` */
  readonly parent: string;
  readonly collection: Collection;
  readonly filter: string;
  readonly pageToken: string;
  readonly pageSize: number;
}

interface Page {
  readonly jobs: readonly ListedJob[];
  /** '' after the last. */
  readonly nextPageToken: string;
}

/** @throws {ProviderError} */
export async function listPage(
  { parent, collection, ...page }: PageRequest,
  { clients, projects, deadlineMs }: ListJobsOptions,
  signal: AbortSignal,
): Promise<Page> {
  const { client, type, mask } = JOB_KINDS[collection];
  const [, , , location = ''] = parent.split('/');
  try {
    const stub = await clients.stub(client, location);
    const request = { parent, ...page, ...(mask.length > 0 && { readMask: { paths: mask } }) };
    const answer = await callApi(stub, `list${type}s`, request, { routing: { parent }, deadlineMs, signal });
    const { [collection]: jobs, nextPageToken } = answer as Partial<Record<string, unknown>>;
    return {
      jobs: (Array.isArray(jobs) ? jobs.filter(isObject) : []).flatMap((job) => toListedJob(job, projects) ?? []),
      nextPageToken: typeof nextPageToken === 'string' ? nextPageToken : '',
    };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw toProviderError(error, { verb: 'list', name: `${collection} of ${parent}`, collection });
  }
}

function toListedJob(job: JobResource, projects: Projects): ListedJob | undefined {
  const name = readJobName(textAt(job, 'name') ?? '');
  if (!name) return undefined;
  const { status, warning } = toJobStatus(job);
  const { state, ended_at } = status;
  return {
    key: listKeyOf(name),
    job: formatJobName(name, projects),
    state,
    ...(warning && { isUnknown: true }),
    created_at: toRfc3339(job['createTime']),
    ended_at,
  };
}

/** The same for a project's id and its number, of which a LIST answers with either. */
export function listKeyOf({ location, collection, id }: JobName): string {
  return `${location}/${collection}/${id}`;
}
