import { log } from '@temporalio/activity';
import { REDELIVERY_WORKFLOW_TYPE } from '../../src/domain/redelivery';
import { SCOPE_WATCH_WORKFLOW_TYPE } from '../../src/domain/scope-watch';
import { brokenRunNotice, brokenRuns, createNotifyOperations } from '../../src/engine';
import type { Dependencies } from '../dependencies';

const MINUTE = 60_000;
/** What a caretaker that begins anew looks back on; what was reported before is not reported again. */
const LOOK_BACK_MS = 24 * 60 * MINUTE;
/** Overlap of two readings: what the index may be behind. */
const OVERLAP_MS = 5 * MINUTE;

/**
 * Reports runs that were terminated, failed or timed out: nobody else finds them, and their endpoints are not notified.
 * The operations event has the run's own id, so reporting twice is harmless.
 */
export function createReportBrokenRuns({
  client,
  config,
  count,
}: Pick<Dependencies, 'client' | 'config' | 'count'>): () => Promise<void> {
  const notifyOperations = createNotifyOperations(client, config);
  let reported = new Set<string>();
  let readSince = Date.now() - LOOK_BACK_MS;
  return async () => {
    const beganAt = Date.now();
    const found = new Set<string>();
    for await (const run of brokenRuns(client, config.temporal.taskQueue, readSince)) {
      if (!reported.has(run.runId)) {
        await notifyOperations(brokenRunNotice(run, config));
        count.brokenRun(run.type);
        log.warn(`a run ended before its work was done; ${whatFollows(run.type)}`, { ...run });
      }
      found.add(run.runId);
      reported.add(run.runId);
    }
    reported = found; // what has left the overlap is not found again
    readSince = beganAt - OVERLAP_MS;
  };
}

/** What an operator has to do about it: nothing for a watch, which a worker begins anew. */
export function whatFollows(type: string): string {
  if (type === SCOPE_WATCH_WORKFLOW_TYPE) return 'the watch begins anew by itself';
  if (type === REDELIVERY_WORKFLOW_TYPE) return 'redeliver again what it had not delivered';
  return 'submit its job again, or have audit --repair do it';
}
