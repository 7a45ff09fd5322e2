import { randomUUID } from 'node:crypto';
import { startVertexAiEmulator, type VertexAiEmulator } from '../../src/dev/emulators/vertex-ai/emulator';
import { anyJob } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { endBins } from '../support/jobherald';
import { realTemporalConfig } from '../support/real-temporal';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { runCommand } from '../support/run-command';
import { temporaryDirectory } from '../support/temporary-directory';
import { startWorkerAndGateway } from '../support/worker-and-gateway';

/** A worker and a gateway as they are started, on the test run's Temporal. Names of endpoints are this file's own. */
describe('what operators do from a shell', () => {
  const id = randomUUID().slice(0, 8);
  const [slow, brief] = [`slow-${id}`, `brief-${id}`];
  let url: string;
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
  let vertexAi: VertexAiEmulator;
  let receiver: TestReceiver;

  beforeAll(async () => {
    folder = await temporaryDirectory();
    vertexAi = await startVertexAiEmulator();
    receiver = await startReceiver();
    const { gateway } = await startWorkerAndGateway(folder.path, {
      temporal: { address: realTemporalConfig().address },
      endpoints: [
        { name: slow, url: receiver.url, secret: 'orders', retry: { first: '1h', max: '1h' } },
        { name: brief, url: receiver.url, secret: 'orders', retry: { first: '50ms', max: '50ms', for: '200ms' } },
      ],
      providers: { 'vertex-ai': { api_endpoint: vertexAi.address, insecure: true } },
    });
    url = gateway.origin;
  });
  afterAll(async () => {
    endBins();
    await Promise.all([receiver.close(), vertexAi.close(), folder.remove()]);
  });

  const jh = async (...args: string[]) => {
    // Where Temporal is too busy to answer, a command is to be given again.
    const given = () => runCommand([...args, '--url', url]);
    const { code, stdout, stderr } = await eventually('it is answered', async () => {
      const result = await given();
      return result.code === 0 || !result.stderr.includes('try again') ? result : false;
    });
    expect([args, code, stderr]).toEqual([args, 0, '']);
    return stdout;
  };
  const json = async (...args: string[]) => JSON.parse(await jh(...args, '--json'));
  const requestsFor = (job: string) => receiver.received.filter(({ json }) => json.data?.['job'] === job);
  /** A job that has ended; `orders` has answered `status` once at least, unless it is paused. */
  const endedJob = async (endpoint: string, status: number, attempts = 1) => {
    receiver.answer(status);
    const job = anyJob();
    vertexAi.putJob({ name: job, state: 'JOB_STATE_SUCCEEDED', endTime: new Date().toISOString() });
    await jh('submit', 'vertex-ai', job, '--endpoint', endpoint);
    await eventually('it is attempted', () => requestsFor(job).length >= attempts);
    return job;
  };

  it('endpoints list, show, pause, resume and test: an endpoint that is paused gets nothing until it is resumed', async () => {
    expect(await jh('endpoints', 'list')).toMatch(new RegExp(`^name +state .*\n${slow} +active .*\n${brief} +active `));
    expect(await json('endpoints', 'list')).toMatchObject({ endpoints: [{ name: slow }, { name: brief }] });

    expect(await json('endpoints', 'pause', slow)).toMatchObject({ name: slow, state: 'paused' });
    const job = await endedJob(slow, 204, 0);
    await eventually('its end is known', async () => (await json('status', 'vertex-ai', job)).phase === 'notifying');
    expect(await jh('endpoints', 'show', slow)).toMatch(/^state +paused\nreason +an operator paused it$/m);
    await jh('endpoints', 'test', brief);
    await eventually('the test event is there', () =>
      receiver.received.some(({ json }) => json.type === 'endpoint.test'),
    );
    expect(requestsFor(job)).toEqual([]);

    expect(await jh('endpoints', 'resume', slow)).toMatch(/^state +active$/m);
    await eventually('it is notified', () => requestsFor(job).length === 1);

    const unknown = await runCommand(['endpoints', 'show', 'nobody', '--url', url]);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('nobody is not configured')]);
  });

  it('retry: what would be tried in an hour is tried now, and at no other endpoint', async () => {
    const job = await endedJob(slow, 503);
    await eventually('it waits for an hour', async () => {
      const { deliveries } = await json('status', 'vertex-ai', job);
      return Date.parse(deliveries[0]?.attempts[0]?.next_attempt) > Date.now() + 1_000_000;
    });
    receiver.answer(204);
    const other = await runCommand(['retry', 'vertex-ai', job, '--endpoint', brief, '--url', url]);
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining(`it notifies: ${slow}`)]);
    expect(await jh('retry', 'vertex-ai', job, '--endpoint', slow)).toMatch(/^accepted/);
    await eventually('it is delivered', async () => (await json('status', 'vertex-ai', job)).phase === 'done');
    expect(requestsFor(job)).toHaveLength(2);
  });

  it('list --state --since: narrows a query, and says so where there is nothing', async () => {
    const job = await endedJob(slow, 204);
    const ofThisFile = `JobEndpoint = '${slow}' OR JobEndpoint = '${brief}'`;
    const list = (...args: string[]) => jh('list', ofThisFile, ...args);
    await eventually('it is listed', async () => (await list('--state', 'COMPLETED', '--since', '1h')).includes(job));
    expect(await list('--state', 'FAILED')).toBe('no jobs\n');
    expect(await list('--since', '2060-01-01T00:00:00Z')).toBe('no jobs\n');
    const wrong = await runCommand(['list', '--state', 'DONE', '--url', url]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--state')]);
  });

  it('list --unrepaired, redeliver-all: what a redelivery has delivered is left to nobody and sent no third time', async () => {
    const job = await endedJob(brief, 500);
    await eventually('it is given up', async () => (await json('status', 'vertex-ai', job)).phase === 'done');
    const unrepaired = () => jh('list', `JobEndpoint = '${brief}'`, '--unrepaired');
    await eventually('it is left to do', async () => (await unrepaired()).includes(job));

    receiver.answer(204);
    const before = requestsFor(job).length;
    const anHourAgo = new Date(Date.now() - 3_600_000).toISOString();
    const all = ['redeliver-all', '--since', anHourAgo, '--endpoint', brief, '--status', 'exhausted', '--watch'];
    expect(await json(...all)).toMatchObject({ state: 'done', matched: 1, redelivered: 1, skipped: 0 });
    await eventually('it is nobody’s task any more', async () => (await unrepaired()) === 'no jobs\n');
    expect(await json(...all)).toMatchObject({ state: 'done', matched: 1, redelivered: 0, skipped: 1 });
    expect(requestsFor(job)).toHaveLength(before + 1);
    expect(await json('status', 'vertex-ai', job)).toMatchObject({
      deliveries: [{ state: 'exhausted' }],
      redeliveries: [{ endpoint: brief, state: 'delivered' }],
    });
  });
});
