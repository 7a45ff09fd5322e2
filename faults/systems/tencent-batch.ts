import { startTencentBatchEmulator } from '../../src/dev/emulators/tencent-batch/emulator';
import type { End, PlannedHint, PlannedJob } from '../plan/job';
import { random } from '../plan/random';
import { startStrangeProxy } from '../stage/strange-proxy';
import { expectCount, TASK_EVENT } from './loads';
import { completion, type HintRequest, marked, playSubmittedJob } from './submitted-job';
import type { OpenSystem, PlayTools } from './system';

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
  const strange = new Set<string>();
  const api = await startStrangeProxy(tencent.origin, (body) => [...strange].some((job) => body.includes(job)));
  return {
    name: PROVIDER,
    provider: {
      endpoint: api.origin,
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
      if (planned.load === 'strange_answers') strange.add(job);
      const endJob = () => {
        tencent.setState(job, state);
        if (providerFailures > 0) tencent.fail(job, 'InternalError', providerFailures);
      };
      const hint = (one: PlannedHint) => marked(planned, hintOf(job, planned, one));
      const load = (given: PlayTools) => sendTaskEvents(job, planned, given);
      await playSubmittedJob({ provider: PROVIDER, job, webhooks, endsAs, end: endJob, hint, load }, planned, tools);
    },
    async close() {
      await api.close();
      await tencent.close();
    },
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

const EVENTS_A_MESSAGE = 10;

/** A burst of events of the job's task instances: each has to come once to the endpoint that listens. */
async function sendTaskEvents(job: string, { load, seed }: PlannedJob, tools: PlayTools): Promise<void> {
  if (load !== 'task_events') return;
  const messages = random(`${seed}/load`).between(6, 16);
  const pushes = Array.from({ length: messages }, async (_, message) => {
    const Events = Array.from({ length: EVENTS_A_MESSAGE }, (_, i) => ({
      EventVersion: '1.0',
      EventTime: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      Region: 'ap-guangzhou',
      Batch: {
        JobId: job,
        TaskName: 'task',
        TaskInstanceIndex: message * EVENTS_A_MESSAGE + i,
        Log: '€'.repeat(2_000),
      },
      EventName: TASK_EVENT.name,
      EventVars: [],
    }));
    const { path, body, headers } = cmq(JSON.stringify({ Events }), `${seed}/tasks/${message}`);
    const got = await tools.gateways.post(path, body, headers);
    tools.journal.bound({ load, what: 'a push of task events', expected: 204, got });
  });
  await Promise.all(pushes);
  const count = () => tools.inline.taken(job, TASK_EVENT.type);
  await expectCount(tools, load, 'events of task instances', messages * EVENTS_A_MESSAGE, count);
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
