import { randomInt } from 'node:crypto';
import type { JobEvent } from '../domain/event';
import { defaultIdempotencyKey, eventId, workflowIdOf } from '../domain/identity';

/** Outside of ASCII in every format: the `vertex-ai` body has nothing else that is ours to choose. */
const OUTPUT = 'gs://jobherald-test-receiver/prüfung – 🚀';

/** Comes back in the `tencent-batch` body, which has no word for outputs. */
export const SAMPLE_VARS = [{ name: 'output', value: OUTPUT }] as const;

/** The end of a job that does not exist, and never the same one twice. */
export function sampleEvent(now: Date): JobEvent {
  const provider = 'vertex-ai';
  const job = `projects/0/locations/us-central1/batchPredictionJobs/${randomInt(2 ** 47)}`;
  const id = eventId({ provider, job }, defaultIdempotencyKey({ provider, job }), 'job.succeeded');
  const timestamp = now.toISOString();
  return {
    id,
    type: 'job.succeeded',
    timestamp,
    workflow_id: workflowIdOf({ provider, job }),
    origin: null,
    native: null,
    data: {
      provider,
      job,
      state: 'COMPLETED',
      provider_state: 'JOB_STATE_SUCCEEDED',
      reason: null,
      // The `monai` body has a word for neither output nor vars.
      message: 'sent by jobherald test-receiver: no such job has run (prüfung – 🚀)',
      error: null,
      artifacts: [{ uri: OUTPUT, type: 'GCS_DIRECTORY' }],
      progress: null,
      started_at: timestamp,
      ended_at: timestamp,
      sequence: 1,
      correlation_id: null,
      idempotency_key: id,
      metadata: {},
      labels: { 'jobherald-test': 'true' },
    },
  };
}
