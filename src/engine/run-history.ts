import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** A run's history is read this far back at most: 10 pages. */
const PAGE_SIZE = 500;
const MAX_PAGES = 10;

/** The events of a run, the newest first. Asks no worker. */
export async function* newestFirst(client: Client, workflowId: string, runId: string): AsyncGenerator<HistoryEvent> {
  let nextPageToken: Uint8Array | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: PAGE_SIZE,
      ...(nextPageToken ? { nextPageToken } : {}),
    });
    yield* answer.history?.events ?? [];
    if (!answer.nextPageToken?.length) return;
    nextPageToken = answer.nextPageToken;
  }
}
