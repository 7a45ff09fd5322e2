import { status } from '@grpc/grpc-js';
import { startVertexAiEmulator } from '../../src/dev/emulators/vertex-ai/emulator';
import type { End, PlannedHint, PlannedJob } from '../plan/job';
import { random } from '../plan/random';
import { completion, type HintRequest, marked, playSubmittedJob } from './submitted-job';
import type { OpenSystem } from './system';

const PROVIDER = 'vertex-ai';
const PARENT = 'projects/123456789012/locations/us-central1';

/** What Vertex AI says of a job that ended so. */
const RESOURCES = {
  succeeded: { state: 'JOB_STATE_SUCCEEDED', outputInfo: { gcsOutputDirectory: 'gs://bucket/out' } },
  failed: { state: 'JOB_STATE_FAILED', error: { code: 3, message: 'the model cannot read the input' } },
  canceled: { state: 'JOB_STATE_CANCELLED' },
  partially_failed: { state: 'JOB_STATE_PARTIALLY_SUCCEEDED' },
} as const satisfies Record<End, object>;

/**
 * Vertex AI: the emulator is its truth and is never killed, only unavailable now and then. Hints come as completions
 * and as Pub/Sub pushes.
 */
export const openVertexAi: OpenSystem = async ({ webhooks }) => {
  const vertexAi = await startVertexAiEmulator();
  return {
    name: PROVIDER,
    provider: {
      api_endpoint: vertexAi.address,
      insecure: true,
      poll: { first: '1s', factor: 1.5, max: '4s' },
      sweep: { every: '2s' },
    },
    endpoints: [],
    parts: [],
    async play(planned, tools) {
      const { seed, end, providerFailures } = planned;
      const job = `${PARENT}/batchPredictionJobs/${random(`${seed}/name`).between(10 ** 14, 10 ** 15)}`;
      vertexAi.putJob({ name: job, state: 'JOB_STATE_RUNNING', startTime: new Date().toISOString() });
      const endJob = () => {
        vertexAi.setState(job, { ...RESOURCES[end], endTime: new Date().toISOString() });
        if (providerFailures > 0) vertexAi.fail(job, status.UNAVAILABLE, providerFailures);
      };
      const hint = (one: PlannedHint) => marked(planned, hintOf(job, planned, one));
      await playSubmittedJob(
        { provider: PROVIDER, job, webhooks, endsAs: `job.${end}`, end: endJob, hint },
        planned,
        tools,
      );
    },
    close: () => vertexAi.close(),
  };
};

function hintOf(job: string, { seed }: PlannedJob, { claims, way }: PlannedHint): HintRequest {
  const { state } = RESOURCES[claims];
  const id = `${seed}/${way}`;
  switch (way % 4) {
    case 0:
      return completion(PROVIDER, job, { idempotency_key: id });
    case 1:
      return completion(PROVIDER, job, { state, message: 'so it is said' });
    case 2:
      return push({ job, state }, id);
    default:
      return push({ name: job, state, error: { code: 13, message: 'so it is said' } }, id);
  }
}

/** As Pub/Sub pushes it. */
function push(content: unknown, messageId: string): HintRequest {
  const data = Buffer.from(JSON.stringify(content)).toString('base64');
  return {
    path: '/ingress/pubsub',
    body: { message: { data, messageId }, subscription: 'projects/p/subscriptions/s' },
  };
}
