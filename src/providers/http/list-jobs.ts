import { isTerminal } from '../../domain/job-state';
import { CREATED_BEFORE_MS, lastOfDescending } from '../list-order';
import { ProviderError } from '../provider';
import type { ListedJob, ListRequest } from '../watching';
import type { HttpList, HttpServiceConfig } from './config/http-config';
import { readJobName } from './job-name';
import { readState } from './job-status';
import { firstAt, textAt, timeAt } from './values';

/** GETs a URL with the service's headers and resolves with its JSON document. @throws {ProviderError} */
export type GetDocument = (url: string, signal: AbortSignal) => Promise<unknown>;

/**
 * Lists the service's jobs by `list`, page by page. A list that is newest first is read back to the age of the oldest open
 * job, for nothing else says that no open one follows; any other is read to its end.
 * @throws {ProviderError}
 */
export async function* listJobs(
  service: HttpServiceConfig,
  list: HttpList,
  get: GetDocument,
  { jobs, tracked, createdSince = 0, oldest = 0, signal }: ListRequest,
): AsyncGenerator<readonly ListedJob[], void, undefined> {
  const back = Math.min(
    jobs.length > 0 ? oldest : Number.POSITIVE_INFINITY,
    tracked.length > 0 ? createdSince : Number.POSITIVE_INFINITY,
  );
  const read = new Set<string>();
  let last = Number.POSITIVE_INFINITY;
  for (let url: string | undefined = list.url; url !== undefined; ) {
    const page: Page = readPage(await get(url, signal), service, list);
    yield page.jobs;
    last = lastOfDescending(page.jobs, last);
    if (list.order === 'newest_first' && last < back - CREATED_BEFORE_MS) return;
    read.add(url);
    url = nextUrl(page, url, service.name, list);
    if (url !== undefined && read.has(url)) throw wrongNext(service.name, 'links a page again that was read already');
  }
}

export interface Page {
  readonly document: unknown;
  readonly jobs: readonly ListedJob[];
  /** As the service writes it; undefined for an empty page. */
  readonly lastId: string | undefined;
}

/** @throws {ProviderError} `unsupported` for a document without a list where `items` says */
export function readPage(document: unknown, service: HttpServiceConfig, list: HttpList): Page {
  // Some services leave out a list that is empty.
  const items = firstAt(document, list.items) ?? [];
  if (!Array.isArray(items)) {
    const text = `${service.name} has no list at ${list.items.join(' or ')}; check providers.http.${service.name}.list.items`;
    throw new ProviderError('unsupported', text);
  }
  return {
    document,
    jobs: items.flatMap((item) => toListedJob(item, service, list) ?? []),
    lastId: textAt(items.at(-1), list.id, MAX_CURSOR),
  };
}

/** Undefined for an item that is no job of the service: a list may have other things in it. */
function toListedJob(item: unknown, service: HttpServiceConfig, list: HttpList): ListedJob | undefined {
  const job = readJobName(service.jobPattern, textAt(item, list.id) ?? '');
  if (job === undefined) return undefined;
  const { state, isUnknown } = readState(item, { ...service.state, at: list.state });
  return {
    key: job,
    job,
    state,
    ...(isUnknown && { isUnknown }),
    created_at: timeAt(item, list.createdAt),
    ended_at: isTerminal(state) ? timeAt(item, service.endedAt) : null,
  };
}

/**
 * Where the next page is; undefined after the last. Never on another origin, which must not get the service's credentials.
 * @throws {ProviderError} `unsupported`
 */
function nextUrl({ document, lastId }: Page, url: string, service: string, { next }: HttpList): string | undefined {
  if (next === null) return undefined;
  if (next.more.length > 0 && firstAt(document, next.more) !== true) return undefined;
  const cursor = next.at.length > 0 ? textAt(document, next.at, MAX_CURSOR) : lastId;
  if (cursor === undefined) return undefined;
  const target = next.parameter === '' ? resolveLink(cursor, url) : withParameter(url, next.parameter, cursor);
  if (target?.origin !== new URL(url).origin) throw wrongNext(service, 'links its next page outside its own origin');
  return target.href;
}

function wrongNext(service: string, reason: string): ProviderError {
  return new ProviderError('unsupported', `${service} ${reason}; check providers.http.${service}.list.next`);
}

/** Some cursors hold a whole query. */
const MAX_CURSOR = 8192;

function resolveLink(link: string, base: string): URL | undefined {
  return URL.canParse(link, base) ? new URL(link, base) : undefined;
}

function withParameter(url: string, name: string, value: string): URL {
  const next = new URL(url);
  next.searchParams.set(name, value);
  return next;
}
