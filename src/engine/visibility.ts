import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { createTokenBucket, type TokenBucket } from '../async/token-bucket';
import { isTooLarge } from './temporal-errors';

export type ExecutionInfo = temporal.api.workflow.v1.IWorkflowExecutionInfo;

const MAX_PAGE_SIZE = 1_000;
const MIN_PAGE_SIZE = 10;
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
  let pageSize = MAX_PAGE_SIZE;
  let nextPageToken: Uint8Array | undefined;
  for (;;) {
    await turn(client);
    try {
      const answer = await client.workflowService.listWorkflowExecutions({
        namespace: client.options.namespace,
        query,
        pageSize,
        ...(nextPageToken ? { nextPageToken } : {}),
      });
      yield answer.executions ?? [];
      if (!answer.nextPageToken?.length) return;
      nextPageToken = answer.nextPageToken;
    } catch (error) {
      // A page carries memos, and must not be larger than what a client takes.
      if (!isTooLarge(error) || pageSize <= MIN_PAGE_SIZE) throw error;
      pageSize = Math.ceil(pageSize / 4);
    }
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
