import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@temporalio/client';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createRabbitmqChannel } from '../../../../src/channels/rabbitmq/rabbitmq-channel';
import type { Config, RabbitmqEndpoint } from '../../../../src/config/config';
import { ENDPOINT_DEFAULTS } from '../../../../src/config/defaults';
import { type ArgoEmulator, startArgoEmulator } from '../../../../src/dev/emulators/argo/emulator';
import type { ProviderInbox } from '../../../../src/engine';
import { defaultEvents } from '../../../../src/formats/vocabulary';
import { createMetrics } from '../../../../src/gateway/observe/metrics';
import type { Consumer } from '../../../../src/providers/ingress';
import type { MonaiConfig } from '../../../../src/providers/monai/config';
import { startMonaiRabbitmq } from '../../../../src/providers/monai/consumer/consume-tasks';
import { createMonaiProvider } from '../../../../src/providers/monai/provider';
import { eventually } from '../../../support/eventually';
import { freePort } from '../../../support/free-port';
import { connectTestClient, type RabbitmqTestClient } from '../../../support/rabbitmq-client';
import { connectRealTemporal, type RealTemporal } from '../../../support/real-temporal';
import { runJobs } from '../../../support/run-jobs';
import { INSTALLED_WITHIN_MS } from '../../../support/services/install';
import { type SharedServices, sharedService } from '../../../support/services/shared-service';
import { startTcpForwarder } from '../../../support/tcp-forwarder';
import { testConfig } from '../../../support/test-config';
import { workflows } from '../../../support/workflows';

const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(__dirname, '../../../fixtures/monai', `${name}.json`), 'utf8'));
const SUCCEEDED = fixture('workflow-succeeded')['status'] as Record<string, unknown>;

let rabbitmq: SharedServices['rabbitmq'];
let client: RabbitmqTestClient;
let temporal: RealTemporal;
let argo: ArgoEmulator;
const toStop: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  rabbitmq = await sharedService('rabbitmq');
  client = connectTestClient(rabbitmq.url);
  temporal = await connectRealTemporal();
  argo = await startArgoEmulator();
}, INSTALLED_WITHIN_MS);
afterEach(async () => {
  argo.failWith(undefined);
  for (const stop of toStop.splice(0).reverse()) await stop();
});
afterAll(async () => {
  await client?.close();
  await argo?.close();
  await temporal?.close();
});

interface Given {
  /** Default: one of the task's own. */
  readonly exchange?: string;
  readonly argoUrl?: string;
  readonly taskTimeoutMs?: number;
  readonly release?: MonaiConfig['argo']['release'];
  /** Where the updates are published, where it is not the broker itself. */
  readonly updatesUrl?: string;
  /** Where the consumer finds the broker. */
  readonly consumerUrl?: string;
  readonly around?: (inbox: ProviderInbox) => ProviderInbox;
}

