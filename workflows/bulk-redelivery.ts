import { rootCause } from '@temporalio/common';
import {
  isCancellation,
  makeContinueAsNewFunc,
  proxyActivities,
  setCurrentDetails,
  sleep,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, JobRun } from '../activities/types';
import { type BulkProgress, type BulkRedeliveryInput, NO_BULK_PROGRESS } from '../src/domain/redelivery';

const retry = { initialInterval: '1 second', maximumInterval: '30 seconds' } as const;
const { findJobRuns } = proxyActivities<Activities>({ startToCloseTimeout: '30 seconds', retry });
const { redeliverRuns } = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  // Notices a dead worker.
  heartbeatTimeout: '20 seconds',
  retry,
});

/** The visibility index is a moment behind, so what has just ended is waited for. */
const INDEX_LAG = '2 seconds';
/** How often the memo is written at most: each time costs an event. */
const SHOW_EVERY_MS = 5_000;
/** Jobs that are redelivered at once, at most. */
const MAX_BATCH = 25;

/** What the run knows of itself. */
interface Bulk {
  readonly input: BulkRedeliveryInput;
  /** Of the next page; null for the first. */
  pageToken: string | null;
  pages: number;
  progress: BulkProgress;
  /** From when on the rate allows the next delivery, epoch ms. */
  freeAt: number;
  /** When the memo was written last, epoch ms. */
  shownAt: number;
}

/**
 * Sends the events of many jobs again: page by page from the visibility index, in batches, at `max_rate`.
 *
 * It waits for no endpoint: each job gets a `redelivery` run of its own, as durable as the first delivery was.
 */
export async function bulkRedelivery(input: BulkRedeliveryInput): Promise<BulkProgress> {
  const bulk = begin(input);
  if (!input.carried) await sleep(INDEX_LAG, { summary: 'lets the visibility index catch up' });

  try {
    do await redeliverPage(bulk);
    while (bulk.pageToken !== null && !isLong(bulk));
    if (bulk.pageToken !== null) await untilFree(bulk);
  } catch (error) {
    const last_error = isCancellation(error) ? 'it was canceled' : (rootCause(error) ?? String(error));
    show({ ...bulk, progress: { ...bulk.progress, last_error } });
    throw error;
  }

  show(bulk);
  return bulk.pageToken === null ? bulk.progress : continueInANewRun(bulk, bulk.pageToken);
}

function begin(input: BulkRedeliveryInput): Bulk {
  const { page_token, progress } = input.carried ?? { page_token: null, progress: NO_BULK_PROGRESS };
  return { input, pageToken: page_token, pages: 0, progress, freeAt: 0, shownAt: Date.now() };
}

function isLong({ input, pages }: Bulk): boolean {
  return pages >= input.pages_per_run || workflowInfo().continueAsNewSuggested;
}

async function redeliverPage(bulk: Bulk): Promise<void> {
  const { input } = bulk;
  const { runs, next_page_token } = await findJobRuns.executeWithOptions(
    { summary: `page ${bulk.pages + 1} of this run` },
    [{ selection: input, page_token: bulk.pageToken, page_size: input.page_size }],
  );
  bulk.progress = { ...bulk.progress, matched: bulk.progress.matched + runs.length };

  // Half a second's worth at once, so that a low rate is smooth and a high one is not all timers.
  const size = Math.min(MAX_BATCH, Math.max(1, Math.ceil(input.max_rate / 2)));
  for (let i = 0; i < runs.length; i += size) {
    await untilFree(bulk);
    await redeliverBatch(bulk, runs.slice(i, i + size));
  }
  bulk.pageToken = next_page_token;
  bulk.pages++;
}

async function redeliverBatch(bulk: Bulk, runs: readonly JobRun[]): Promise<void> {
  const { id, dry_run, max_rate } = bulk.input;
  const beganAt = Date.now();
  const done = await redeliverRuns.executeWithOptions({ summary: `redelivers ${runs.length} jobs` }, [
    { bulk_id: id, selection: bulk.input, dry_run, runs },
  ]);
  bulk.freeAt = Math.max(bulk.freeAt, beganAt) + (done.deliveries * 1000) / max_rate;

  const { progress } = bulk;
  bulk.progress = {
    matched: progress.matched,
    redelivered: progress.redelivered + done.redelivered,
    skipped: progress.skipped + done.skipped,
    failed: progress.failed + done.failed,
    last_error: done.last_error ?? progress.last_error,
  };
  if (Date.now() - bulk.shownAt >= SHOW_EVERY_MS) show(bulk);
}

async function untilFree({ freeAt, input }: Bulk): Promise<void> {
  const waitMs = Math.ceil(freeAt - Date.now());
  if (waitMs > 0) await sleep(waitMs, { summary: `at most ${input.max_rate} deliveries a second` });
}

/** For readers, who ask no worker, and for operators in the Web UI. */
function show(bulk: Bulk): void {
  const { matched, redelivered, skipped, failed, last_error } = bulk.progress;
  bulk.shownAt = Date.now();
  upsertMemo({ progress: bulk.progress });
  setCurrentDetails(
    [
      `Found ${matched} jobs so far: ${redelivered} redelivered, ${skipped} skipped, ${failed} failed.`,
      ...(last_error === null ? [] : [`Last error: ${last_error.slice(0, 300)}`]),
    ].join('\n\n'),
  );
}

function continueInANewRun({ input, progress }: Bulk, page_token: string): Promise<never> {
  // Of the memo only what is named here goes along, and of what was upserted nothing by itself.
  const memo = { ...workflowInfo().memo, progress };
  return makeContinueAsNewFunc<(input: BulkRedeliveryInput) => Promise<unknown>>({ memo })({
    ...input,
    carried: { page_token, progress },
  });
}
