import type { Client } from '@temporalio/client';
import type { JobInput } from '../domain/job-run';
import { isJobState } from '../domain/job-state';
import type { JobStatus } from '../domain/job-status';
import { isObject } from '../domain/json';
import { decodeFirst } from './payloads';
import { newestFirst } from './run-history';

/** Where the SDK records what a local activity has answered. */
const LOCAL_ACTIVITY = 'core_local_activity';

/**
 * What the provider last answered a run about its job, by the run's history; for a run that has not asked yet what an earlier
 * run handed on. Undefined where nothing was answered. Asks no worker.
 */
export async function knownStatus(client: Client, workflowId: string, runId: string): Promise<JobStatus | undefined> {
  for await (const event of newestFirst(client, workflowId, runId)) {
    const { markerRecordedEventAttributes: marker, activityTaskCompletedEventAttributes: completed } = event;
    const started = event.workflowExecutionStartedEventAttributes;
    const isAnswer = marker?.markerName === LOCAL_ACTIVITY;
    const payloads = isAnswer ? marker.details?.['result'] : (completed?.result ?? started?.input);
    if (!payloads) continue;
    const value = await decodeFirst(client, payloads.payloads);
    if (started) return (value as Partial<JobInput> | undefined)?.carried?.status;
    if (isStatus(value)) return value;
  }
  return undefined;
}

/** Deliveries are activities, too: what they resulted in has another state, and no provider's. */
function isStatus(value: unknown): value is JobStatus {
  return isObject(value) && isJobState(value['state']) && 'provider_state' in value;
}