/** Everything between RabbitMQ and RabbitMQ: consumer, Temporal, worker, channel; and a task of its own. */
async function runTask(given: Given = {}) {
  const { taskTimeoutMs, release, updatesUrl, consumerUrl, around = (inbox) => inbox } = given;
  const { exchange = `m-${randomUUID()}`, argoUrl = argo.url } = given;
  const updates = `${exchange}.updates`;
  await client.queue(updates, exchange, 'md.tasks.update');
  const endpoint: RabbitmqEndpoint = {
    name: 'task-updates',
    type: 'rabbitmq',
    url: updatesUrl ?? rabbitmq.url,
    exchange,
    routingKey: 'md.tasks.update',
    format: 'monai',
    events: defaultEvents('monai'),
    limits: ENDPOINT_DEFAULTS.limits,
    retry: { ...ENDPOINT_DEFAULTS.retry, firstMs: 200, factor: 1 },
    timeoutMs: 60_000,
  };
  const base = testConfig({
    endpoints: [endpoint],
    temporal: { ...temporal.config, taskQueue: `test-${randomUUID()}` },
  });
  const defaults = base.providers.monai;
  const monai: MonaiConfig = {
    ...defaults,
    enabled: true,
    rabbitmq: consumerUrl ?? rabbitmq.url,
    exchange,
    queuePrefix: `${exchange}.`,
    argo: { ...defaults.argo, url: argoUrl, release: release ?? 'none' },
    poll: { ...defaults.poll, firstMs: 300, factor: 1 },
    sweep: { ...defaults.sweep, everyMs: 300 },
    taskTimeoutMs: taskTimeoutMs ?? defaults.taskTimeoutMs,
    track: { auto: true, endpoints: ['task-updates'] },
  };
  const config: Config = { ...base, providers: { ...base.providers, monai } };
  const provider = createMonaiProvider(monai, { warn: () => undefined });
  const channel = createRabbitmqChannel();
  const temporalClient = new Client({ connection: temporal.connection });
  const running = await runJobs({
    config,
    provider,
    client: temporalClient,
    connection: temporal.nativeConnection,
    bundle: await workflows(),
    channels: { rabbitmq: channel },
  });
  toStop.push(() => Promise.all([channel.close(), provider.close()]));
  toStop.push(running.stop);
  const startConsumer = (): Consumer => {
    const started = startMonaiRabbitmq({
      metrics: createMetrics(new Registry()),
      config: monai,
      jobs: running.jobs,
      inbox: around(running.inbox),
      logger: pino({ level: 'silent' }),
      closeMs: 2_000,
    });
    toStop.push(() => started.close());
    return started;
  };
  const consumer = startConsumer();
  await eventually('consuming', () => consumer.ready());

  const task = randomUUID();
  const identity = `md-${task}`;
  const handle = temporalClient.workflow.getHandle(`monai/${task}`);
  const queue = (key: string) => `${exchange}.md.tasks.${key}`;
  return {
    task,
    identity,
    queue,
    dispatch: (more: object = {}) =>
      client.publish(exchange, 'md.tasks.dispatch', { ...fixture('dispatch'), execution_id: task, ...more }),
    callback: (more: object = {}) =>
      client.publish(exchange, 'md.tasks.callback', { ...fixture('callback'), execution_id: task, identity, ...more }),
    cancellation: () =>
      client.publish(exchange, 'md.tasks.cancellation', { ...fixture('cancellation'), execution_id: task }),
    update: () => client.take(updates),
    updatesLeft: () => client.count(updates),
    deadLetter: (key: string) => client.take(`${queue(key)}-dead-letter`),
    deadLetters: (key: string) => client.count(`${queue(key)}-dead-letter`),
    state: async () => (await running.jobs.get('monai', task)).state,
    delivered: async () => (await running.jobs.get('monai', task)).deliveries_settled.delivered,
    ended: () => handle.result(),
    history: async () => textOf(await handle.fetchHistory()),
    /** Whether everything that was sent has been acknowledged or refused. */
    allAnswered: async (key: string) => {
      // First taken: a consumer that closes sends back what it has not been given yet, and rightly.
      await eventually('all taken', async () => (await client.count(queue(key))) === 0);
      await consumer.close();
      return (await client.count(queue(key))) === 0;
    },
  };
}

/** All that a history holds, its payloads decoded. */
function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value).map(textOf).join('\n');
}

