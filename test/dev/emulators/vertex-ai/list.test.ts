import {
  GenAiTuningServiceClient,
  JobServiceClient,
  PipelineServiceClient,
} from '@google-cloud/aiplatform/build/src/v1/index.js';
import { status as Code, credentials } from '@grpc/grpc-js';
import { startVertexAiEmulator, type VertexAiEmulator } from '../../../../src/dev/emulators/vertex-ai/emulator';

const PARENT = 'projects/7/locations/us-central1';
const JOBS = `${PARENT}/batchPredictionJobs`;

let emulator: VertexAiEmulator;
let jobs: JobServiceClient;
let pipelines: PipelineServiceClient;
let tuning: GenAiTuningServiceClient;

beforeAll(async () => {
  emulator = await startVertexAiEmulator({ projects: { 'shop-ml': '7' } });
  const options = {
    apiEndpoint: '127.0.0.1',
    port: emulator.port,
    sslCreds: credentials.createInsecure(),
    universeDomain: 'googleapis.com',
  };
  jobs = new JobServiceClient(options);
  pipelines = new PipelineServiceClient(options);
  tuning = new GenAiTuningServiceClient(options);
});

afterAll(async () => {
  await Promise.all([jobs?.close(), pipelines?.close(), tuning?.close()]);
  await emulator?.close();
});

const at = (minute: number) => `2026-03-01T00:${String(minute).padStart(2, '0')}:00Z`;

/** One page: the ids on it, and the token of the next. */
async function page(
  request: object,
  parent = PARENT,
): Promise<{ readonly ids: readonly string[]; readonly next: string }> {
  const [found, , raw] = await jobs.listBatchPredictionJobs({ parent, ...request }, { autoPaginate: false });
  return { ids: found.map(({ name }) => name?.split('/').at(-1) ?? ''), next: raw?.nextPageToken ?? '' };
}

