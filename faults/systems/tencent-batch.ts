import { startTencentBatchEmulator } from '../../src/dev/emulators/tencent-batch/emulator';
import type { End, PlannedHint, PlannedJob } from '../plan/job';
import { random } from '../plan/random';
import { completion, type HintRequest, playSubmittedJob } from './submitted-job';
import type { OpenSystem } from './system';

const PROVIDER = 'tencent-batch';
const TOKEN = 'the-secret-part-of-the-path';

/** Tencent Batch has no words for a job that was canceled or failed in part: its other ends stand for those. */
const STATES = {
  succeeded: { state: 'SUCCEED', event: 'JOB_SUCCEED', endsAs: 'job.succeeded' },
  failed: { state: 'FAILED', event: 'JOB_FAILED', endsAs: 'job.failed' },
  canceled: { state: 'FAILED_INTERRUPTED', event: 'JOB_FAILED_INTERRUPTED', endsAs: 'job.failed' },
  partially_failed: { state: 'SUCCEED', event: 'JOB_SUCCEED', endsAs: 'job.succeeded' },
} as const satisfies Record<End, object>;

/**
 * Tencent Batch: the emulator of its API is the truth, and is never killed, only in trouble now and then. Hints come as
 * CMQ pushes them, in its three forms.
 */
export const openTencentBatch: OpenSystem = async ({ webhooks }) => {
  const tencent = await startTencentBatchEmulator();
  return {
    name: PROVIDER,
    provider: {
      endpoint: tencent.origin,
      secret_id: tencent.keys.secretId,
      secret_key: tencent.keys.secretKey,
      callback_token: TOKEN,
      poll: { first: '1s', factor: 1.5, max: '4s' },
      sweep: { every: '2s' },
    },
    endpoints: [],
    parts: [],
    async play(planned, tools) {
      const { seed, end, providerFailures } = planned;
      const job = `job-${random(`${seed}/name`)
        .between(10 ** 10, 10 ** 11)
        .toString(36)}`;
      const { state, endsAs } = STATES[end];
      tencent.putJob({ JobId: job, JobName: 'nightly', JobState: 'RUNNING', CreateTime: new Date().toISOString() });
      const endJob = () => {
        tencent.setState(job, state);
        if (providerFailures > 0) tencent.fail(job, 'InternalError', providerFailures);
      };
      const hint = (one: PlannedHint) => hintOf(job, planned, one);
      await playSubmittedJob({ provider: PROVIDER, job, webhooks, endsAs, end: endJob, hint }, planned, tools);
    },
    close: () => tencent.close(),
  };
};

function hintOf(job: string, { seed }: PlannedJob, { claims, way }: PlannedHint): HintRequest {
  const { event, state } = STATES[claims];
  const id = `${seed}/${way}`;
  const message = JSON.stringify({
    Events: [
      {
        EventVersion: '1.0',
        EventTime: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
        Region: 'ap-guangzhou',
        Batch: { JobId: job, JobName: 'nightly', JobState: state },
        EventName: event,
        EventVars: [],
      },
    ],
  });
  switch (way % 4) {
    case 0:
      return cmq(enveloped(message, id), id);
    case 1:
      return cmq(enveloped(Buffer.from(message).toString('base64'), id), id);
    case 2:
      return cmq(message, id);
    default:
      return completion(PROVIDER, job, { idempotency_key: id, state });
  }
}

/** As CMQ pushes it: JSON that calls itself text. */
function cmq(body: string, id: string): HintRequest {
  const headers = { 'content-type': 'text/plain', 'x-cmq-message-id': id };
  return { path: `/ingress/tencent-cmq/${TOKEN}`, body, headers };
}

function enveloped(msgBody: string, msgId: string): string {
  const publishTime = Math.floor(Date.now() / 1_000);
  return JSON.stringify({ TopicOwner: 1, topicName: 't', subscriptionName: 's', msgId, msgBody, publishTime });
}
