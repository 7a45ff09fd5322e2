import { status } from '@grpc/grpc-js';
import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { type BoundedMap, createBoundedMap } from '../async/bounded-map';
import { createTokenBucket, type TokenBucket } from '../async/token-bucket';
import { unrepeated } from '../async/unrepeated';
import { JobHeraldError } from '../domain/jobherald-error';
import { pagesOf } from './pages';
import { grpcCode, isTooLarge } from './temporal-errors';

export type ExecutionInfo = temporal.api.workflow.v1.IWorkflowExecutionInfo;

/** 1,000 is the most that Temporal gives. */
const PAGE_SIZES = { first: 1_000, least: 10 } as const;
/**
 * What watches, caretaker and audits of one process ask of visibility in a second, all together. Temporal allows a namespace
 * ten such calls by default (`frontend.namespaceRPS.visibility`), for everybody together: people who look have the rest.
 */
const CALLS_A_SECOND = 3;

const buckets = new WeakMap<Client, TokenBucket>();

function turn(client: Client): Promise<void> {
  const known = buckets.get(client);
  const bucket = known ?? createTokenBucket({ tokens: CALLS_A_SECOND, perMs: 1_000 });
  if (!known) buckets.set(client, bucket);
  return bucket.take();
}

/** What visibility shows, page by page. */
export async function* executionPages(client: Client, query: string): AsyncGenerator<readonly ExecutionInfo[]> {
  const { namespace } = client.options;
  const pages = pagesOf(PAGE_SIZES, async (page) => {
    await turn(client);
    return client.workflowService.listWorkflowExecutions({ namespace, query, ...page });
  });
  for await (const { executions } of pages) yield executions ?? [];
}

type Page = temporal.api.workflowservice.v1.IListWorkflowExecutionsResponse;

/** The index is a moment behind by itself. */
const SHARED_FOR_MS = 250;
/** Queries that are kept in mind. */
const MAX_SHARED = 100;

const shared = new WeakMap<Client, BoundedMap<string, { readonly page: Promise<Page>; until: number }>>();

/**
 * One page of what visibility shows, for people who look: those who ask the same while a call is under way, or a moment after it,
 * share its answer. Where Temporal has been asked too often the call is not repeated.
 * @throws {JobHeraldError} `rate_limited`
 */
export async function sharedPage(
  client: Client,
  request: { readonly query: string; readonly pageSize: number; readonly nextPageToken?: Uint8Array },
): Promise<Page> {
  const pages = shared.get(client) ?? createBoundedMap(MAX_SHARED);
  shared.set(client, pages);
  const { query, pageSize, nextPageToken } = request;
  const key = JSON.stringify([query, pageSize, Buffer.from(nextPageToken ?? []).toString('base64')]);
  const known = pages.get(key);
  if (known && performance.now() < known.until) return known.page;

  const { namespace } = client.options;
  const page = forPeople(() => client.workflowService.listWorkflowExecutions({ namespace, ...request }));
  const entry = { page, until: Number.POSITIVE_INFINITY };
  pages.set(key, entry);
  page.then(
    () => {
      entry.until = performance.now() + SHARED_FOR_MS;
    },
    () => {
      if (pages.get(key) === entry) pages.delete(key);
    },
  );
  return page;
}

/** How many runs visibility shows to somebody who looks. @throws {JobHeraldError} `rate_limited` */
export async function countNow(client: Client, query: string): Promise<number> {
  const { namespace } = client.options;
  const { count } = await forPeople(() => client.workflowService.countWorkflowExecutions({ namespace, query }));
  return Number(count ?? 0);
}

async function forPeople<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await unrepeated(call);
  } catch (cause) {
    if (grpcCode(cause) !== status.RESOURCE_EXHAUSTED || isTooLarge(cause)) throw cause;
    const what = 'Temporal limits how often its index is asked (frontend.namespaceRPS.visibility)';
    throw new JobHeraldError('rate_limited', `${what}; try again in a second`, { cause });
  }
}

/** How many runs visibility shows. */
export async function countExecutions(client: Client, query: string): Promise<number> {
  await turn(client);
  const { namespace } = client.options;
  const { count } = await client.workflowService.countWorkflowExecutions({ namespace, query });
  return Number(count ?? 0);
}

/** A text as a visibility query has it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
