import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const { handle } = require('../../examples/cloud-function/handle') as {
  handle(event: object, environment?: object): Promise<string>;
};

const fixture = (name: string) => readFileSync(join(__dirname, '../fixtures/vertex-ai', `${name}.json`), 'utf8');
const event = (data: string, more: object = { messageId: '42' }) => ({
  data: { message: { data: Buffer.from(data).toString('base64'), ...more } },
});

const PIPELINE = 'projects/482013377105/locations/europe-west4/pipelineJobs/nightly-train-20260301010000';
const BATCH = 'projects/482013377105/locations/europe-west4/batchPredictionJobs/3190772846511423488';

describe('the Cloud Function example', () => {
  let server: Server;
  let status = 202;
  let environment: { JOBHERALD_URL: string; JOBHERALD_TOKEN: string };
  const requests: {
    method: string | undefined;
    path: string | undefined;
    authorization: string | undefined;
    body: unknown;
  }[] = [];

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const body = JSON.parse(await textOf(request));
      requests.push({ method: request.method, path: request.url, authorization: request.headers.authorization, body });
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    environment = { JOBHERALD_URL: `http://127.0.0.1:${port}/`, JOBHERALD_TOKEN: 'secret' };
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });
  beforeEach(() => {
    status = 202;
    requests.length = 0;
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    ['log-entry-pipeline-job', PIPELINE],
    ['log-entry-audit-create', BATCH],
    ['log-entry-audit-cancel', BATCH],
  ])('tells jobherald of the job of a %s, keyed by the message id', async (name, job) => {
    await expect(handle(event(fixture(name)), environment)).resolves.toBe('told');
    expect(requests).toEqual([
      {
        method: 'POST',
        path: `/v1/jobs/vertex-ai/${encodeURIComponent(job)}/completion`,
        authorization: 'Bearer secret',
        body: { idempotency_key: '42' },
      },
    ]);
  });

  it.each([429, 401, 500, 503, 302])('throws on %i, so that Pub/Sub sends the message again', async (answer) => {
    status = answer;
    await expect(handle(event(fixture('log-entry-pipeline-job')), environment)).rejects.toThrow();
    expect(requests).toHaveLength(1);
  });

  it('throws where jobherald cannot be reached, or nobody said where it is', async () => {
    const entry = event(fixture('log-entry-pipeline-job'));
    await expect(handle(entry, { ...environment, JOBHERALD_URL: 'http://127.0.0.1:1' })).rejects.toThrow();
    await expect(handle(entry, {})).rejects.toThrow('JOBHERALD_URL');
  });

  it.each([400, 404, 422])('is done with a message that is answered %i', async (answer) => {
    status = answer;
    await expect(handle(event(fixture('log-entry-pipeline-job')), environment)).resolves.toBe('refused');
  });

  it.each(['no JSON', '{}', 'null', '7', JSON.stringify({ resource: { labels: { pipeline_job_id: 'x' } } })])(
    'calls nobody for the message %j',
    async (data) => {
      await expect(handle(event(data), environment)).resolves.toBe('of no interest');
      await expect(handle({}, environment)).resolves.toBe('of no interest');
      expect(requests).toEqual([]);
    },
  );
});

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
