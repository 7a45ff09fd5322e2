import { Writable } from 'node:stream';
import { status } from '@grpc/grpc-js';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { type PubsubEmulator, startPubsubEmulator } from '../../../../src/dev/emulators/pubsub/emulator';
import { JobHeraldError } from '../../../../src/domain/jobherald-error';
import type { Jobs } from '../../../../src/engine';
import { createMetrics } from '../../../../src/gateway/observe/metrics';
import type { Consumer } from '../../../../src/providers/ingress';
import type { VertexAiConfig } from '../../../../src/providers/vertex-ai/config';
import { startPubsubPull } from '../../../../src/providers/vertex-ai/pull/consume-subscription';
import { MAX_MESSAGES } from '../../../../src/providers/vertex-ai/pull/pull-messages';
import { anyJob } from '../../../support/bin-config';
import { eventually } from '../../../support/eventually';
import { createFakeJobs, type FakeJobs } from '../../../support/fake-jobs';
import { startRealRun } from '../../../support/real-run';
import { scriptedProvider } from '../../../support/scripted-provider';
import { testConfig } from '../../../support/test-config';

const SUBSCRIPTION = 'projects/shop-ml/subscriptions/vertex-jobs';
const JOB = 'projects/123/locations/us-central1/batchPredictionJobs/456';
const UNAVAILABLE = new JobHeraldError('unavailable', 'Temporal does not answer just now; try again');

let pubsub: PubsubEmulator;
let jobs: FakeJobs;
const consumers: Consumer[] = [];

beforeEach(async () => {
  pubsub = await startPubsubEmulator({ subscriptions: [SUBSCRIPTION] });
  jobs = createFakeJobs();
  await jobs.submit({ provider: 'vertex-ai', job: JOB, endpoints: [] });
});
afterEach(async () => {
  await Promise.all(consumers.splice(0).map((consumer) => consumer.close()));
  await pubsub.close();
});

