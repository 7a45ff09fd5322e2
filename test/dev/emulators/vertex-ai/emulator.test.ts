import { JobServiceClient } from '@google-cloud/aiplatform/build/src/v1/index.js';
import { credentials } from '@grpc/grpc-js';
import { startVertexAiEmulator, type VertexAiEmulator } from '../../../../src/dev/emulators/vertex-ai/emulator';

const PARENT = 'projects/shop-ml/locations/europe-west4';
const JOB = 'projects/482013377105/locations/europe-west4/batchPredictionJobs/7';

describe("the Vertex AI emulator, asked by Google's own client", () => {
  let emulator: VertexAiEmulator;
  let client: JobServiceClient;

  beforeAll(async () => {
    emulator = await startVertexAiEmulator({ projects: { 'shop-ml': '482013377105' } });
    client = new JobServiceClient({
      apiEndpoint: '127.0.0.1',
      port: emulator.port,
      sslCreds: credentials.createInsecure(),
      universeDomain: 'googleapis.com',
    });
  });

  afterAll(async () => {
    await client?.close();
    await emulator?.close();
  });

  it("makes a batch prediction job with a number for its id, in the project's number", async () => {
    const [made] = await client.createBatchPredictionJob({
      parent: PARENT,
      batchPredictionJob: { displayName: 'churn-scores', inputConfig: { gcsSource: { uris: ['gs://b/in'] } } },
    });
    expect(made).toMatchObject({
      name: expect.stringMatching(/^projects\/482013377105\/locations\/europe-west4\/batchPredictionJobs\/\d+$/),
      displayName: 'churn-scores',
      state: 'JOB_STATE_PENDING',
      inputConfig: { gcsSource: { uris: ['gs://b/in'] } },
    });
    const [found] = await client.getBatchPredictionJob({ name: (made.name ?? '').replace('482013377105', 'shop-ml') });
    expect(found.name).toBe(made.name);
  });

  it('lists the batch prediction jobs of one location, newest first', async () => {
    emulator.putJob({ name: 'projects/shop-ml/locations/asia-east1/batchPredictionJobs/1' });
    emulator.putJob({ name: 'projects/shop-ml/locations/asia-east1/batchPredictionJobs/2' });
    emulator.putJob({ name: 'projects/shop-ml/locations/asia-east2/batchPredictionJobs/3' });
    const [jobs] = await client.listBatchPredictionJobs({ parent: 'projects/482013377105/locations/asia-east1' });
    expect(jobs.map(({ name }) => name)).toEqual([
      'projects/482013377105/locations/asia-east1/batchPredictionJobs/2',
      'projects/482013377105/locations/asia-east1/batchPredictionJobs/1',
    ]);
  });

  it('cancels in two steps, and never a job that has ended', async () => {
    emulator.putJob({ name: JOB, state: 'JOB_STATE_RUNNING' });
    await client.cancelBatchPredictionJob({ name: JOB });
    expect((await client.getBatchPredictionJob({ name: JOB }))[0].state).toBe('JOB_STATE_CANCELLING');

    emulator.setState(JOB, { state: 'JOB_STATE_CANCELLED' });
    await client.cancelBatchPredictionJob({ name: JOB });
    expect((await client.getBatchPredictionJob({ name: JOB }))[0].state).toBe('JOB_STATE_CANCELLED');
  });

  it('sends a state that the protos do not know as the number it is', async () => {
    emulator.putJob({ name: JOB, state: 99 });
    expect((await client.getBatchPredictionJob({ name: JOB }))[0].state).toBe(99);
  });

  it('counts every request, refused ones too', async () => {
    const before = emulator.calls.length;
    emulator.fail(JOB, 14);
    await expect(client.getBatchPredictionJob({ name: JOB })).rejects.toMatchObject({ code: 14 });
    await client.getBatchPredictionJob({ name: JOB });
    expect(emulator.calls.slice(before)).toEqual([
      { method: 'GetBatchPredictionJob', name: JOB, time: expect.any(String) },
      { method: 'GetBatchPredictionJob', name: JOB, time: expect.any(String) },
    ]);
  });

  it('answers UNIMPLEMENTED for methods it does not have', async () => {
    await expect(client.deleteBatchPredictionJob({ name: JOB })).rejects.toMatchObject({ code: 12 });
  });
});
