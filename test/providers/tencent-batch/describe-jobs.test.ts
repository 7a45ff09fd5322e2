import {
  startTencentBatchEmulator,
  type TencentBatchEmulator,
} from '../../../src/dev/emulators/tencent-batch/emulator';
import type { Provider } from '../../../src/providers/provider';
import { createTencentBatchProvider } from '../../../src/providers/tencent-batch/provider';
import type { ListRequest, Watching } from '../../../src/providers/watching';
import { configOf } from '../../config/faults-of';
import { eventually } from '../../support/eventually';
import { listedPages } from '../listed-pages';

const REGION = 'ap-guangzhou';
const forever = () => new AbortController().signal;

let emulator: TencentBatchEmulator;
let provider: Provider;
let watching: Watching;

beforeEach(async () => {
  emulator = await startTencentBatchEmulator();
  const { secretId, secretKey } = emulator.keys;
  const keys = `secret_id: ${secretId}, secret_key: ${secretKey}`;
  const { providers } = configOf(`providers: { tencent-batch: { endpoint: "${emulator.origin}", ${keys} } }`);
  provider = createTencentBatchProvider(providers['tencent-batch'], { warn: () => undefined });
  watching = provider.watching as Watching;
});
afterEach(async () => {
  await provider.close();
  await emulator.close();
});

const idOf = (index: number) => `job-${String(index).padStart(8, '0')}`;
const described = () => emulator.calls.filter(({ action }) => action === 'DescribeJobs').length;

const list = (request: Partial<ListRequest>) => listedPages(provider, { scope: REGION, tracked: [REGION], ...request });

describe('a batch of ids', () => {
  test('is one request for a hundred jobs, and says nothing of those that Tencent does not know', async () => {
    for (let index = 0; index < 99; index++) emulator.putJob({ JobId: idOf(index), JobState: 'RUNNING' });
    emulator.setState(idOf(7), 'SUCCEED', { EndTime: '2026-03-01T02:00:00Z', CreateTime: '2026-03-01T01:00:00Z' });
    const asked = Array.from({ length: 100 }, (_, index) => idOf(index));
    const answers = (await watching.batch?.ask(REGION, asked, forever())) ?? [];
    expect(answers).toHaveLength(99);
    expect(answers.find(({ key }) => key === idOf(7))).toEqual({
      key: idOf(7),
      job: idOf(7),
      state: 'COMPLETED',
      created_at: '2026-03-01T01:00:00Z',
      ended_at: '2026-03-01T02:00:00Z',
    });
    expect(emulator.calls.map(({ action, region }) => [action, region])).toEqual([['DescribeJobs', REGION]]);
    expect(watching.batch?.size).toBe(100);
  });

  test('keeps an unknown state open', async () => {
    emulator.putJob({ JobId: idOf(1), JobState: 'HIBERNATING' });
    await expect(watching.batch?.ask(REGION, [idOf(1)], forever())).resolves.toMatchObject([{ state: 'RUNNING' }]);
  });

  test('stays within the two requests a second that Tencent documents', async () => {
    emulator.limitDescribeJobs(2);
    emulator.putJob({ JobId: idOf(1), JobState: 'RUNNING' });
    // A request that is under way while the machine stands still comes close to the next: without a pace, they all do.
    await eventually('four in a row are answered', async () => {
      for (let index = 0; index < 4; index++) {
        await expect(watching.batch?.ask(REGION, [idOf(1)], forever())).resolves.toHaveLength(1);
      }
      return true;
    });
  });

  test('ends with the reason of its signal while it waits for its turn', async () => {
    await watching.batch?.ask(REGION, [idOf(1)], forever());
    const stop = new AbortController();
    const waiting = watching.batch?.ask(REGION, [idOf(1)], stop.signal);
    stop.abort(new Error('stopping'));
    await expect(waiting).rejects.toThrow('stopping');
    expect(described()).toBe(1);
  });

  test.each([
    ['RequestLimitExceeded', { code: 'unavailable', retryAfterMs: 1_000 }],
    [
      'UnauthorizedOperation',
      { code: 'permission_denied', message: expect.stringContaining('Allow the action batch:DescribeJobs') },
    ],
    ['InternalError', { code: 'unavailable', retryAfterMs: undefined }],
  ])('is refused with %s', async (code, error) => {
    emulator.fail('DescribeJobs', code);
    await expect(watching.batch?.ask(REGION, [idOf(1)], forever())).rejects.toMatchObject(error);
  });
});

describe('the list of a region', () => {
  test('has the open jobs, in pages of a hundred', async () => {
    for (let index = 0; index < 130; index++) emulator.putJob({ JobId: idOf(index), JobState: 'RUNNING' });
    emulator.putJob({ JobId: 'JOB_OF_ANOTHER_KIND', JobState: 'RUNNING' }); // is left out, and ends no page
    emulator.setState(idOf(5), 'FAILED');
    emulator.setState(idOf(6), 'RUNNABLE');
    const pages = await list({});
    expect(pages.map(({ length }) => length)).toEqual([99, 30]);
    expect(pages.flat().find(({ key }) => key === idOf(5))).toBeUndefined();
    expect(pages.flat().find(({ key }) => key === idOf(6))?.state).toBe('QUEUED');
  });

  test('has the jobs that were created since, ended or not, and reads no further back', async () => {
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
    for (let index = 0; index < 250; index++) {
      emulator.putJob({ JobId: idOf(index), JobState: 'SUCCEED', CreateTime: hoursAgo(250 - index) });
    }
    emulator.putJob({ JobId: 'job-open', JobState: 'RUNNING' });
    const pages = await list({ createdSince: Date.now() - 3 * 3_600_000 });
    expect(pages).toHaveLength(2);
    expect(pages.flat().map(({ key }) => key)).toEqual(
      expect.arrayContaining(['job-open', idOf(249), idOf(248), idOf(247)]),
    );
    expect(described()).toBe(2);
  });
});

describe('a scope of Tencent Batch', () => {
  test('is the region, and its jobs have the key of their id', () => {
    expect(watching.scopeOf(idOf(1))).toBe(REGION);
    expect(watching.scopeOf(`${REGION}/`)).toBe(REGION);
    expect(watching.namePrefix(REGION)).toBe('');
    expect(watching.keyOf(idOf(1))).toBe(idOf(1));
  });
});

test('a check tries DescribeJobs, by which jobs are watched', async () => {
  await expect(provider.check(forever())).resolves.toContain('may describe jobs in ap-guangzhou');
  emulator.fail('DescribeJobs', 'UnauthorizedOperation');
  await expect(provider.check(forever())).rejects.toMatchObject({
    message: expect.stringContaining('Allow the action batch:DescribeJobs'),
  });
});
