import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { temporal as proto } from '@temporalio/proto';
import { JobHerald } from '../../src/index';
import { exampleService, fixture } from '../providers/http/an-example';
import { type StatusService, startStatusService } from '../providers/http/status-service';
import { eventually } from '../support/eventually';
import { endBins } from '../support/jobherald';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { temporaryDirectory } from '../support/temporary-directory';
import { TEST_SECRET } from '../support/test-config';
import { startWorkerAndGateway } from '../support/worker-and-gateway';

const { GetWorkflowExecutionHistoryResponse, DescribeWorkflowExecutionResponse, ListWorkflowExecutionsResponse } =
  proto.api.workflowservice.v1;

const API_KEY = 'sk-a-key-that-nobody-reads';
const TOKEN = 'a-gateway-token-that-nobody-reads';
const KEYS = ['old', 'new'].map((id) => ({ id, key: randomBytes(32).toString('base64') }));
const SECRETS = [API_KEY, TOKEN, TEST_SECRET.slice(6), ...KEYS.map(({ key }) => key)];

/** What a job is about: in what is submitted, in what its provider says and in what its endpoint answers. */
const METADATA = 'canary-in-the-metadata';
const OUTPUT = 'canary-of-the-provider';
const ANSWER = 'canary-of-the-endpoint';
const FAULT = 'canary-of-a-fault';
const CONTENT = [METADATA, OUTPUT, ANSWER];

const foundIn = (bytes: Uint8Array | string, texts: readonly string[]) =>
  texts.filter((text) => Buffer.from(bytes as string).includes(text));

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let temporal: RealTemporal;
let service: StatusService;
let endpoint: Awaited<ReturnType<typeof startEndpoint>>;

beforeEach(async () => {
  folder = await temporaryDirectory();
  temporal = await connectRealTemporal();
  service = await startStatusService({ header: 'authorization', value: `Bearer ${API_KEY}` });
  endpoint = await startEndpoint();
});
afterEach(async () => {
  endBins();
  await endpoint.close();
  await service.close();
  await temporal.close();
  await folder.remove();
});

