import { activityInfo, log } from '@temporalio/activity';
import { type BulkSelection, bulkItemRequest } from '../../src/domain/redelivery';
import {
  isNotFound,
  isPassing,
  jobDeliveries,
  type RecordedDelivery,
  repairedDeliveries,
  startRedelivery,
} from '../../src/engine';
import type { Dependencies } from '../dependencies';
import { leftAtStop } from '../left-at-stop';
import type { Activities, JobRun, RedeliveredBatch, RedeliveryBatch } from '../types';

/** After which a job that Temporal cannot be asked about is given up, so that one never stops all the others. */
const MAX_TRIES = 10;

const NONE: ReadonlySet<string> = new Set();
const NOTHING: RedeliveredBatch = { redelivered: 0, skipped: 0, failed: 0, deliveries: 0, last_error: null };

/**
 * Redelivers some jobs, side by side. The run that redelivers one remembers what asked for it and is not started a second time, so
 * running this twice is harmless.
 */
export function createRedeliverRuns({ client, config }: Dependencies): Activities['redeliverRuns'] {
  const redeliver = async (run: JobRun, { bulk_id, selection, dry_run }: RedeliveryBatch) => {
    const { workflow_id, run_id } = run;
    const recorded = await jobDeliveries(client, workflow_id, run_id);
    const matching = recorded.filter((delivery) => isMeant(delivery, selection)).map(({ request }) => request);
    // A closed run says for ever that it gave a delivery up, also when a redelivery has made good for it.
    const isFailure = selection.status === 'exhausted' || selection.status === 'gone';
    const repaired = isFailure && matching.length > 0 ? await repairedDeliveries(client, workflow_id) : NONE;
    const meant = matching.filter(({ delivery_id }) => !repaired.has(delivery_id));
    if (meant.length === 0) return { ...NOTHING, skipped: 1 };
    if (dry_run) return NOTHING;

    const asked = bulkItemRequest(bulk_id, run_id);
    const started = await startRedelivery(client, config.temporal.taskQueue, workflow_id, meant, asked);
    // A run that closes while the index is paged through is found again further down; it is redelivered once all the same.
    if (!started && activityInfo().attempt === 1) return { ...NOTHING, skipped: 1 };
    return { ...NOTHING, redelivered: 1, deliveries: meant.length };
  };

  const redeliverOrExplain = async (run: JobRun, batch: RedeliveryBatch): Promise<RedeliveredBatch> => {
    try {
      return await redeliver(run, batch);
    } catch (error) {
      if (isNotFound(error)) return { ...NOTHING, skipped: 1 }; // retained no longer
      if (isPassing(error) && activityInfo().attempt < MAX_TRIES) throw error;
      log.warn('this job cannot be redelivered', { ...run, error });
      const said = error instanceof Error ? error.message : String(error);
      return { ...NOTHING, failed: 1, last_error: `${run.workflow_id}: ${said}`.slice(0, 1000) };
    }
  };

  return (batch) =>
    leftAtStop(async () => {
      const all = await Promise.allSettled(batch.runs.map((run) => redeliverOrExplain(run, batch)));
      const refused = all.find((each) => each.status === 'rejected');
      if (refused) throw refused.reason;
      return all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])).reduce(sum, NOTHING);
    });
}

/** What has no result is still being tried. */
function isMeant({ request, result }: RecordedDelivery, { endpoint, status }: BulkSelection): boolean {
  if (result === undefined) return false;
  return (
    (endpoint === null || request.subscription.endpoint === endpoint) && (status === null || result.state === status)
  );
}

function sum(a: RedeliveredBatch, b: RedeliveredBatch): RedeliveredBatch {
  return {
    redelivered: a.redelivered + b.redelivered,
    skipped: a.skipped + b.skipped,
    failed: a.failed + b.failed,
    deliveries: a.deliveries + b.deliveries,
    last_error: b.last_error ?? a.last_error,
  };
}
