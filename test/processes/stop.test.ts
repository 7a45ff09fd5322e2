import { connect } from 'node:net';
import { type PubsubEmulator, startPubsubEmulator } from '../../src/dev/emulators/pubsub/emulator';
import { startVertexAiEmulator, type VertexAiEmulator } from '../../src/dev/emulators/vertex-ai/emulator';
import { anyJob } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { builtBin, endBins, type RunningBin, startBin } from '../support/jobherald';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { temporaryDirectory } from '../support/temporary-directory';
import { startWorkerAndGateway } from '../support/worker-and-gateway';

/** Promised are ten, and a busy machine may take as long again. Without a bound of its own an attempt would take five minutes. */
const STOPS_WITHIN_S = 20;
const ON_A_BUSY_MACHINE = { withinMs: 180_000 };
const TEST_MS = 900_000;
const LOCATION = 'projects/123/locations/us-central1';
const SUBSCRIPTION = 'projects/p/subscriptions/stop';

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let temporal: RealTemporal;
let vertexAi: VertexAiEmulator;
let pubsub: PubsubEmulator;
let receivers: Readonly<Record<'quick' | 'slow' | 'hanging', TestReceiver>>;

beforeAll(() => void builtBin());
beforeEach(async () => {
  folder = await temporaryDirectory();
  temporal = await connectRealTemporal();
  vertexAi = await startVertexAiEmulator();
  pubsub = await startPubsubEmulator({ subscriptions: [SUBSCRIPTION] });
  receivers = { quick: await startReceiver(), slow: await startReceiver(), hanging: await startReceiver() };
});
afterEach(async () => {
  endBins();
  await Promise.all(Object.values(receivers).map((receiver) => receiver.close()));
  await Promise.all([vertexAi.close(), pubsub.close(), temporal.close()]);
  await folder.remove();
});

const start = (sweepEvery: string) =>
  startWorkerAndGateway(folder.path, {
    temporal: { address: temporal.config.address, task_queue: temporal.config.taskQueue },
    endpoints: Object.entries(receivers).map(([name, { url }]) => ({
      name: `stop-${name}`,
      url,
      secret: 'orders',
      timeout: '5m',
      // What is tried again within this test is so because of the stop, which is never the end of a delivery: by then the window is over.
      retry: { first: '1h', for: '1s' },
    })),
    providers: {
      'vertex-ai': {
        api_endpoint: vertexAi.address,
        insecure: true,
        sweep: { every: sweepEvery },
        pubsub: { pull: { subscription: SUBSCRIPTION, api_endpoint: pubsub.address } },
      },
    },
  });

const submit = (origin: string, job: string, names: readonly (keyof typeof receivers)[]) => {
  vertexAi.putJob({ name: job, state: 'JOB_STATE_RUNNING' });
  const endpoints = names.map((name) => `stop-${name}`);
  const body = JSON.stringify({ provider: 'vertex-ai', job, endpoints });
  return eventually('it is submitted', async () => (await fetch(`${origin}/v1/jobs`, { method: 'POST', body })).ok);
};
const complete = async (origin: string, job: string) =>
  (await fetch(`${origin}/v1/jobs/vertex-ai/${encodeURIComponent(job)}/completion`, { method: 'POST' })).status;

/** Stops a process, and says how many seconds that took. */
const stop = async (running: RunningBin): Promise<number> => {
  const since = performance.now();
  running.kill('SIGTERM');
  expect((await running.finished).code).toBe(0);
  return (performance.now() - since) / 1000;
};

/** The requests of each event. A receiver acts on the first. */
const requestsById = ({ received }: TestReceiver) => Map.groupBy(received, ({ headers }) => headers['webhook-id']);
const requestsPerEvent = (receiver: TestReceiver) => [...requestsById(receiver).values()].map(({ length }) => length);

