import { status } from '@grpc/grpc-js';
import { startVertexAiEmulator } from '../../src/emulators/vertex-ai/emulator';
import type { End, PlannedHint, PlannedJob } from '../plan/job';
import { random } from '../plan/random';
import type { OpenSystem, PlayTools } from './system';

const PROVIDER = 'vertex-ai';
const PARENT = 'projects/123456789012/locations/us-central1';

/** What Vertex AI says of a job that ended so. */
const RESOURCES: Readonly<Record<End, object>> = {
  succeeded: { state: 'JOB_STATE_SUCCEEDED', outputInfo: { gcsOutputDirectory: 'gs://bucket/out' } },
  failed: { state: 'JOB_STATE_FAILED', error: { code: 3, message: 'the model cannot read the input' } },
  canceled: { state: 'JOB_STATE_CANCELLED' },
  partially_failed: { state: 'JOB_STATE_PARTIALLY_SUCCEEDED' },
};
const stateOf = (end: End) => (RESOURCES[end] as { readonly state: string }).state;

/**
 * Vertex AI: the emulator is its truth and is never killed, only unavailable now and then. Jobs are submitted by
 * `POST /v1/jobs`; hints come as completions and as Pub/Sub pushes, of which the sender sends each until it is acknowledged.
 */
export const openVertexAi: OpenSystem = async ({ webhooks }) => {
  const vertexAi = await startVertexAiEmulator();

  const submit = async (name: string, planned: PlannedJob, { gateways, journal }: PlayTools): Promise<void> => {
    const submission = {
      provider: PROVIDER,
      job: name,
      idempotency_key: `submission-${planned.index}`,
      correlation_id: `order-${planned.index}`,
      endpoints: webhooks,
      labels: { run: planned.seed },
    };
    const answers = await Promise.all(
      Array.from({ length: planned.submissions }, () => gateways.post('/v1/jobs', submission)),
    );
    const refused = answers.find((answer) => answer !== 200 && answer !== 201);
    if (refused !== undefined) throw new Error(`the submission of ${name} was answered ${refused}`);
    const key = submission.idempotency_key;
    journal.accepted({ system: PROVIDER, provider: PROVIDER, job: name, key, endpoints: webhooks });
  };

  const hint = async (name: string, planned: PlannedJob, one: PlannedHint, { gateways }: PlayTools): Promise<void> => {
    const { path, body } = hintOf(name, planned, one);
    await Promise.all(Array.from({ length: one.copies }, () => gateways.post(path, body)));
  };

  return {
    name: PROVIDER,
    provider: { api_endpoint: vertexAi.address, insecure: true, poll: { first: '1s', factor: 1.5, max: '4s' } },
    endpoints: [],
    parts: [],
    async play(planned, tools) {
      const { submitAtMs, endsAfterMs, end, providerFailures } = planned;
      const { journal, until, now } = tools;
      const name = `${PARENT}/batchPredictionJobs/${random(`${planned.seed}/name`).between(10 ** 14, 10 ** 15)}`;
      vertexAi.putJob({ name, state: 'JOB_STATE_RUNNING', startTime: new Date().toISOString() });

      const live = async (endsAtMs: number) => {
        await until(endsAtMs);
        journal.ends({ provider: PROVIDER, job: name, type: `job.${end}` });
        vertexAi.setState(name, { ...RESOURCES[end], endTime: new Date().toISOString() });
        if (providerFailures > 0) vertexAi.fail(name, status.UNAVAILABLE, providerFailures);
      };
      const sendHints = (endsAtMs: number) =>
        Promise.all(
          planned.hints.map(async (one) => {
            await until(Math.max(now(), endsAtMs + one.afterEndMs));
            await hint(name, planned, one, tools);
          }),
        );

      await until(submitAtMs);
      if (endsAfterMs < 0) await live(now());
      await submit(name, planned, tools);
      const endsAtMs = now() + Math.max(0, endsAfterMs);
      await Promise.all([endsAfterMs < 0 ? undefined : live(endsAtMs), sendHints(endsAtMs)]);
    },
    close: () => vertexAi.close(),
  };
};

/** The ways in which word of an end comes, some of it unusable. */
function hintOf(name: string, { seed }: PlannedJob, { claims, way }: PlannedHint): { path: string; body: unknown } {
  const push = (content: unknown, messageId: string) => ({
    path: '/ingress/pubsub',
    body: {
      message: { data: Buffer.from(JSON.stringify(content)).toString('base64'), messageId },
      subscription: 'projects/p/subscriptions/s',
    },
  });
  const id = `${seed}/${way}`;
  switch (way % 4) {
    case 0:
      return { path: `/v1/jobs/${PROVIDER}/${encodeURIComponent(name)}/completion`, body: { idempotency_key: id } };
    case 1:
      return {
        path: `/v1/jobs/${PROVIDER}/${encodeURIComponent(name)}/completion`,
        body: { state: stateOf(claims), message: 'so it is said' },
      };
    case 2:
      return push({ job: name, state: stateOf(claims) }, id);
    default:
      return push({ name, state: stateOf(claims), error: { code: 13, message: 'forged' } }, id);
  }
}
