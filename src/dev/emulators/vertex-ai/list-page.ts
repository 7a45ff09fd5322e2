import type { EmulatedJob, Listing } from './job-store';
import { camelCase, FilterError, parseFilter } from './list-filter';

export interface ListPageRequest {
  readonly parent: string;
  readonly filter?: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
  readonly orderBy?: string;
  readonly readMask?: { readonly paths: readonly string[] } | null;
}

/**
 * cursor: a page goes on where the one before stopped · offset: after as many as there were then, so that a job that
 * ends meanwhile lets another slip to a page that was read already.
 */
export type Paging = 'cursor' | 'offset';

/** The most that one page holds, and what it holds where the request does not say. */
const MAX_PAGE_SIZE = 100;

export interface ListPage {
  readonly jobs: readonly EmulatedJob[];
  readonly nextPageToken: string;
}

/** One page of a collection. @throws {FilterError} for a request that the API answers INVALID_ARGUMENT */
export function listPage(request: ListPageRequest, collection: string, listing: Listing, paging: Paging): ListPage {
  const { filter = '', pageSize = 0, pageToken = '', orderBy = '' } = request;
  if (pageSize < 0) throw new FilterError('page_size must not be negative');
  if (orderBy !== '') throw new FilterError('order_by is not emulated');
  const size = Math.min(pageSize || MAX_PAGE_SIZE, MAX_PAGE_SIZE);
  const matches = parseFilter(filter, collection);
  const mask = maskOf(request);
  const start = startOf(pageToken, request);

  const jobs: EmulatedJob[] = [];
  let index = paging === 'cursor' && start !== undefined ? Math.max(0, listing.length - start) : 0;
  let toSkip = paging === 'offset' ? (start ?? 0) : 0;
  // One more than a page is looked for, because the last page has no token.
  for (; index < listing.length; index++) {
    const job = listing.at(index);
    if (!job || !matches(job) || toSkip-- > 0) continue;
    if (jobs.length === size) break;
    jobs.push(mask(job));
  }
  if (index >= listing.length) return { jobs, nextPageToken: '' };
  // Counted from the oldest, so that jobs made meanwhile change nothing.
  return { jobs, nextPageToken: tokenOf(paging === 'cursor' ? listing.length - index : (start ?? 0) + size, request) };
}

function tokenOf(start: number, { parent, filter = '' }: ListPageRequest): string {
  return Buffer.from(JSON.stringify({ start, parent, filter })).toString('base64url');
}

function startOf(token: string, { parent, filter = '' }: ListPageRequest): number | undefined {
  if (token === '') return undefined;
  try {
    const given = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Record<string, unknown>;
    if (given['parent'] === parent && given['filter'] === filter) return Number(given['start']);
  } catch {
    // Answered below.
  }
  throw new FilterError('page_token is of no page of this request');
}

function maskOf({ readMask }: ListPageRequest): (job: EmulatedJob) => EmulatedJob {
  const paths = readMask?.paths ?? [];
  if (paths.length === 0 || paths.includes('*')) return (job) => job;
  const wrong = paths.find((path) => !/^[a-z][a-z_]*(?:\.[a-z_]+)*$/.test(path));
  if (wrong !== undefined) throw new FilterError(`${wrong} is no path of read_mask`);
  const members = paths.map((path) => camelCase(path.split('.')[0] ?? ''));
  return (job) => ({
    ...(Object.fromEntries(members.filter((member) => member in job).map((member) => [member, job[member]])) as object),
    name: members.includes('name') ? job.name : '',
  });
}
