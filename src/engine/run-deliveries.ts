import type { Client } from '@temporalio/client';
import type { DeliveryProgress } from '../domain/delivery';
import {
  type DeliveryRequest,
  type DeliveryResult,
  type FirstAttempts,
  type FirstResults,
  requestsOf,
} from '../domain/delivery-request';
import type { JobInput, RunState } from '../domain/job-run';
import { type ClosedRun, lateSubmission } from './late-submission';
import { decodeFirst } from './payloads';
import { newestFirst, previousRunId, wasTracked } from './run-history';

/** A delivery as the history has it: what was to be sent, and its result once it is settled. */
export interface RecordedDelivery {
  readonly request: DeliveryRequest;
  readonly result?: DeliveryResult;
  /** How far it has come, where a first attempt was made that is to be followed by others. */
  readonly progress?: DeliveryProgress;
}

/** A job whose history grew long is a chain of runs; this many of the last ones are read. */
const MAX_RUNS = 100;

/** The deliveries of a job over all its runs, as {@link runDeliveries} reads those of one. */
export async function jobDeliveries(
  client: Client,
  workflowId: string,
  lastRunId: string,
): Promise<RecordedDelivery[]> {
  const byDelivery = new Map<string, RecordedDelivery>();
  let runId: string | undefined = lastRunId;
  for (let runs = 0; runId && runs < MAX_RUNS; runs++) {
    for (const recorded of (await runDeliveries(client, workflowId, runId)).recorded) {
      const { delivery_id } = recorded.request;
      if (!byDelivery.get(delivery_id)?.result) byDelivery.set(delivery_id, recorded);
    }
    runId = await previousRunId(client, { workflowId, runId });
  }
  for (const recorded of await lateDeliveries(client, { workflowId, runId: lastRunId })) {
    byDelivery.set(recorded.request.delivery_id, recorded);
  }
  return [...byDelivery.values()];
}

/** The deliveries to endpoints that were added after the run had closed, see adopt-submission.ts. */
async function lateDeliveries(client: Client, run: ClosedRun): Promise<RecordedDelivery[]> {
  const late = (await wasTracked(client, run)) ? await lateSubmission(client, run) : undefined;
  return late ? [...(await runDeliveries(client, late.workflowId, late.runId)).recorded] : [];
}

/** The deliveries of one run, as its history has them. */
export interface RunDeliveries {
  /** Those that activities make or have made, oldest first. Each stands once, with its latest result. */
  readonly recorded: readonly RecordedDelivery[];
  /** What an earlier run of the job handed on. */
  readonly carried?: RunState;
}

/** Reads the deliveries of one run from its history: exact, and without asking a worker. */
export async function runDeliveries(client: Client, workflowId: string, runId: string): Promise<RunDeliveries> {
  let carried: RunState | undefined;
  const results = new Map<string, unknown>();
  const requests = new Map<string, readonly DeliveryRequest[]>();
  const decode = (payloads: Parameters<typeof decodeFirst>[1]) => decodeFirst(client, payloads);

  for await (const event of newestFirst(client, workflowId, runId)) {
    const completed = event.activityTaskCompletedEventAttributes;
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (completed) results.set(String(completed.scheduledEventId), await decode(completed.result?.payloads));
    const started = event.workflowExecutionStartedEventAttributes;
    if (started?.continuedExecutionRunId) {
      carried = ((await decode(started.input?.payloads)) as Partial<JobInput> | undefined)?.carried;
    }
    const type = scheduled?.activityType?.name;
    if (type === 'deliver' || type === 'deliverFirst') {
      const argument = await decode(scheduled?.input?.payloads);
      const isOne = type === 'deliver';
      requests.set(
        String(event.eventId),
        isOne ? [argument as DeliveryRequest] : requestsOf(argument as FirstAttempts),
      );
    }
  }

  const byDelivery = new Map<string, RecordedDelivery>();
  for (const [eventId, asked] of [...requests].reverse()) {
    for (const request of asked) {
      byDelivery.set(request.delivery_id, { request, ...outcomeOf(request.delivery_id, results.get(eventId)) });
    }
  }
  return { recorded: [...byDelivery.values()], ...(carried && { carried }) };
}

/** Of one delivery, from the result of the activity that made it, alone or with others. */
function outcomeOf(deliveryId: string, result: unknown): Omit<RecordedDelivery, 'request'> {
  if (result === undefined) return {};
  if ('state' in (result as object)) return { result: result as DeliveryResult };
  const first = (result as FirstResults)[deliveryId];
  if (!first) return {};
  return first.kind === 'settled' ? { result: first } : { progress: first.progress };
}
