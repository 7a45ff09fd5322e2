import { status as Code } from '@grpc/grpc-js';
import { startVertexAiEmulator, type VertexAiEmulator } from '../../../src/dev/emulators/vertex-ai/emulator';
import { ListError, type Provider, type ProviderError } from '../../../src/providers/provider';
import { COLLECTIONS } from '../../../src/providers/vertex-ai/job-name';
import { createVertexAiProvider } from '../../../src/providers/vertex-ai/provider';
import type { ListedJob, ListRequest, Watching } from '../../../src/providers/watching';
import { configOf } from '../../config/faults-of';
import { listedPages } from '../listed-pages';

const SCOPE = 'projects/482013377105/locations/europe-west4';
const SCOPE_BY_ID = 'projects/shop-ml/locations/europe-west4';
const TRACKED = `${SCOPE}/batchPredictionJobs`;

let emulator: VertexAiEmulator;
let provider: Provider;
let watching: Watching;

/** A provider with the ids of projects mapped to their numbers, or without. */
async function open(projects: string): Promise<void> {
  emulator = await startVertexAiEmulator({ projects: { 'shop-ml': '482013377105' } });
  const { providers } = configOf(
    `providers: { vertex-ai: { api_endpoint: "${emulator.address}", insecure: true, projects: ${projects} } }`,
  );
  provider = createVertexAiProvider(providers['vertex-ai'], { warn: () => undefined });
  watching = provider.watching as Watching;
}

beforeEach(() => open('{ shop-ml: 482013377105 }'));
afterEach(async () => {
  await provider.close();
  await emulator.close();
});

const list = (request: Partial<ListRequest>) => listedPages(provider, { scope: SCOPE, ...request });
const keysIn = (pages: readonly (readonly ListedJob[])[]) => pages.flat().map(({ key }) => key);
const errorOf = (request: Partial<ListRequest>) =>
  list(request).then(
    () => undefined,
    (error: ProviderError) => error,
  );

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

