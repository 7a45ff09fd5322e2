import { randomUUID } from 'node:crypto';
import { chmodSync, globSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { Client } from '@temporalio/client';
import { startVertexAiEmulator, type VertexAiEmulator } from '../../src/dev/emulators/vertex-ai/emulator';
import { verifyWebhook } from '../../src/receiver';
import { writeConfig } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { builtBin, endBins, type RunningBin, startBin } from '../support/jobherald';
import { answersWith } from '../support/probe';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { type ReceivedRequest, startReceiver, type TestReceiver } from '../support/receiver';
import { runCommand } from '../support/run-command';
import { startTcpForwarder, type TcpForwarder } from '../support/tcp-forwarder';
import { temporaryDirectory } from '../support/temporary-directory';
import { TEST_SECRET } from '../support/test-config';
import { openRunbook, type RunbookPage, type Shell } from './runbook-page';

const SCOPE = 'projects/123456789012/locations/us-central1';
const OPERATOR = 'token-of-the-operator';
const NEW_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const HOUR = 3_600_000;

/**
 * Each page of docs/runbooks in the order of a bad day: the failure is brought about, then the page's commands are run as they stand
 * there, line by line, in a shell.
 */
describe('the commands of docs/runbooks', () => {
  const namespace = `runbooks-${randomUUID()}`;
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
  let temporal: RealTemporal;
  let client: Client;
  let forwarder: TcpForwarder;
  let temporalPort: number;
  let vertexAi: VertexAiEmulator;
  let orders: TestReceiver;
  let ports: { readonly worker: number; readonly gateway: number };
  let worker: RunningBin;
  let shell: Shell;
  const opened = new Map<string, RunbookPage>();
  const open = (page: string, env: Record<string, string> = {}) => {
    const runbook = openRunbook(page, { ...shell, env: { ...shell.env, ...env } });
    opened.set(page, runbook);
    return runbook;
  };

  const configure = ({ secrets = [TEST_SECRET], retry = { first: '1h', max: '1h' } as object } = {}) =>
    writeConfig(folder.path, {
      temporal: { address: `127.0.0.1:${temporalPort}`, namespace, retention: '30d', task_queue: 'jobherald' },
      worker: { port: ports.worker },
      gateway: {
        port: ports.gateway,
        tokens: [
          { name: 'operator', token: OPERATOR, scopes: ['read', 'operate', 'hint'] },
          { name: 'app', token: 'token-of-the-app', scopes: ['submit'] },
        ],
      },
      secrets: { orders: secrets },
      endpoints: [{ name: 'orders', url: orders.url, secret: 'orders', retry }],
      providers: {
        'vertex-ai': {
          api_endpoint: vertexAi.address,
          insecure: true,
          sweep: { every: '1s' },
          track: { auto: true, scopes: [SCOPE], endpoints: ['orders'] },
        },
      },
    });
  const start = async (name: 'worker' | 'gateway') => {
    const process = startBin([name], { cwd: folder.path });
    await answersWith(200, `http://127.0.0.1:${ports[name]}/readyz`);
    return process;
  };
  /** As an operator does after a change of what workers read. */
  const restartWorker = async () => {
    worker.kill('SIGTERM');
    await worker.finished;
    worker = await start('worker');
  };

  beforeAll(async () => {
    folder = await temporaryDirectory();
    temporal = await connectRealTemporal();
    client = new Client({ connection: temporal.connection, namespace });
    vertexAi = await startVertexAiEmulator();
    orders = await startReceiver();
    ports = { worker: await freePort(), gateway: await freePort() };
    temporalPort = await freePort();
    forwarder = await startTcpForwarder(temporalPort, temporal.config.address);
    writeFileSync(join(folder.path, 'jobherald'), `#!/bin/sh\nexec "${process.execPath}" "${builtBin()}" "$@"\n`);
    chmodSync(join(folder.path, 'jobherald'), 0o755);
    shell = {
      cwd: folder.path,
      env: {
        PATH: `${folder.path}:${process.env['PATH']}`,
        JOBHERALD_URL: `http://127.0.0.1:${ports.gateway}`,
        JOBHERALD_TOKEN: OPERATOR,
        ORDERS_WEBHOOK_SECRET: TEST_SECRET,
      },
      adapt: (line) => line.replace('http://127.0.0.1:8081', `http://127.0.0.1:${ports.worker}`),
    };
    configure();
    const setUp = await runCommand(['setup'], { cwd: folder.path });
    expect([setUp.code, setUp.stderr]).toEqual([0, '']);
    [worker] = await Promise.all([start('worker'), start('gateway')]);
  });
  afterAll(async () => {
    endBins();
    await forwarder.stop();
    await Promise.all([orders.close(), vertexAi.close(), temporal.close(), folder.remove()]);
  });

  let jobs = 0;
  const newJob = (more: object = {}) =>
    vertexAi.putJob({ name: `${SCOPE}/batchPredictionJobs/${++jobs}`, state: 'JOB_STATE_RUNNING', ...more }).name;
  const end = (job: string) =>
    vertexAi.setState(job, { state: 'JOB_STATE_SUCCEEDED', endTime: new Date().toISOString() });
  const submit = async (job: string) => {
    const response = await fetch(`${shell.env['JOBHERALD_URL']}/v1/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer token-of-the-app' },
      body: JSON.stringify({ provider: 'vertex-ai', job, endpoints: ['orders'] }),
    });
    expect([201, 200]).toContain(response.status);
  };
  const requestsFor = (job: string) => orders.received.filter(({ json }) => json.data?.['job'] === job);
  const isTested = () => orders.received.some(({ json }) => json.type === 'endpoint.test');
  const attempts = (job: string, count: number) =>
    eventually(`attempt ${count} for ${job}`, () => requestsFor(job).length >= count);
  /** A job that has ended, and whose delivery to `orders` was tried. */
  const endedJob = async () => {
    const job = newJob();
    await submit(job);
    end(job);
    await attempts(job, 1);
    return job;
  };
  const verifies =
    (secret: string) =>
    (_before: number, { headers, body }: ReceivedRequest) => {
      try {
        verifyWebhook({ headers, body, secrets: [secret] });
        return 204;
      } catch {
        return 401;
      }
    };

  it('temporal-down.md', async () => {
    const page = open('temporal-down.md');
    await forwarder.stop();
    await page.sees('curl -s "$JOBHERALD_URL/readyz"', /Temporal at 127\.0\.0\.1:\d+ cannot be used/);
    await page.sees('curl -s http://127.0.0.1:8081/readyz', /Temporal at 127\.0\.0\.1:\d+ cannot be used/);
    await page.does('jobherald check', /temporal: cannot reach Temporal at .*ECONNREFUSED/, 1);
    page.leavesOut('docker compose', 3);
    forwarder = await startTcpForwarder(temporalPort, temporal.config.address);
    for (const port of Object.values(ports)) await answersWith(200, `http://127.0.0.1:${port}/readyz`);
    await page.sees('jobherald audit vertex-ai --since 2d', /^jobs ended +0$/m);
  });

  it('endpoint-down.md', async () => {
    orders.answer(503);
    const JOB = await endedJob();
    const page = open('endpoint-down.md', { JOB });
    await page.sees(`jobherald list "DeliveryState='pending:orders'"`, new RegExp(JOB));
    await page.sees('jobherald status', /orders +job\.succeeded +pending +\d+ .*503/);
    await page.does('curl "$JOBHERALD_URL/v1/endpoints/orders"', /"state":"active"/);
    await page.does('curl -X POST "$JOBHERALD_URL/v1/endpoints/orders/pause"', /"state":"paused"/);
    orders.answer(204);
    await page.does('curl -X POST "$JOBHERALD_URL/v1/endpoints/orders/resume"', /"state":"active"/);
    await attempts(JOB, 2);
    await page.does('curl -X POST "$JOBHERALD_URL/v1/endpoints/orders/test"', /"accepted":true/);
    await eventually('the test event is there', isTested);
  });

  it('wrong-secret.md', async () => {
    orders.answer(verifies(NEW_SECRET));
    const JOB = await endedJob();
    const [request] = requestsFor(JOB);
    writeFileSync(join(folder.path, 'body.json'), request?.body ?? '');
    const header = (name: string) => String(request?.headers[name]);
    const page = open('wrong-secret.md', {
      JOB,
      ID: header('webhook-id'),
      TIMESTAMP: header('webhook-timestamp'),
      SIGNATURE: header('webhook-signature'),
    });
    await page.sees(`jobherald list "DeliveryState='pending:orders'"`, new RegExp(JOB));
    await page.sees('jobherald status', /orders +job\.succeeded +pending +\d+ .*401/);
    await page.does('jobherald verify', /^verified: /);
    configure({ secrets: [NEW_SECRET] });
    await page.does('jobherald check', /^ok temporal: /m);
    await restartWorker();
    await page.does('curl -X POST "$JOBHERALD_URL/v1/endpoints/orders/test"', /"accepted":true/);
    const before = requestsFor(JOB).length; // what the page before has resumed may have tried it again, too
    await page.does('jobherald retry', /./);
    await attempts(JOB, before + 1);
    await page.does('curl -X POST "$JOBHERALD_URL/v1/endpoints/orders/resume"', /"state":"active"/);
    expect(verifies(NEW_SECRET)(0, requestsFor(JOB).at(-1) as ReceivedRequest)).toBe(204);
  });

  it('key-rotation.md', async () => {
    const page = open('key-rotation.md');
    const added = (await page.does('echo "whsec_', /^whsec_[A-Za-z0-9+/]{43}=$/m)).trim();
    configure({ secrets: [added, NEW_SECRET], retry: { first: '100ms', max: '100ms', for: '1s' } });
    await page.does('jobherald check', /^ok configuration: /m);
    await restartWorker();
    const before = orders.received.length;
    orders.answer(verifies(added));
    await page.does('curl -X POST "$JOBHERALD_URL/v1/endpoints/orders/test"', /"accepted":true/);
    const tested = await eventually('the test event is there', () => orders.received[before]);
    expect([added, NEW_SECRET].map((secret) => verifies(secret)(0, tested))).toEqual([204, 204]);
    await page.does('openssl rand -hex 32', /^[0-9a-f]{64}$/m);
    await page.does('openssl rand -base64 32', /^[A-Za-z0-9+/]{43}=$/m);
  });

  it('provider-down.md', async () => {
    orders.answer(204);
    const job = newJob();
    await submit(job);
    const page = open('provider-down.md');
    vertexAi.refuse(/./, { code: status.UNAVAILABLE });
    await page.does('jobherald check', /^vertex-ai: /m, 1);
    await page.sees(`jobherald list "JobProvider='vertex-ai' AND ExecutionStatus='Running'`, new RegExp(job));
    end(job);
    vertexAi.refuse(/./, undefined);
    await attempts(job, 1);
    await page.sees('jobherald audit vertex-ai --since 2d', /^jobs ended +3$/m);
  });

  it('hint-path-dead.md', async () => {
    const swept = await endedJob();
    const JOB = newJob();
    await submit(JOB);
    const page = open('hint-path-dead.md', { JOB });
    await page.sees(`jobherald list "JobProvider='vertex-ai' AND CompletedBy='poll'`, new RegExp(swept));
    await page.does('curl -s "$JOBHERALD_URL/metrics"', /jobherald_hints_total/);
    vertexAi.refuse(/^List/, { code: status.UNAVAILABLE }); // so that no sweep is faster
    end(JOB);
    await page.does('jobherald complete', /./);
    await attempts(JOB, 1);
    vertexAi.refuse(/^List/, undefined);
    await page.sees(`jobherald list "JobProvider='vertex-ai' AND CompletedBy='signal'"`, new RegExp(JOB));
  });

  it('restore.md', async () => {
    const page = open('restore.md');
    page.leavesOut('docker compose', 6);
    const ago = new Date(Date.now() - HOUR).toISOString(); // before anybody watched its scope
    const forgotten = newJob({ createTime: ago, state: 'JOB_STATE_SUCCEEDED', endTime: new Date().toISOString() });
    await page.sees('jobherald audit vertex-ai projects/', new RegExp(`untracked .*${forgotten}`), 1);
    await page.does('jobherald audit vertex-ai projects/', /submitted/, 1);
    await attempts(forgotten, 1);

    const broken = newJob({ createTime: ago }); // or its scope's watch would begin it again
    await submit(broken);
    await client.workflow.getHandle(`vertex-ai/${broken}`).terminate('somebody took it for a mistake');
    end(broken);
    await page.sees(`jobherald list "ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut')"`, new RegExp(broken));
    await page.does('jobherald audit vertex-ai --since 7d --repair', /broken \(started\)/, 1);
    await attempts(broken, 1);
  });

  it('bulk-redelivery.md', async () => {
    orders.answer(500); // for longer than the window, which is a second since key-rotation.md
    const JOB = await endedJob();
    const page = open('bulk-redelivery.md', { JOB });
    await page.sees(`jobherald list "DeliveryState='exhausted'"`, new RegExp(JOB));
    orders.answer(204);
    const before = requestsFor(JOB).length;
    await page.does('curl -X POST "$JOBHERALD_URL/v1/endpoints/orders/test"', /"accepted":true/);
    await page.does('jobherald redeliver-all', /matched +1/);
    expect(requestsFor(JOB)).toHaveLength(before);
    await page.does('jobherald redeliver-all', /redelivered +1/);
    await attempts(JOB, before + 1);
    await page.does('jobherald redeliver vertex-ai', /./);
    await attempts(JOB, before + 2);
    expect(new Set(requestsFor(JOB).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('are all run, page by page, but those that need a container engine', () => {
    const pages = globSync('*.md', { cwd: join(__dirname, '../../docs/runbooks') }).map((page) => basename(page));
    const left = Object.fromEntries(
      pages.map((page) => [page, opened.get(page)?.left ?? openRunbook(page, shell).left]),
    );
    const none = Object.fromEntries(pages.map((page) => [page, [] as readonly string[]]));
    const own = left['README.md'];
    expect(left).toEqual({ ...none, 'README.md': own });
    expect(own?.every((line) => line.startsWith('export '))).toBe(true);
  });
});