function consume(given: { readonly jobs?: Jobs; readonly subscription?: string; readonly closeMs?: number } = {}) {
  const log: Record<string, unknown>[] = [];
  const lines = new Writable({
    write(chunk, _encoding, done) {
      log.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const metrics = createMetrics(new Registry());
  const consumer = startPubsubPull({
    config: configOf(given.subscription ?? SUBSCRIPTION),
    jobs: given.jobs ?? jobs,
    logger: pino({ level: 'debug' }, lines),
    metrics,
    closeMs: given.closeMs ?? 1_000,
  });
  consumers.push(consumer);
  const counted = async (result: string) => {
    const { values } = await metrics.hints.get();
    return values.find(({ labels }) => labels.transport === 'pubsub_pull' && labels.result === result)?.value ?? 0;
  };
  const gauge = async () => (await metrics.pullConnected.get()).values[0]?.value;
  const warnings = () => log.filter(({ level }) => level === 40);
  return { consumer, counted, gauge, log, warnings };
}

function configOf(subscription: string): VertexAiConfig {
  const vertexAi = testConfig({}).providers['vertex-ai'];
  const pull = { subscription, apiEndpoint: pubsub.address };
  return { ...vertexAi, insecure: true, pubsub: { ...vertexAi.pubsub, pull } };
}

const completions = () => jobs.calls.filter(({ method }) => method === 'complete');
const settled = () => eventually('all acknowledged', () => pubsub.unacknowledged(SUBSCRIPTION).length === 0);
/** Holds every completion until it is let go, and knows when the first one arrived. */
const holdCompletions = () => {
  let letGo = () => {};
  jobs.waitFor(new Promise((resolve) => (letGo = resolve)));
  let arrived = 0;
  const held: Jobs = {
    ...jobs,
    complete: (...hint) => {
      arrived += 1;
      return jobs.complete(...hint);
    },
  };
  return { held, letGo: () => letGo(), taken: () => eventually('taken', () => arrived > 0) };
};
const delivered = (times: number) => eventually(`${times} deliveries`, () => pubsub.deliveries.length >= times);

describe('the Pub/Sub pull consumer', () => {
  it('acknowledges a message once its hint is taken, with the message id as the key', async () => {
    const { counted } = consume();
    const id = pubsub.publish({ data: { job: JOB, state: 'JOB_STATE_SUCCEEDED' } });
    await settled();
    expect(completions()).toEqual([
      {
        method: 'complete',
        provider: 'vertex-ai',
        job: JOB,
        completion: { idempotency_key: id, state: 'JOB_STATE_SUCCEEDED' },
      },
    ]);
    expect(pubsub.deliveries).toEqual([id]);
    expect(await counted('accepted')).toBe(1);
  });

  it('reads attributes where there is no data', async () => {
    consume();
    pubsub.publish({ attributes: { job: JOB } });
    await settled();
    expect(completions()).toHaveLength(1);
  });

  it('acknowledges nothing before Temporal has accepted it', async () => {
    const { held, letGo, taken } = holdCompletions();
    consume({ jobs: held });
    const id = pubsub.publish({ data: { job: JOB } });
    await taken();
    expect(pubsub.unacknowledged(SUBSCRIPTION)).toEqual([id]);
    letGo();
    await settled();
  });

  it('gets a message again that came while Temporal was away, and acknowledges it then', async () => {
    jobs.failWith(UNAVAILABLE);
    const { counted } = consume();
    const id = pubsub.publish({ data: { job: JOB } });
    await eventually('refused', async () => (await counted('unavailable')) > 0);
    expect(pubsub.unacknowledged(SUBSCRIPTION)).toEqual([id]);
    jobs.failWith(undefined);
    await settled();
    expect(completions()).toHaveLength(1);
    expect(new Set(pubsub.deliveries)).toEqual(new Set([id]));
    expect(pubsub.deliveries.length).toBeGreaterThan(1);
  });

  it('gives back what is not finished when it closes, for the next consumer', async () => {
    const { held, taken } = holdCompletions();
    const first = consume({ jobs: held, closeMs: 50 });
    const id = pubsub.publish({ data: { job: JOB } });
    await taken();
    await first.consumer.close();
    expect(pubsub.unacknowledged(SUBSCRIPTION)).toEqual([id]);

    jobs.waitFor(Promise.resolve());
    consume();
    await settled();
    expect(pubsub.deliveries).toEqual([id, id]);
  });

  it('leaves what a crash interrupted to the next consumer, after the deadline', async () => {
    const { held, taken } = holdCompletions();
    consume({ jobs: held, closeMs: 0 });
    const id = pubsub.publish({ data: { job: JOB } });
    await taken();
    pubsub.endStreams();

    const next = createFakeJobs();
    await next.submit({ provider: 'vertex-ai', job: JOB, endpoints: [] });
    consume({ jobs: next });
    await eventually('both are connected', () => pubsub.streams === 2);
    await consumers.shift()?.close();
    pubsub.expireDeadlines();
    await settled();
    expect(next.calls).toContainEqual(
      expect.objectContaining({ method: 'complete', completion: { idempotency_key: id } }),
    );
  });

  it('finishes what is in flight before it closes', async () => {
    const { held, letGo, taken } = holdCompletions();
    const { consumer } = consume({ jobs: held, closeMs: 9_000 });
    pubsub.publish({ data: { job: JOB } });
    await taken();
    const closed = consumer.close();
    letGo();
    await closed;
    expect(pubsub.unacknowledged(SUBSCRIPTION)).toEqual([]);
    expect(completions()).toHaveLength(1);
  });

  it.each([
    ['no JSON', { data: 'not json' }],
    ['nothing', {}],
    ['more than 1 MiB', { data: 'x'.repeat(1024 * 1024 + 1) }],
    ['more than gRPC takes by default', { data: 'x'.repeat(5 * 1024 * 1024) }],
  ])('acknowledges a message with %s, as a dead letter', async (_what, message) => {
    const { counted, warnings } = consume();
    const id = pubsub.publish(message);
    await settled();
    expect(await counted('dead_letter')).toBe(1);
    expect(warnings()).toEqual([expect.objectContaining({ msg: 'hint dead letter', message_id: id })]);
    expect(completions()).toEqual([]);
  });

  it('acknowledges and counts a hint for a job that nobody submitted', async () => {
    const { counted } = consume();
    pubsub.publish({ data: { job: JOB.replace('456', '789') } });
    await settled();
    expect(await counted('unknown_job')).toBe(1);
    expect(pubsub.deliveries).toHaveLength(1);
  });

  it('acknowledges and counts what is of no interest', async () => {
    const { counted } = consume();
    pubsub.publish({ data: { resource: { type: 'gce_instance' }, logName: 'x' } });
    await settled();
    expect(await counted('ignored')).toBe(1);
  });

  it('never has more in flight than its bound, though hundreds wait and deadlines pass', async () => {
    let calls = 0;
    const hanging: Jobs = { ...jobs, complete: () => new Promise(() => (calls += 1)) };
    consume({ jobs: hanging, closeMs: 0 });
    for (let n = 0; n < 500; n += 1) pubsub.publish({ data: { job: JOB } });
    await eventually('as many as may be', () => calls === MAX_MESSAGES);
    // Pub/Sub takes these for lost, and delivers on.
    pubsub.expireDeadlines();
    await delivered(2 * MAX_MESSAGES);
    expect(calls).toBe(MAX_MESSAGES);
    expect(pubsub.mostOutstanding).toBe(MAX_MESSAGES);
    expect(pubsub.unacknowledged(SUBSCRIPTION)).toHaveLength(500);
  });

  it('works off hundreds of messages', async () => {
    consume();
    for (let n = 0; n < 500; n += 1) pubsub.publish({ data: { job: JOB } });
    await settled();
    expect(completions()).toHaveLength(500);
  });

  it('connects again when Pub/Sub ends the stream, without a warning', async () => {
    const { consumer, warnings } = consume();
    await eventually('connected', () => consumer.ready());
    pubsub.endStreams();
    await eventually('not connected', () => !consumer.ready());
    pubsub.publish({ data: { job: JOB } });
    await settled();
    expect(consumer.ready()).toBe(true);
    expect(warnings()).toEqual([]);
  });

  it('says once that the subscription is missing, and pulls as soon as it is there', async () => {
    const name = 'projects/shop-ml/subscriptions/later';
    const { consumer, gauge, warnings } = consume({ subscription: name });
    await eventually('said', () => warnings().length > 0);
    expect(await gauge()).toBe(0);
    pubsub.createSubscription(name);
    await eventually('connected', () => consumer.ready());
    expect(await gauge()).toBe(1);
    expect(warnings()).toEqual([
      expect.objectContaining({ reason: expect.stringContaining(`does not know ${name}: create the subscription`) }),
    ]);
  });

  it('says which role is missing, keeps trying, and pulls once it is granted', async () => {
    pubsub.refuse(status.PERMISSION_DENIED);
    const { consumer, warnings } = consume();
    await eventually('said', () => warnings().length > 0);
    pubsub.refuse(undefined);
    await eventually('connected', () => consumer.ready());
    expect(warnings()).toEqual([
      expect.objectContaining({ reason: expect.stringContaining('roles/pubsub.subscriber') }),
    ]);
  });

  it('wakes a real run, to which the same message again is harmless', async () => {
    const provider = { ...scriptedProvider(), name: 'vertex-ai' };
    const run = await startRealRun({ provider });
    const job = anyJob(); // other test files may have a run of the one above
    try {
      await run.jobs.submit({ provider: 'vertex-ai', job, endpoints: [] });
      await eventually('asked at submission', async () => (await run.jobs.get('vertex-ai', job)).state === 'RUNNING');
      const asked = provider.asked.length;
      // The acknowledgement of the first delivery is lost: Pub/Sub delivers it again.
      let losing = true;
      const forgetful: Jobs = {
        ...run.jobs,
        async complete(...hint) {
          await run.jobs.complete(...hint);
          if (losing) {
            losing = false;
            throw UNAVAILABLE;
          }
        },
      };
      consume({ jobs: forgetful });
      pubsub.publish({ data: { job } });
      await settled();
      expect(pubsub.deliveries).toHaveLength(2);
      await eventually('asked because of the hint', () => provider.asked.length > asked);
      const history = await run.client.workflow.getHandle(`vertex-ai/${job}`).fetchHistory();
      const signals = history.events?.filter((event) => event.workflowExecutionSignaledEventAttributes) ?? [];
      expect(signals).toHaveLength(1);
    } finally {
      await Promise.all(consumers.splice(0).map((consumer) => consumer.close()));
      await run.client.workflow
        .getHandle(`vertex-ai/${job}`)
        .terminate()
        .catch(() => undefined);
      await run.stop();
    }
  });
});