test('dispatch, Accepted; callback, Argo is asked, Succeeded with its words; what Argo holds is released, once', async () => {
  const run = await runTask({ release: 'delete' });
  await run.dispatch();
  const accepted = await run.update();
  expect(accepted).toMatchObject({ type: 'TaskUpdateEvent', correlationId: 'c3c2bb0d-3bb7-4b0f-8a0b-64a4d1f0e003' });
  expect(accepted.body).toMatchObject({ execution_id: run.task, status: 'Accepted', reason: 'None' });

  argo.set(run.identity, SUCCEEDED);
  await run.callback();
  const succeeded = await run.update();
  expect(succeeded.body).toEqual({
    workflow_instance_id: '2f0ec1a6-3a1f-4d6e-9c57-1b1a6b6a1c11',
    workflow_id: '2f0ec1a6-3a1f-4d6e-9c57-1b1a6b6a1c11',
    task_id: 'lung-seg',
    execution_id: run.task,
    correlation_id: 'c3c2bb0d-3bb7-4b0f-8a0b-64a4d1f0e003',
    status: 'Succeeded',
    taskStats: expect.objectContaining({ duration: '630000' }),
    reason: 'None',
    message: '',
    outputs: [expect.objectContaining({ name: 'segmentation', bucket: 'monaideploy' })],
    metadata: { acceptance: true, JobIdentity: run.identity },
  });
  expect(succeeded).toMatchObject({
    durable: true,
    appId: 'jobherald',
    contentType: 'application/json',
    timestamp: Date.parse('2026-01-02T03:15:30Z') / 1000,
  });
  await run.ended();
  expect(argo.requests.filter((request) => request === `DELETE ${run.identity}`)).toHaveLength(1);

  // The same again, for a run that is closed.
  await run.callback();
  expect(await run.allAnswered('callback')).toBe(true);
  expect(await run.deadLetters('callback')).toBe(0);
  expect(await run.updatesLeft()).toBe(0);
  // Neither Temporal nor an update ever had what opens a storage.
  const history = await run.history();
  expect(history).toContain('/payload/workflows/seg');
  expect(history + JSON.stringify([accepted, succeeded])).not.toMatch(/INPUT-|OUTPUT-|SCRATCH-|TOKEN-OF-THE-DISPATCH/);
});

test('many callbacks at once, with another identity among them, yield one update', async () => {
  const run = await runTask();
  await run.dispatch();
  await run.update();
  argo.set(run.identity, SUCCEEDED);
  await Promise.all(Array.from({ length: 10 }, () => run.callback()));
  expect((await run.update()).body).toMatchObject({ status: 'Succeeded' });
  await run.ended();
  await run.callback({ identity: 'md-another' });
  expect(await run.allAnswered('callback')).toBe(true);
  expect(await run.updatesLeft()).toBe(0);
});

test("a workflow that still runs when its exit hook calls is asked about again; Argo's failure is reported with its message", async () => {
  const run = await runTask();
  await run.dispatch();
  await run.update();
  argo.set(run.identity, { phase: 'Running' });
  await run.callback();
  await eventually('asked', () => argo.requests.includes(`GET ${run.identity}`));
  const swept = argo.listCount();
  await eventually('swept while it runs', () => argo.listCount() >= swept + 2);
  argo.set(run.identity, { phase: 'Error', message: 'pod was OOM killed' });
  expect((await run.update()).body).toMatchObject({
    status: 'Failed',
    reason: 'ExternalServiceError',
    message: 'pod was OOM killed',
  });
});

test('a callback that Argo knows nothing of is refused once, and the task stays open for the next', async () => {
  const run = await runTask();
  await run.dispatch();
  await run.update();
  await run.callback();
  await run.deadLetter('callback');
  expect(await run.state()).toBe('RUNNING');
  expect(await run.updatesLeft()).toBe(0);
  argo.set(run.identity, SUCCEEDED);
  await run.callback();
  expect((await run.update()).body).toMatchObject({ status: 'Succeeded', metadata: { JobIdentity: run.identity } });
});

test('an Argo that is ill for a moment is asked again, and the callback is not refused', async () => {
  const run = await runTask();
  await run.dispatch();
  await run.update();
  argo.set(run.identity, SUCCEEDED);
  argo.failWith({ status: 503 });
  await run.callback();
  await eventually('asked twice', () => argo.requests.filter((each) => each === `GET ${run.identity}`).length >= 2);
  argo.failWith(undefined);
  expect((await run.update()).body).toMatchObject({ status: 'Succeeded' });
  expect(await run.deadLetters('callback')).toBe(0);
});

test('a task of a plug-in type that there is not fails as RunnerNotSupported, once, and its dispatch is a dead letter', async () => {
  const run = await runTask();
  await run.dispatch({ type: 'docker' });
  expect((await run.update()).body).toMatchObject({ status: 'Failed', reason: 'RunnerNotSupported' });
  await run.deadLetter('dispatch');
  await run.ended();
  expect(await run.updatesLeft()).toBe(0);
});