describe('a LIST of the Vertex AI emulator', () => {
  beforeAll(() => {
    emulator.putJob({ name: `${JOBS}/1`, displayName: 'churn-1', state: 'JOB_STATE_RUNNING', createTime: at(1) });
    emulator.putJob({ name: `${JOBS}/2`, displayName: 'churn-2', state: 'JOB_STATE_FAILED', createTime: at(2) });
    emulator.putJob({ name: `${JOBS}/4`, displayName: 'fraud', state: 'JOB_STATE_PENDING', createTime: at(4) });
    emulator.putJob({ name: `${JOBS}/3`, labels: { team: 'a' }, state: 'JOB_STATE_PAUSED', createTime: at(3) });
  });

  it.each([
    ['', ['4', '3', '2', '1']],
    ['state="JOB_STATE_RUNNING"', ['1']],
    ['state!="JOB_STATE_FAILED" AND state!="JOB_STATE_PAUSED"', ['4', '1']],
    ['NOT state="JOB_STATE_FAILED"', ['4', '3', '1']],
    ['state="JOB_STATE_RUNNING" OR state="JOB_STATE_PENDING"', ['4', '1']],
    // OR binds closer than AND.
    ['state="JOB_STATE_RUNNING" OR state="JOB_STATE_PENDING" AND create_time>"2026-03-01T00:03:00Z"', ['4']],
    ['create_time>="2026-03-01T00:03:00Z"', ['4', '3']],
    ['create_time<"2026-03-01T01:03:00+01:00"', ['2', '1']],
    ['display_name:"churn-*"', ['2', '1']],
    ['labels.team=a', ['3']],
    ['labels.team:*', ['3']],
  ])('filters by %j, newest first', async (filter, ids) => {
    expect((await page({ filter })).ids).toEqual(ids);
  });

  it.each([
    'update_time>"2026-03-01T00:00:00Z"',
    'end_time>"2026-03-01T00:00:00Z"',
    'name="x"',
    'state>"JOB_STATE_RUNNING"',
    'state="JOB_STATE_RUNNIN"',
    'state:"JOB_STATE_*"',
    'create_time>"yesterday"',
    'state="JOB_STATE_RUNNING" state="JOB_STATE_FAILED"',
    '(state="JOB_STATE_RUNNING")',
    'AND state="JOB_STATE_RUNNING"',
    'labels.team!=a',
  ])('refuses the filter %j', async (filter) => {
    await expect(page({ filter })).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  });

  it('filters pipeline jobs by more, and tuning jobs, for which no filter is documented, by nothing', async () => {
    emulator.putJob({ name: `${PARENT}/pipelineJobs/p`, state: 'PIPELINE_STATE_RUNNING', updateTime: at(9) });
    const [found] = await pipelines.listPipelineJobs({ parent: PARENT, filter: 'update_time>"2026-03-01T00:08:00Z"' });
    expect(found).toHaveLength(1);
    const wrong = pipelines.listPipelineJobs({ parent: PARENT, filter: 'state="JOB_STATE_RUNNING"' });
    await expect(wrong).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
    const filtered = tuning.listTuningJobs({ parent: PARENT, filter: 'state="JOB_STATE_RUNNING"' });
    await expect(filtered).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  });

  it('has pages of at most a hundred, whatever is asked for, and tokens of one request only', async () => {
    const parent = 'projects/shop-ml/locations/asia-east1';
    for (let id = 1; id <= 205; id++) {
      emulator.putJob({ name: `${parent}/batchPredictionJobs/${id}`, state: 'JOB_STATE_RUNNING' });
    }
    const first = await page({ pageSize: 1000 }, parent);
    const second = await page({ pageSize: 1000, pageToken: first.next }, parent);
    const third = await page({ pageSize: 1000, pageToken: second.next }, parent);
    expect([first, second, third].map(({ ids }) => ids.length)).toEqual([100, 100, 5]);
    expect(third.next).toBe('');
    expect(new Set([...first.ids, ...second.ids, ...third.ids]).size).toBe(205);
    expect((await page({}, parent)).ids).toHaveLength(100);
    await expect(page({ pageToken: first.next, filter: 'state="JOB_STATE_FAILED"' }, parent)).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
    });
    await expect(page({ pageToken: 'nonsense' }, parent)).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  });

  it.each([
    ['cursor', ['6', '5', '4', '3', '2', '1']],
    // Two that ended on the first page let two slip onto it.
    ['offset', ['6', '5', '4', '1']],
  ] as const)('walks by %s while jobs end', async (paging, seen) => {
    const parent = `projects/7/locations/walk-${paging}`;
    const filter = 'state!="JOB_STATE_SUCCEEDED"';
    for (let id = 1; id <= 6; id++) {
      emulator.putJob({ name: `${parent}/batchPredictionJobs/${id}`, state: 'JOB_STATE_RUNNING', createTime: at(id) });
    }
    emulator.setPaging(paging);
    emulator.onPage(({ isFirst }) => {
      if (!isFirst) return;
      for (const id of ['6', '5']) {
        emulator.setState(`${parent}/batchPredictionJobs/${id}`, { state: 'JOB_STATE_SUCCEEDED' });
      }
    });
    const ids: string[] = [];
    for (let pageToken: string | undefined = ''; pageToken !== undefined; ) {
      const next: Awaited<ReturnType<typeof page>> = await page({ filter, pageToken, pageSize: 3 }, parent);
      ids.push(...next.ids);
      pageToken = next.next || undefined;
    }
    expect(ids).toEqual(seen);
    emulator.onPage(undefined);
    emulator.setPaging('cursor');
  });

  it('shows jobs as they were a while ago, when it is told to lag', async () => {
    const parent = 'projects/7/locations/lag';
    let now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
    try {
      emulator.putJob({ name: `${parent}/batchPredictionJobs/1`, state: 'JOB_STATE_RUNNING' });
      now += 150;
      emulator.setIndexLag(100);
      emulator.setState(`${parent}/batchPredictionJobs/1`, { state: 'JOB_STATE_SUCCEEDED' });
      emulator.putJob({ name: `${parent}/batchPredictionJobs/2`, state: 'JOB_STATE_RUNNING' });
      const filter = 'state="JOB_STATE_RUNNING"';
      expect((await page({ filter }, parent)).ids).toEqual(['1']);
      now += 150;
      expect((await page({ filter }, parent)).ids).toEqual(['2']);
    } finally {
      clock.mockRestore();
      emulator.setIndexLag(0);
    }
  });

  it('sends what read_mask asks for, and refuses what is no path', async () => {
    const [[found]] = await jobs.listBatchPredictionJobs({
      parent: PARENT,
      filter: 'display_name="fraud"',
      readMask: { paths: ['name', 'create_time'] },
    });
    expect(found).toMatchObject({ name: `${JOBS}/4`, displayName: '', state: 'JOB_STATE_UNSPECIFIED' });
    const wrong = page({ readMask: { paths: ['createTime'] } });
    await expect(wrong).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  });

  it('refuses LIST alone, with what it is told, until it is told otherwise', async () => {
    emulator.refuse(/^List/, { code: Code.PERMISSION_DENIED });
    await expect(page({})).rejects.toMatchObject({ code: Code.PERMISSION_DENIED });
    expect((await jobs.getBatchPredictionJob({ name: `${JOBS}/1` }))[0].state).toBe('JOB_STATE_RUNNING');
    emulator.refuse(/^List/, { code: Code.RESOURCE_EXHAUSTED, retryAfterMs: 1_500 });
    await expect(page({})).rejects.toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      statusDetails: [{ retryDelay: { seconds: expect.objectContaining({ low: 1 }), nanos: 500_000_000 } }],
    });
    emulator.refuse(/^List/, undefined);
    expect((await page({})).ids).toHaveLength(4);
  });

  it('keeps a quota for each project and location, and counts by method', async () => {
    const name = 'projects/7/locations/quota/customJobs/1';
    emulator.putJob({ name });
    const before = emulator.countOf('GetCustomJob');
    emulator.setQuota({ requests: 2, perMs: 60_000 });
    await jobs.getCustomJob({ name });
    await page({}, 'projects/7/locations/quota');
    await expect(jobs.getCustomJob({ name })).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
    expect((await page({})).ids).toHaveLength(4);
    emulator.setQuota(undefined);
    expect(emulator.countOf('GetCustomJob') - before).toBe(2);
  });
});