describe('the LIST of Vertex AI', () => {
  it('shows the open jobs of the collections that are watched, each by its number', async () => {
    for (const collection of COLLECTIONS) {
      const states = /Pipelines|pipeline/.test(collection) ? 'PIPELINE_STATE' : 'JOB_STATE';
      emulator.putJob({ name: `${SCOPE_BY_ID}/${collection}/1`, state: `${states}_RUNNING` });
    }
    for (const collection of COLLECTIONS) {
      const pages = await list({ jobs: [`${SCOPE}/${collection}/1`] });
      expect(pages).toEqual([
        [
          {
            key: `europe-west4/${collection}/1`,
            job: `${SCOPE}/${collection}/1`,
            state: 'RUNNING',
            created_at: expect.any(String),
            ended_at: null,
          },
        ],
      ]);
    }
    expect(emulator.countOf(/^List/)).toBe(7);
  });

  it('leaves out what has ended, and keeps what is cancelling, paused or unknown', async () => {
    const put = (id: string, state: string | number) => emulator.putJob({ name: `${TRACKED}/${id}`, state });
    put('1', 'JOB_STATE_SUCCEEDED');
    put('2', 'JOB_STATE_FAILED');
    put('3', 'JOB_STATE_CANCELLED');
    put('4', 'JOB_STATE_EXPIRED');
    put('5', 'JOB_STATE_PARTIALLY_SUCCEEDED');
    put('6', 'JOB_STATE_CANCELLING');
    put('7', 'JOB_STATE_PAUSED');
    put('8', 99);
    const pages = await list({ jobs: [`${TRACKED}/6`] });
    expect(pages.flat().map(({ key, state }) => [key.split('/')[2], state])).toEqual([
      ['8', 'RUNNING'],
      ['7', 'DELAYED'],
      ['6', 'RUNNING'],
    ]);
  });

  it('takes pages of a hundred, one request each, and asks for the next when it is pulled', async () => {
    for (let id = 1; id <= 250; id++) emulator.putJob({ name: `${TRACKED}/${id}`, state: 'JOB_STATE_RUNNING' });
    const pages = watching.list?.({
      scope: SCOPE,
      jobs: [`${TRACKED}/1`],
      tracked: [],
      signal: new AbortController().signal,
    });
    expect((await pages?.next())?.value).toHaveLength(100);
    expect(emulator.countOf('ListBatchPredictionJobs')).toBe(1);
    expect((await pages?.next())?.value).toHaveLength(100);
    expect((await pages?.next())?.value).toHaveLength(50);
    expect((await pages?.next())?.done).toBe(true);
    expect(emulator.countOf('ListBatchPredictionJobs')).toBe(3);
    expect(emulator.countOf(/^Get/)).toBe(0);
  });

  it('asks of each job only for what it reads', async () => {
    const secret = 'x'.repeat(100_000);
    const name = `${TRACKED}/1`;
    emulator.putJob({
      name,
      displayName: secret,
      state: 'JOB_STATE_SUCCEEDED',
      completionStats: { failedCount: '2' },
    });
    let sent: readonly string[] = [];
    emulator.onPage((page) => (sent = page.members));
    const pages = await list({ tracked: [TRACKED], createdSince: 0 });
    expect(pages.flat()).toMatchObject([{ state: 'PARTIALLY_FAILED' }]);
    expect(sent).toEqual(['name', 'state', 'createTime', 'completionStats']);
  });

  it('shows what was created since in a tracked collection, ended or not', async () => {
    const put = (id: string, createTime: string, state: string) =>
      emulator.putJob({ name: `${TRACKED}/${id}`, createTime, state });
    put('1', minutesAgo(90), 'JOB_STATE_SUCCEEDED');
    put('2', minutesAgo(80), 'JOB_STATE_RUNNING');
    put('3', minutesAgo(10), 'JOB_STATE_SUCCEEDED');
    put('4', minutesAgo(5), 'JOB_STATE_RUNNING');
    const pages = await list({ tracked: [TRACKED], createdSince: Date.parse(minutesAgo(60)) });
    expect([...new Set(keysIn(pages))].sort()).toEqual(
      ['2', '3', '4'].map((id) => `europe-west4/batchPredictionJobs/${id}`),
    );
    expect(pages.flat().find(({ key }) => key.endsWith('/3'))).toMatchObject({ state: 'COMPLETED' });
  });

  it('has one key for a job whichever way its project is spelled, also where no number is configured', async () => {
    await provider.close();
    await emulator.close();
    await open('{}');
    emulator.putJob({ name: `${TRACKED}/7`, state: 'JOB_STATE_RUNNING' });
    const job = `${SCOPE_BY_ID}/batchPredictionJobs/7`;
    const [[listed] = []] = await list({ scope: SCOPE_BY_ID, jobs: [job] });
    expect(listed?.job).toBe(`${TRACKED}/7`);
    expect(listed?.key).toBe(watching.keyOf(job));
    expect(watching.keyOf(`${TRACKED}/7`)).toBe(watching.keyOf(job));
  });

  it('reads tuning jobs, which it cannot filter, back to the age of the oldest that is watched', async () => {
    for (let id = 1; id <= 350; id++) {
      emulator.putJob({
        name: `${SCOPE}/tuningJobs/${id}`,
        state: 'JOB_STATE_SUCCEEDED',
        createTime: minutesAgo(400 - id),
      });
    }
    emulator.setState(`${SCOPE}/tuningJobs/340`, { state: 'JOB_STATE_RUNNING' });
    const jobs = [`${SCOPE}/tuningJobs/340`];
    const pages = await list({ jobs, oldest: Date.parse(minutesAgo(55)) });
    expect(pages).toHaveLength(1);
    expect(pages.flat()).toContainEqual(expect.objectContaining({ job: jobs[0], state: 'RUNNING' }));
    expect(await list({ jobs })).toHaveLength(4);
  });

  it('says which permission is missing, once all else is listed', async () => {
    emulator.putJob({ name: `${TRACKED}/1`, state: 'JOB_STATE_RUNNING' });
    emulator.refuse('ListPipelineJobs', { code: Code.PERMISSION_DENIED });
    const pages: ListedJob[] = [];
    const jobs = [`${SCOPE}/pipelineJobs/1`, `${TRACKED}/1`];
    const pulled = watching.list?.({ scope: SCOPE, jobs, tracked: [], signal: new AbortController().signal });
    const failure = await (async () => {
      for await (const page of pulled ?? []) pages.push(...page);
    })().catch((error: unknown) => error);
    expect(pages).toMatchObject([{ job: `${TRACKED}/1` }]);
    expect(failure).toBeInstanceOf(ListError);
    expect(failure).toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining("Grant aiplatform.pipelineJobs.list to the worker's service account"),
      notListed: [`${SCOPE}/pipelineJobs/`],
    });
    await expect(provider.getJobStatus(`${TRACKED}/1`, new AbortController().signal)).resolves.toMatchObject({
      state: 'RUNNING',
    });
  });

  it('keeps what RetryInfo asks for', async () => {
    emulator.refuse(/^List/, { code: Code.RESOURCE_EXHAUSTED, retryAfterMs: 2_500 });
    expect(await errorOf({ jobs: [`${TRACKED}/1`] })).toMatchObject({ code: 'unavailable', retryAfterMs: 2_500 });
    emulator.refuse(/^Get/, { code: Code.RESOURCE_EXHAUSTED, retryAfterMs: 61_000 });
    await expect(provider.getJobStatus(`${TRACKED}/1`, new AbortController().signal)).rejects.toMatchObject({
      code: 'unavailable',
      retryAfterMs: 61_000,
    });
  });

  it('ends with the reason of its signal', async () => {
    const aborted = AbortSignal.abort(new Error('stopping'));
    await expect(list({ jobs: [`${TRACKED}/1`], signal: aborted })).rejects.toThrow('stopping');
  });
});

describe('a scope of Vertex AI', () => {
  it('is the project and the location of a job, or of what is tracked', () => {
    expect(watching.scopeOf(`${TRACKED}/1`)).toBe(SCOPE);
    expect(watching.scopeOf(TRACKED)).toBe(SCOPE);
    expect(watching.namePrefix(SCOPE)).toBe(`${SCOPE}/`);
  });
});