test('a task that takes too long fails as TimedOut, once; a success that comes later is acknowledged and changes nothing', async () => {
  const run = await runTask({ taskTimeoutMs: 2_000 });
  await run.dispatch();
  let update = await run.update();
  // Overtaken, on a machine that takes two seconds to say that the task is accepted.
  if (update.body.status === 'Accepted') update = await run.update();
  expect(update.body).toMatchObject({ status: 'Failed', reason: 'TimedOut' });
  await run.ended();
  argo.set(run.identity, SUCCEEDED);
  await run.callback();
  expect(await run.allAnswered('callback')).toBe(true);
  expect(await run.deadLetters('callback')).toBe(0);
  expect(await run.updatesLeft()).toBe(0);
  expect(await run.state()).toBe('FAILED');
});

test('a cancellation before any callback is reported as Canceled; after one it terminates the workflow, and Argo is believed', async () => {
  const early = await runTask();
  await early.dispatch();
  await early.update();
  await early.cancellation();
  expect((await early.update()).body).toMatchObject({ status: 'Canceled' });

  const late = await runTask();
  await late.dispatch();
  await late.update();
  argo.set(late.identity, { phase: 'Running' });
  await late.callback();
  await eventually('asked', () => argo.requests.includes(`GET ${late.identity}`));
  await late.cancellation();
  expect((await late.update()).body).toMatchObject({ status: 'Failed', message: "Stopped with strategy 'Terminate'" });
  expect(argo.requests).toContain(`PUT ${late.identity}/terminate`);
});

test('the callback is acknowledged when the update is recorded, while the broker of the updates is away', async () => {
  const port = await freePort();
  let line = await startTcpForwarder(port, `127.0.0.1:${rabbitmq.port}`);
  const run = await runTask({ updatesUrl: `amqp://127.0.0.1:${port}` });
  await run.dispatch();
  await run.update();
  // An update whose confirmation the line takes with it is published again, and rightly.
  await eventually('Accepted is confirmed', async () => (await run.delivered()) === 1);
  await line.stop();

  argo.set(run.identity, SUCCEEDED);
  await run.callback();
  await eventually('recorded', async () => (await run.state()) === 'COMPLETED');
  expect(await run.allAnswered('callback')).toBe(true);
  expect(await run.updatesLeft()).toBe(0);

  line = await startTcpForwarder(port, `127.0.0.1:${rabbitmq.port}`);
  expect((await run.update()).body).toMatchObject({ status: 'Succeeded' });
  await run.ended();
  await line.stop();
});

test('a connection that breaks between the record and the acknowledgement costs no update and adds none', async () => {
  const port = await freePort();
  let line = await startTcpForwarder(port, `127.0.0.1:${rabbitmq.port}`);
  let answers = 0;
  let isCut = false;
  const run = await runTask({
    consumerUrl: `amqp://127.0.0.1:${port}`,
    around: (inbox) => ({
      ...inbox,
      callback: async (...args) => {
        const answer = await inbox.callback(...args);
        answers += 1;
        if (answers === 1) {
          await line.stop();
          isCut = true;
        }
        return answer;
      },
    }),
  });
  await run.dispatch();
  await run.update();
  argo.set(run.identity, SUCCEEDED);
  await run.callback();
  expect((await run.update()).body).toMatchObject({ status: 'Succeeded' });
  // What is published may come before the answer does: both follow from the record.
  await eventually('answered, and cut off', () => answers === 1 && isCut);

  line = await startTcpForwarder(port, `127.0.0.1:${rabbitmq.port}`);
  await eventually('delivered again, and answered', () => answers === 2);
  await run.ended();
  expect(await run.allAnswered('callback')).toBe(true);
  expect(await run.deadLetters('callback')).toBe(0);
  expect(await run.updatesLeft()).toBe(0);
  await line.stop();
});

test('the example plays a task, and prints what its page says', async () => {
  const port = await freePort();
  await runTask({ exchange: 'monaideploy', argoUrl: `http://127.0.0.1:${port}` });
  const script = join(__dirname, '../../../../examples/monai/play-a-task.js');
  const env = { ...process.env, RABBITMQ_URL: rabbitmq.url.replace('//', '//guest:guest@'), ARGO_PORT: String(port) };
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env, timeout: 120_000 });
  const page = readFileSync(join(__dirname, '../../../../examples/monai/README.md'), 'utf8');
  expect(page).toContain(stdout);
});
