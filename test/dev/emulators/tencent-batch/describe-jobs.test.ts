import {
  startTencentBatchEmulator,
  type TencentBatchEmulator,
} from '../../../../src/dev/emulators/tencent-batch/emulator';
import { createBatchApi } from '../../../../src/providers/tencent-batch/call-api';
import { configOf } from '../../../config/faults-of';

let emulator: TencentBatchEmulator;
beforeAll(async () => {
  emulator = await startTencentBatchEmulator();
  for (let index = 0; index < 150; index++) {
    emulator.putJob({ JobId: `job-${index}`, JobState: index % 2 ? 'RUNNING' : 'SUCCEED', StateReason: 'secret' });
  }
});
afterAll(() => emulator.close());

async function describeJobs(parameters: object): Promise<{ readonly TotalCount: number; readonly JobSet: unknown[] }> {
  const { secretId, secretKey } = emulator.keys;
  const section = `{ endpoint: "${emulator.origin}", secret_id: ${secretId}, secret_key: ${secretKey} }`;
  const api = createBatchApi(configOf(`providers: { tencent-batch: ${section} }`).providers['tencent-batch'], 5_000);
  try {
    const signal = new AbortController().signal;
    return (await api.call('DescribeJobs', 'jobs', signal, parameters)) as never;
  } finally {
    await api.close();
  }
}

const running = [{ Name: 'job-state', Values: ['RUNNING'] }];

describe('DescribeJobs of the Tencent Batch emulator', () => {
  test('has 20 jobs where the request names no limit, the newest first', async () => {
    const { TotalCount, JobSet } = await describeJobs({});
    expect([TotalCount, JobSet.length]).toEqual([150, 20]);
    expect(JobSet[0]).toMatchObject({ JobId: 'job-149', JobState: 'RUNNING', EndTime: null });
    expect(JobSet[0]).not.toHaveProperty('StateReason');
  });

  test('has those of the filters, page by page', async () => {
    const first = await describeJobs({ Filters: running, Limit: 50 });
    const second = await describeJobs({ Filters: running, Limit: 50, Offset: 50 });
    expect([first.TotalCount, first.JobSet.length, second.JobSet.length]).toEqual([75, 50, 25]);
  });

  test('has those of the ids that there are', async () => {
    await expect(describeJobs({ JobIds: ['job-1', 'job-999'] })).resolves.toMatchObject({ TotalCount: 1 });
  });

  test.each<[string, object, string]>([
    ['ids and filters', { JobIds: ['job-1'], Filters: running }, 'InvalidParameterCombination'],
    ['more than a hundred ids', { JobIds: Array.from({ length: 101 }, (_, n) => `job-${n}`) }, 'InvalidParameterValue'],
    ['a page of more than a hundred', { Limit: 101 }, 'InvalidParameterValue'],
    ['a filter that there is none of', { Filters: [{ Name: 'create-time', Values: ['x'] }] }, 'InvalidFilter'],
  ])('refuses %s', async (_, parameters, code) => {
    await expect(describeJobs(parameters)).rejects.toThrow(code);
  });

  test('refuses what is beyond its limit', async () => {
    emulator.limitDescribeJobs(1);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    // Both at once: one after the other may be a second apart, on a machine that stands still.
    const answers = await Promise.allSettled([describeJobs({}), describeJobs({})]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = answers.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(String(refused.reason)).toContain('RequestLimitExceeded');
    emulator.limitDescribeJobs(0);
  });
});
