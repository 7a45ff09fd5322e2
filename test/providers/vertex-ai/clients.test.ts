import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startVertexAiEmulator, type VertexAiEmulator } from '../../../src/dev/emulators/vertex-ai/emulator';
import type * as Registry from '../../../src/providers/registry';
import { toProviderError } from '../../../src/providers/vertex-ai/call-api';
import { createClients, serviceAddress } from '../../../src/providers/vertex-ai/clients';
import { testConfig } from '../../support/test-config';

describe('the clients of Vertex AI', () => {
  let emulator: VertexAiEmulator;
  let directory: string;
  const environment = { ...process.env };

  beforeAll(async () => {
    emulator = await startVertexAiEmulator();
    directory = await mkdtemp(join(tmpdir(), 'jobherald-'));
  });
  beforeEach(() => {
    // No credentials anywhere: no file, no metadata server.
    process.env['CLOUDSDK_CONFIG'] = directory;
    process.env['GCE_METADATA_HOST'] = '127.0.0.1:1';
    delete process.env['GOOGLE_APPLICATION_CREDENTIALS'];
  });
  afterAll(async () => {
    process.env = environment;
    await emulator?.close();
    await rm(directory, { recursive: true });
  });

  it('look for no credentials where the configuration is insecure', async () => {
    // The library refuses credentials of another universe as soon as it sees them.
    const file = join(directory, 'other-universe.json');
    await writeFile(file, JSON.stringify({ ...serviceAccount(), universe_domain: 'example.org' }));
    process.env['GOOGLE_APPLICATION_CREDENTIALS'] = file;

    const secure = createClients({ apiEndpoint: emulator.address, insecure: false });
    await expect(secure.stub('JobServiceClient', 'us-central1')).rejects.toThrow(/example\.org/);
    const insecure = createClients({ apiEndpoint: emulator.address, insecure: true });
    await expect(insecure.stub('JobServiceClient', 'us-central1')).resolves.toBeDefined();
    await Promise.all([secure.close(), insecure.close()]);
  });

  it('look again after credentials were not found, instead of remembering that', async () => {
    const file = join(directory, 'service-account.json');
    process.env['GOOGLE_APPLICATION_CREDENTIALS'] = file;
    const clients = createClients({ apiEndpoint: '', insecure: false });
    await expect(clients.stub('JobServiceClient', 'us-central1')).rejects.toThrow(/service-account\.json/);

    await writeFile(file, JSON.stringify(serviceAccount()));
    const stub = await clients.stub('JobServiceClient', 'us-central1');
    expect(stub.getChannel().getTarget()).toBe('dns:us-central1-aiplatform.googleapis.com:443');
    await clients.close();
  });

  it('are one for each service and location', async () => {
    const file = join(directory, 'service-account.json');
    await writeFile(file, JSON.stringify(serviceAccount()));
    process.env['GOOGLE_APPLICATION_CREDENTIALS'] = file;
    const clients = createClients({ apiEndpoint: '', insecure: false });
    const [first, second] = await Promise.all([
      clients.stub('JobServiceClient', 'us-central1'),
      clients.stub('JobServiceClient', 'us-central1'),
    ]);
    expect(second).toBe(first);
    expect(await clients.stub('JobServiceClient', 'europe-west4')).not.toBe(first);
    expect(await clients.stub('PipelineServiceClient', 'us-central1')).not.toBe(first);
    await clients.close();
  });

  it('are one for each service where one endpoint answers for all locations', async () => {
    const clients = createClients({ apiEndpoint: emulator.address, insecure: true });
    const first = await clients.stub('JobServiceClient', 'us-central1');
    expect(await clients.stub('JobServiceClient', 'europe-west4')).toBe(first);
    await clients.close();
  });

  it('say what to do where there are no credentials', () => {
    const attempted = { verb: 'get', name: 'j', collection: 'customJobs' } as const;
    const error = toProviderError(new Error('Could not load the default credentials.'), attempted);
    expect(error).toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('GOOGLE_APPLICATION_CREDENTIALS'),
    });
  });
});

describe('the address of a service', () => {
  it.each([
    ['', 'us-central1', 'us-central1-aiplatform.googleapis.com', 443],
    ['', 'global', 'aiplatform.googleapis.com', 443],
    ['127.0.0.1:8085', 'us-central1', '127.0.0.1', 8085],
    ['[::1]:8085', 'us-central1', '[::1]', 8085],
    ['aiplatform.internal.example.com', 'us-central1', 'aiplatform.internal.example.com', 443],
  ])('with the override %j for %s is %s:%i', (apiEndpoint, location, host, port) => {
    expect(serviceAddress({ apiEndpoint }, location)).toEqual({ host, port });
  });
});

describe('a process that only names jobs and reads hints', () => {
  it("never loads Google's library", async () => {
    jest.resetModules();
    const loaded = jest.fn(() => ({}));
    jest.doMock('@google-cloud/aiplatform', loaded);
    jest.doMock('@google-cloud/aiplatform/build/src/v1/index.js', loaded);
    const { createProviders }: typeof Registry = require('../../../src/providers/registry');
    require('../../../src/providers/vertex-ai/hints/eventarc');
    require('../../../src/providers/vertex-ai/hints/pubsub');
    const base = testConfig({});
    const vertexAi = { ...base.providers['vertex-ai'], projects: { 'shop-ml': '7' } };
    const config = { ...base, providers: { ...base.providers, 'vertex-ai': vertexAi } };
    const provider = createProviders(config, { warn: () => {} }).get('vertex-ai');
    expect(provider?.canonicalJobName('projects/shop-ml/locations/l/customJobs/1')).toBe(
      'projects/7/locations/l/customJobs/1',
    );
    await provider?.close();
    expect(loaded).not.toHaveBeenCalled();
    await provider?.warmUp?.().catch(() => {});
    expect(loaded).toHaveBeenCalled();
  });
});

/** A key of nobody's, made for this run. */
function serviceAccount() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    type: 'service_account',
    project_id: 'shop-ml',
    client_email: 'nobody@shop-ml.iam.gserviceaccount.com',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  };
}
