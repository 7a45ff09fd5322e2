import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { status } from '@grpc/grpc-js';
import { startVertexAiEmulator, type VertexAiEmulator } from '../../src/dev/emulators/vertex-ai/emulator';
import { anyJob } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { builtBin, endBins } from '../support/jobherald';
import { type OtlpReceiver, startOtlpReceiver } from '../support/otlp-receiver';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { temporaryDirectory } from '../support/temporary-directory';
import { startWorkerAndGateway, type WorkerAndGateway } from '../support/worker-and-gateway';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SCOPE = 'projects/123/locations/us-central1';
const CALLER = '00f067aa0ba902b7';

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let temporal: RealTemporal;
let vertexAi: VertexAiEmulator;
let otlp: OtlpReceiver;
let receiver: TestReceiver;
let gateway: WorkerAndGateway['gateway'];
let origin: string;

beforeAll(async () => {
  temporal = await connectRealTemporal();
  vertexAi = await startVertexAiEmulator();
  otlp = await startOtlpReceiver();
  receiver = await startReceiver();
  folder = await temporaryDirectory();
  const sections = {
    temporal: { address: temporal.config.address, task_queue: temporal.config.taskQueue },
    endpoints: [{ name: 'orders', url: `${receiver.url}?key=secret`, secret: 'orders', retry: { first: '200ms' } }],
    providers: { 'vertex-ai': { api_endpoint: vertexAi.address, insecure: true, sweep: { every: '1s' } } },
  };
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp.endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '200',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  };
  ({ gateway } = await startWorkerAndGateway(folder.path, sections, env));
  origin = gateway.origin;
});
afterAll(async () => {
  endBins();
  await Promise.all([receiver.close(), otlp.close(), vertexAi.close(), temporal.close()]);
  await folder.remove();
});