it(
  'a worker under load stops within 10 s: what was answered is not sent again, and another worker does the rest',
  async () => {
    const { worker, gateway } = await start('1s');
    const { quick, slow, hanging } = receivers;
    const jobs = Array.from({ length: 100 }, anyJob);
    const endpointsOf = (i: number): (keyof typeof receivers)[] => {
      if (i < 5) return ['quick', 'slow'];
      if (i < 10) return ['quick', 'hanging'];
      return i < 15 ? ['hanging'] : ['quick'];
    };
    await Promise.all(jobs.map((job, i) => submit(gateway.origin, job, endpointsOf(i))));
    const answer = slow.hold();
    const goOn = hanging.hold();
    const lists = vertexAi.countOf('ListBatchPredictionJobs');
    const releases = [LOCATION, ...jobs.slice(15, 20)].map((name) => vertexAi.hold(name));
    await eventually('a sweep is in flight', () => vertexAi.countOf('ListBatchPredictionJobs') > lists);
    for (const job of jobs) vertexAi.setState(job, { state: 'JOB_STATE_SUCCEEDED' });
    const hinting = Promise.all(jobs.map((job) => complete(gateway.origin, job)));
    await eventually(
      'some are notified, and some of the requests hang',
      () => quick.received.length > 20 && slow.received.length > 0 && hanging.received.length > 5,
      { ...ON_A_BUSY_MACHINE, show: () => Object.values(receivers).map(requestsPerEvent) },
    );

    const answered = eventually('it stops', () => worker.stderr().includes('worker stops')).then(answer);
    expect(await stop(worker)).toBeLessThan(STOPS_WITHIN_S);
    await answered;
    const cutOff = [...requestsById(hanging).keys()];
    await hinting;

    goOn();
    for (const release of releases) release();
    startBin(['worker'], { cwd: folder.path });
    const effects = () => [quick, slow, hanging].map((receiver) => requestsById(receiver).size).join();
    const isRepeated = (id: string | string[] | undefined) => (requestsById(hanging).get(id)?.length ?? 0) >= 2;
    await eventually('everything is notified', () => effects() === '95,5,10' && cutOff.every(isRepeated), {
      ...ON_A_BUSY_MACHINE,
      show: () => [effects(), requestsPerEvent(hanging)],
    });
    expect([...requestsPerEvent(quick), ...requestsPerEvent(slow)].filter((requests) => requests !== 1)).toEqual([]);
    for (const requests of requestsById(hanging).values()) {
      expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    }
  },
  TEST_MS,
);

it(
  'a gateway stops within 10 s amid requests, a client that hangs and pulled messages: every hint is taken once',
  async () => {
    const { gateway } = await start('1h');
    const { quick } = receivers;
    const jobs = Array.from({ length: 60 }, anyJob);
    await Promise.all(jobs.map((job) => submit(gateway.origin, job, ['quick'])));
    for (const job of jobs) vertexAi.setState(job, { state: 'JOB_STATE_SUCCEEDED' });
    const { hostname, port } = new URL(gateway.origin);
    const half = connect(Number(port), hostname).on('error', () => undefined);
    half.write(`POST /v1/jobs HTTP/1.1\r\nhost: ${hostname}\r\ncontent-length: 100\r\n\r\n{`);

    const [called, announced] = [jobs.slice(0, 30), jobs.slice(30)];
    for (const job of announced) pubsub.publish({ data: { job, state: 'JOB_STATE_SUCCEEDED' } });
    const calling = called.map((job) => complete(gateway.origin, job).catch(() => 'not answered' as const));
    await Promise.race(calling);
    expect(await stop(gateway)).toBeLessThan(STOPS_WITHIN_S);
    const answers = await Promise.all(calling);
    // To be sent again: what was not answered, and what Temporal was too slow for.
    expect(answers.filter((answered) => ![202, 503, 'not answered'].includes(answered))).toEqual([]);

    startBin(['gateway'], { cwd: folder.path });
    const repeated = called.filter((_, i) => answers[i] !== 202);
    for (const job of repeated) {
      await eventually('it is taken', async () => (await complete(gateway.origin, job)) === 202, ON_A_BUSY_MACHINE);
    }
    await eventually('all are notified', () => requestsById(quick).size === jobs.length, {
      ...ON_A_BUSY_MACHINE,
      show: () => requestsById(quick).size,
    });
    await eventually('all messages are acknowledged', () => pubsub.unacknowledged(SUBSCRIPTION).length === 0);
    expect(new Set(requestsPerEvent(quick))).toEqual(new Set([1]));
  },
  TEST_MS,
);
