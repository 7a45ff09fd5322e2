import { temporal as proto } from '@temporalio/proto';
import { exampleService, fixture } from '../providers/http/an-example';
import { type StatusService, startStatusService } from '../providers/http/status-service';
import { signedWebhook } from '../receiver/signed-webhook';
import { writeConfig } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { endBins, startBin } from '../support/jobherald';
import { answersWith } from '../support/probe';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { runCommand } from '../support/run-command';
import { temporaryDirectory } from '../support/temporary-directory';
import { TEST_SECRET } from '../support/test-config';

const { GetWorkflowExecutionHistoryResponse } = proto.api.workflowservice.v1;
const API_KEY = 'sk-a-key-that-nobody-reads';
const COMPLETED = fixture('openai-batch-completed');

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let temporal: RealTemporal;
let receiver: TestReceiver;
let openai: StatusService;

beforeAll(async () => {
  temporal = await connectRealTemporal();
});
beforeEach(async () => {
  folder = await temporaryDirectory();
  receiver = await startReceiver();
  openai = await startStatusService({ header: 'authorization', value: `Bearer ${API_KEY}` });
});
afterEach(async () => {
  endBins();
  await openai.close();
  await receiver.close();
  await folder.remove();
});
afterAll(() => temporal.close());

/** A service like OpenAI's, by configuration alone. */
const configure = async (poll: object) => {
  const gateway = { port: await freePort() };
  const worker = { port: await freePort() };
  const { map } = exampleService('openai').state;
  writeConfig(folder.path, {
    temporal: { address: temporal.config.address },
    gateway,
    worker,
    secrets: { orders: [TEST_SECRET], openai: [TEST_SECRET] },
    credentials: { openai: API_KEY },
    endpoints: [{ name: 'orders', url: receiver.url, secret: 'orders' }],
    providers: {
      http: {
        openai: {
          url: `${openai.origin}/v1/batches/{job}`,
          headers: { authorization: 'Bearer {openai}' },
          job_pattern: 'batch_[a-z0-9-]+',
          state: {
            pointer: '/status',
            map,
            rules: [{ when: 'completed', pointer: '/request_counts/failed', above: 0, state: 'PARTIALLY_FAILED' }],
          },
          outputs: [
            { pointer: '/output_file_id', type: 'FILE', uri: 'https://api.openai.com/v1/files/{value}/content' },
          ],
          webhook: { secret: 'openai', job: '/data/id', state: '/type' },
          check: `${openai.origin}/v1/batches`,
          poll,
        },
      },
    },
  });
  return { worker: `http://127.0.0.1:${worker.port}`, gateway: `http://127.0.0.1:${gateway.port}` };
};

/** Worker and gateway that know it. */
const start = async (poll: object) => {
  const { worker, gateway } = await configure(poll);
  const processes = [startBin(['worker'], { cwd: folder.path }), startBin(['gateway'], { cwd: folder.path })];
  await answersWith(200, `${worker}/readyz`);
  await answersWith(200, `${gateway}/readyz`);
  return { origin: gateway, log: () => processes.map(({ stderr }) => stderr()).join('') };
};

const anyBatch = () => `batch_${crypto.randomUUID()}`;
const submit = async (origin: string, job: string) => {
  const body = JSON.stringify({ provider: 'openai', job, endpoints: ['orders'] });
  // 503 where Temporal takes longer than a client waits: whoever submits does so again.
  await eventually('it is submitted', async () => (await fetch(`${origin}/v1/jobs`, { method: 'POST', body })).ok);
};
const toldOf = (job: string) =>
  eventually('the webhook arrives', () => receiver.received.find(({ json }) => json.data?.['job'] === job));
const hint = (origin: string, job: string, id: string) =>
  fetch(
    `${origin}/ingress/http/openai`,
    signedWebhook(id, JSON.stringify({ type: 'batch.completed', data: { id: job } })),
  );

describe('a service under providers.http', () => {
  it('is polled until the job has ended, and the endpoint is notified', async () => {
    const { origin } = await start({ first: '200ms', max: '200ms' });
    const job = anyBatch();
    openai.put(`/v1/batches/${job}`, { ...COMPLETED, id: job, status: 'in_progress' });
    await submit(origin, job);
    await eventually('it is asked twice', () => openai.seen.length > 1);
    expect(receiver.received).toEqual([]);

    const request_counts = { total: 100, completed: 98, failed: 2 };
    openai.put(`/v1/batches/${job}`, { ...COMPLETED, id: job, request_counts });
    expect((await toldOf(job)).json).toMatchObject({
      type: 'job.partially_failed',
      data: {
        provider: 'openai',
        state: 'PARTIALLY_FAILED',
        provider_state: 'completed',
        artifacts: [{ uri: 'https://api.openai.com/v1/files/file-out1/content', type: 'FILE' }],
      },
    });
  });

  it("is asked at once when its signed webhook comes, and not for anybody else's; its key is seen nowhere", async () => {
    const { origin, log } = await start({ first: '1h', max: '1h' });
    const job = anyBatch();
    openai.put(`/v1/batches/${job}`, { ...COMPLETED, id: job, status: 'finalizing' });
    await submit(origin, job);
    await eventually('it is known', async () => {
      const answer = await fetch(`${origin}/v1/jobs/openai/${job}`);
      return ((await answer.json()) as { state: string }).state === 'RUNNING';
    });
    const asked = openai.seen.length;

    openai.put(`/v1/batches/${job}`, { ...COMPLETED, id: job });
    const forged = await fetch(`${origin}/ingress/http/openai`, {
      ...signedWebhook('wh_forged'),
      body: JSON.stringify({ type: 'batch.completed', data: { id: job } }),
    });
    expect(forged.status).toBe(401);
    expect(openai.seen).toHaveLength(asked);

    const hinted = async () => (await hint(origin, job, 'wh_1')).status === 204;
    await eventually('the hint is taken', hinted);
    expect((await toldOf(job)).json).toMatchObject({ type: 'job.succeeded', data: { state: 'COMPLETED' } });
    const before = openai.seen.length;
    await eventually('the hint is taken again', hinted);
    expect(openai.seen).toHaveLength(before);
    expect(receiver.received).toHaveLength(1);

    const history = await temporal.connection.workflowService.getWorkflowExecutionHistory({
      namespace: 'default',
      execution: { workflowId: `openai/${job}` },
    });
    const bytes = Buffer.from(GetWorkflowExecutionHistoryResponse.encode(history).finish());
    expect([bytes.includes('file-out1'), bytes.includes(API_KEY)]).toEqual([true, false]);
    expect(log()).not.toContain(API_KEY);
  });

  it('is reached by jobherald check', async () => {
    await configure({});
    openai.put('/v1/batches', { data: [] });
    const { stdout } = await runCommand(['check'], { cwd: folder.path });
    expect(stdout).toContain(`ok openai: reached ${openai.origin}/v1/batches, which accepts its headers`);
  });
});