describe('where an OTLP endpoint is configured', () => {
  it('one trace leads from the caller over submission, question and attempts to the receiver', async () => {
    receiver.answer((before) => (before === 0 ? 500 : 204));
    const job = anyJob();
    vertexAi.putJob({ name: job, state: 'JOB_STATE_RUNNING' });
    const submitted = await fetch(`${origin}/v1/jobs`, {
      method: 'POST',
      headers: { traceparent: `00-${TRACE}-${CALLER}-01`, tracestate: 'caller=1' },
      body: JSON.stringify({ provider: 'vertex-ai', job, endpoints: ['orders'] }),
    });
    expect(submitted.status).toBe(201);
    vertexAi.putJob({ name: job, state: 'JOB_STATE_SUCCEEDED' });
    const hinted = await fetch(`${origin}/v1/jobs/vertex-ai/${encodeURIComponent(job)}/completion`, { method: 'POST' });
    expect(hinted.status).toBe(202);
    await eventually('it is delivered', () => receiver.received.length === 2);

    const inTrace = () => otlp.spans.filter(({ trace }) => trace === TRACE);
    const named = (name: string) => inTrace().filter((span) => span.name === name);
    // Worker and gateway send them each at their own time.
    const [worker, gateway] = [
      ['POST', 'ask vertex-ai'],
      ['POST /v1/jobs', 'submit job'],
    ];
    await eventually(
      'its spans have arrived',
      () => [...worker, ...gateway].every((name) => named(name).length > 0) && named('POST').length === 2,
    );

    const [request] = named('POST /v1/jobs');
    expect(request).toMatchObject({
      service: 'jobherald-gateway',
      kind: 2,
      parent: CALLER,
      attributes: { 'http.request.method': 'POST', 'http.route': '/v1/jobs', 'http.response.status_code': 201 },
    });
    const [submission] = named('submit job');
    expect(submission).toMatchObject({ parent: request?.id, attributes: { 'jobherald.job': job } });
    for (const span of named('ask vertex-ai')) {
      expect(span).toMatchObject({ service: 'jobherald-worker', kind: 3, parent: submission?.id });
    }
    expect(named('POST')).toMatchObject([
      {
        service: 'jobherald-worker',
        kind: 3,
        parent: submission?.id,
        fault: 'HTTP 500',
        attributes: { 'http.response.status_code': 500, 'error.type': '500', 'url.full': receiver.url },
      },
      {
        kind: 3,
        parent: submission?.id,
        attributes: { 'http.request.resend_count': 1, 'http.response.status_code': 204 },
      },
    ]);
    expect(receiver.received.map(({ headers }) => headers['traceparent'])).toEqual(
      named('POST').map(({ id }) => `00-${TRACE}-${id}-01`),
    );
    expect(receiver.received.map(({ headers }) => headers['tracestate'])).toEqual(['caller=1', 'caller=1']);
    expect(JSON.stringify(otlp.spans)).not.toContain('secret');
  });

  it('each list of a sweep is a span of a trace of its own, with what it read; one that fails says why', async () => {
    const job = anyJob();
    vertexAi.putJob({ name: job, state: 'JOB_STATE_RUNNING' });
    const body = JSON.stringify({ provider: 'vertex-ai', job, endpoints: ['orders'] });
    await fetch(`${origin}/v1/jobs`, { method: 'POST', body });
    const lists = () => otlp.spans.filter(({ name }) => name === 'list vertex-ai');
    const read = await eventually('a list is a span', () => lists().find(({ fault }) => fault === undefined));
    expect(read).toMatchObject({
      service: 'jobherald-worker',
      kind: 3,
      parent: '',
      attributes: { 'jobherald.provider': 'vertex-ai', 'jobherald.scope': SCOPE, 'jobherald.pages': 1 },
    });
    vertexAi.refuse('ListBatchPredictionJobs', { code: status.UNAVAILABLE });
    const failed = await eventually('one has failed', () => lists().find(({ fault }) => fault !== undefined));
    vertexAi.refuse('ListBatchPredictionJobs', undefined);
    expect(failed.attributes).toMatchObject({ 'error.type': 'unavailable' });
  });

  it('a trace that its caller does not record is not recorded, and goes on all the same', async () => {
    const trace = 'b'.repeat(32);
    const job = anyJob();
    vertexAi.putJob({ name: job, state: 'JOB_STATE_SUCCEEDED' });
    const before = receiver.received.length;
    await fetch(`${origin}/v1/jobs`, {
      method: 'POST',
      headers: { traceparent: `00-${trace}-${CALLER}-00` },
      body: JSON.stringify({ provider: 'vertex-ai', job, endpoints: ['orders'] }),
    });
    await eventually('it is delivered', () => receiver.received.length === before + 1);
    expect(receiver.received.at(-1)?.headers['traceparent']).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`));
    await fetch(`${origin}/v1/jobs/vertex-ai/${encodeURIComponent(job)}`);
    await eventually('a later span has arrived', () =>
      otlp.spans.some(({ name }) => name === 'GET /v1/jobs/:provider/:job'),
    );
    expect(otlp.spans.filter((span) => span.trace === trace)).toEqual([]);
  });

  it('the last spans are sent before a process ends, and probes are none', async () => {
    await fetch(`${origin}/v1/endpoints/orders`);
    await fetch(`${origin}/healthz`);
    gateway.kill('SIGTERM');
    expect((await gateway.finished).code).toBe(0);
    const names = otlp.spans.map(({ name }) => name);
    expect(names).toContain('GET /v1/endpoints/:name');
    expect(names.filter((name) => /healthz|readyz|metrics/.test(name))).toEqual([]);
  });
});

describe('where none is configured', () => {
  it("nothing of OpenTelemetry's SDK is loaded", () => {
    const processes = ['cli/run-process', 'tracing/open-tracer', 'processes/worker', 'processes/gateway'];
    const script = `
      const modules = ${JSON.stringify(processes)}.map((name) => require('../' + name + '.js'));
      console.log(modules[1].openTracer({ env: {} }), Object.keys(require.cache).filter((file) => /opentelemetry.(sdk|exporter|resources)/.test(file)).length);`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
      cwd: dirname(builtBin()),
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'undefined 0\n', stderr: '' });
  });

  it('or where it is switched off, nothing is recorded', () => {
    const { openTracer } = require('../../src/tracing/open-tracer') as typeof import('../../src/tracing/open-tracer');
    const logger = { warn: () => undefined } as never;
    for (const env of [
      {},
      { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_SDK_DISABLED: 'true' },
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_TRACES_EXPORTER: 'none' },
    ]) {
      expect(openTracer({ env, serviceName: 'jobherald', version: '0', logger })).toBeUndefined();
    }
  });
});