/** Answers 500, and tells something about the customer, until it is mended. */
async function startEndpoint() {
  let isMended = false;
  let body = '';
  const server = createServer(async (request, response) => {
    body = Buffer.concat(await request.toArray()).toString();
    response.writeHead(isMended ? 204 : 500).end(isMended ? undefined : `no such order: ${ANSWER}`);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    lastBody: () => body,
    mend: () => {
      isMended = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

const serviceConfig = () => ({
  credentials: { openai: API_KEY },
  providers: {
    http: {
      openai: {
        url: `${service.origin}/v1/batches/{job}`,
        headers: { authorization: 'Bearer {openai}' },
        state: { pointer: '/status', map: exampleService('openai').state.map },
        outputs: [{ pointer: '/output_file_id', type: 'FILE', uri: 'https://files.example/{value}' }],
      },
    },
  },
});

/** Straight to Temporal. */
const directClient = (codec?: { readonly keys: typeof KEYS }) =>
  new JobHerald({
    config: { ...serviceConfig(), temporal: { ...(codec && { codec }) } },
    temporal: { address: temporal.config.address },
  });

async function startProcesses(codec: object | undefined) {
  const { gateway, worker } = await startWorkerAndGateway(folder.path, {
    temporal: { address: temporal.config.address, ...(codec && { codec }) },
    gateway: { tokens: [{ name: 'test', token: TOKEN }] },
    endpoints: [{ name: 'orders', url: endpoint.url, secret: 'orders', retry: { first: '1s', factor: 1 } }],
    ...serviceConfig(),
  });
  const processes = [worker, gateway];
  return {
    gateway: gateway.origin,
    client: new JobHerald({ url: gateway.origin, token: TOKEN }),
    said: async () => {
      const metrics = await Promise.all(processes.map(async ({ origin }) => (await fetch(`${origin}/metrics`)).text()));
      return [...metrics, ...processes.map(({ stdout, stderr }) => stdout() + stderr())].join('\n');
    },
  };
}

/** All that Temporal has of the run. */
async function atTemporal(job: string): Promise<Uint8Array> {
  const of = { namespace: 'default', execution: { workflowId: `openai/${job}` } };
  const described = await temporal.connection.workflowService.describeWorkflowExecution(of);
  const history = await temporal.connection.workflowService.getWorkflowExecutionHistory(of);
  return Buffer.concat([
    DescribeWorkflowExecutionResponse.encode(described).finish(),
    GetWorkflowExecutionHistoryResponse.encode(history).finish(),
  ]);
}

/** What a list shows of it: search attributes and memo. */
async function atVisibility(job: string): Promise<Uint8Array> {
  const query = `WorkflowId = 'openai/${job}'`;
  const list = await temporal.connection.workflowService.listWorkflowExecutions({ namespace: 'default', query });
  expect(list.executions).toHaveLength(1);
  return ListWorkflowExecutionsResponse.encode(list).finish();
}

/** The answers to requests that are refused, each for another reason. */
async function refusals(origin: string, job: string): Promise<string> {
  const ask = async (path: string, body?: unknown, token = TOKEN) => {
    const response = await fetch(`${origin}${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  };
  const answers = [
    await ask('/v1/jobs', undefined, `${TOKEN.slice(0, -1)}x`),
    await ask('/v1/jobs/openai/of-nobody'),
    await ask('/v1/jobs', { provider: 'openai', job, endpoints: ['nobody'] }),
    await ask('/v1/jobs', { provider: 'openai', job, endpoints: ['orders'], metadata: { customer: 'another' } }),
    await ask(`/v1/jobs/openai/${job}/retry`, { endpoint: 'nobody' }),
    await ask('/v1/jobs?query=no+query'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 404, 422, 409, 422, 400]);
  return answers.map(({ text }) => text).join('\n');
}

/** As anybody can who may write to the namespace. */
async function signalGarbage(job: string, keyId: string): Promise<void> {
  await temporal.connection.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: `openai/${job}` },
    signalName: 'completion',
    requestId: crypto.randomUUID(),
    input: {
      payloads: [
        {
          metadata: { encoding: Buffer.from('binary/encrypted'), 'encryption-key-id': Buffer.from(keyId) },
          data: randomBytes(64),
        },
      ],
    },
  });
}

describe.each([
  ['with a codec', { keys: KEYS }, []],
  ['without a codec', undefined, CONTENT],
])('%s', (_, codec, atRest) => {
  it('a job is read by those who may, and what it is about stands nowhere else', async () => {
    const { client, gateway, said } = await startProcesses(codec);
    const job = `batch_${crypto.randomUUID()}`;
    service.put(`/v1/batches/${job}`, { ...fixture('openai-batch-completed'), id: job, status: 'in_progress' });
    const metadata = { customer: METADATA };
    await client.submit({ provider: 'openai', job, endpoints: ['orders'], metadata, labels: { team: 'blue' } });
    await eventually('the provider is asked', () => service.seen.length > 0);

    // As careless services do, with the key that it was sent.
    const message = `${FAULT}: incorrect key ${API_KEY}`;
    service.answer((response) => response.writeHead(503).end(JSON.stringify({ error: { message } })));
    await client.complete('openai', job);
    await eventually('the job shows why there is no answer', async () =>
      (await client.get('openai', job)).warnings?.some((warning) => warning.includes(FAULT)),
    );
    const atFault = await atTemporal(job);
    expect(foundIn(atFault, [FAULT])).toEqual(codec ? [] : [FAULT]);
    expect(foundIn(JSON.stringify(await client.get('openai', job)), SECRETS)).toEqual([]);
    service.answer();

    // What cannot be decrypted is a hint like any other, and holds up no run.
    service.put(`/v1/batches/${job}`, { ...fixture('openai-batch-completed'), id: job, output_file_id: OUTPUT });
    for (const keyId of ['new', 'of nobody']) await signalGarbage(job, keyId);

    const trying = await eventually('two attempts have failed', async () => {
      const [delivery] = (await client.get('openai', job)).deliveries ?? [];
      return delivery && delivery.attempt_count > 1 ? delivery : undefined;
    });
    expect(JSON.stringify(trying)).toContain(ANSWER);
    const whileTrying = await atTemporal(job);
    expect(foundIn(whileTrying, CONTENT)).toEqual(atRest);

    endpoint.mend();
    const done = await eventually('it is delivered', async () => {
      const read = await client.get('openai', job);
      return read.phase === 'done' ? read : undefined;
    });
    expect(done).toMatchObject({ state: 'COMPLETED', deliveries: [{ state: 'delivered' }] });
    expect(endpoint.lastBody()).toContain(METADATA);
    expect(JSON.stringify(done)).toContain(OUTPUT);
    const closed = await atTemporal(job);
    expect(foundIn(closed, CONTENT)).toEqual(atRest);

    expect(foundIn(await said(), [METADATA, OUTPUT, ...SECRETS])).toEqual([]);
    expect(foundIn(Buffer.concat([atFault, whileTrying, closed]), SECRETS)).toEqual([]);
    const listed = await eventually('visibility has its end', async () => {
      const bytes = await atVisibility(job);
      return foundIn(bytes, ['DeliveryState']).length > 0 && foundIn(bytes, ['delivered']).length > 0 && bytes;
    });
    expect(foundIn(listed, [...(codec ? [...CONTENT, FAULT] : []), ...SECRETS])).toEqual([]);
    const refused = await refusals(gateway, job);
    expect(foundIn(refused, [...CONTENT, FAULT, ...SECRETS])).toEqual([]);
    expect(foundIn(JSON.stringify([done, trying]), SECRETS)).toEqual([]);

    await using rotated = directClient(codec && { keys: [...KEYS].reverse() });
    expect(await rotated.get('openai', job)).toMatchObject({ state: 'COMPLETED', labels: { team: 'blue' } });
    const { jobs } = await eventually('it is listed', async () => {
      const list = await rotated.list({ query: `WorkflowId = 'openai/${job}'` });
      return list.jobs.length > 0 ? list : undefined;
    });
    expect(jobs).toMatchObject([{ job, labels: { team: 'blue' } }]);
  });
});

it('a job that is encrypted with a key which a reader lacks is refused to it, and hides no other in a list', async () => {
  const { client } = await startProcesses({ keys: KEYS });
  const job = `batch_${crypto.randomUUID()}`;
  service.put(`/v1/batches/${job}`, { ...fixture('openai-batch-completed'), id: job, status: 'in_progress' });
  await client.submit({ provider: 'openai', job, endpoints: ['orders'], labels: { team: 'blue' } });

  await using keyless = directClient();
  await expect(keyless.get('openai', job)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('temporal.codec.keys'),
  });
  const { jobs } = await eventually('it is listed', async () => {
    const list = await keyless.list({ query: `WorkflowId = 'openai/${job}'` });
    return list.jobs.length > 0 ? list : undefined;
  });
  expect(jobs).toMatchObject([{ job }]);
});
