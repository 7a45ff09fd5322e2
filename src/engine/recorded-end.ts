import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow';
import type { CompletedBy } from '../domain/job-run';
import { isTerminal } from '../domain/job-state';
import type { JobStatus } from '../domain/job-status';
import type { AnswerBeforeTelling } from '../domain/status-watch';
import { newestFirst } from './run-history';

/** Where the SDK records what a local activity has answered. */
const LOCAL_ACTIVITY = 'core_local_activity';

/**
 * How a job ended whose end is being told and not yet shown in the memo, by the answer that its run's history holds.
 * Undefined where the end was learned otherwise; then the memo has it.
 */
export async function recordedEnd(
  client: Client,
  workflowId: string,
  runId: string,
): Promise<{ readonly status: JobStatus; readonly completed_by: CompletedBy } | undefined> {
  for await (const { markerRecordedEventAttributes: marker } of newestFirst(client, workflowId, runId)) {
    const payloads = marker?.markerName === LOCAL_ACTIVITY ? marker.details?.['result']?.payloads : undefined;
    if (!payloads) continue;
    const [answer] = await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads);
    const { status, by } = (answer ?? {}) as Partial<AnswerBeforeTelling>;
    if (status && by && isTerminal(status.state)) return { status, completed_by: by };
  }
  return undefined;
}
