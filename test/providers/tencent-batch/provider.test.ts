import { DEFAULTS } from '../../../src/config/defaults';
import {
  startTencentBatchEmulator,
  type TencentBatchEmulator,
} from '../../../src/dev/emulators/tencent-batch/emulator';
import type { Provider, ProviderOptions } from '../../../src/providers/provider';
import type { TencentBatchConfig } from '../../../src/providers/tencent-batch/config';
import { createTencentBatchProvider } from '../../../src/providers/tencent-batch/provider';
import { freePort } from '../../support/free-port';

const JOB = 'job-8hrvpkow';
const forever = () => new AbortController().signal;

let emulator: TencentBatchEmulator;
let provider: Provider;
const warnings: Parameters<ProviderOptions['warn']>[] = [];
const opened: Provider[] = [];

const configFor = (change: Partial<TencentBatchConfig> = {}): TencentBatchConfig => ({
  region: 'ap-guangzhou',
  endpoint: emulator.origin,
  ...emulator.keys,
  callbackToken: '',
  poll: { firstMs: 30_000, factor: 2, maxMs: 600_000, lostAfterMs: 600_000 },
  sweep: DEFAULTS.sweep,
  safetyMs: DEFAULTS.safetyMs,
  overdueAfterMs: null,
  track: { auto: false, endpoints: [], scopes: [], sinceMs: 0 },
  ...change,
});

function open(change: Partial<TencentBatchConfig> = {}, options: Partial<ProviderOptions> = {}): Provider {
  const created = createTencentBatchProvider(configFor(change), {
    warn: (...warning) => warnings.push(warning),
    ...options,
  });
  opened.push(created);
  return created;
}

beforeAll(async () => {
  emulator = await startTencentBatchEmulator();
});
beforeEach(() => {
  warnings.length = 0;
  emulator.putJob({ JobId: JOB, JobState: 'RUNNING', CreateTime: '2026-01-02T03:00:00Z' });
  provider = open();
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});
afterAll(() => emulator.close());

describe('asked how a job is', () => {
  test('answers as DescribeJob does, with a signature that is verified', async () => {
    emulator.setState(JOB, 'SUCCEED', { EndTime: '2026-01-02T04:00:00Z', TaskMetrics: { SucceedCount: 3 } });
    await expect(provider.getJobStatus(JOB, forever())).resolves.toMatchObject({
      state: 'COMPLETED',
      provider_state: 'SUCCEED',
      started_at: '2026-01-02T03:00:00Z',
      ended_at: '2026-01-02T04:00:00Z',
      progress: { percentage_completed: 100 },
      artifacts: [],
    });
    expect(emulator.calls.at(-1)).toMatchObject({ action: 'DescribeJob', job: JOB, region: 'ap-guangzhou' });
  });

  test('warns of a state that it does not know', async () => {
    emulator.setState(JOB, 'HIBERNATING');
    await expect(provider.getJobStatus(JOB, forever())).resolves.toMatchObject({ state: 'RUNNING' });
    expect(warnings).toEqual([[expect.stringContaining('HIBERNATING'), expect.objectContaining({ job: JOB })]]);
  });

  test('reports that a job is not found', async () => {
    await expect(provider.getJobStatus('job-00000001', forever())).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('ResourceNotFound.Job'),
    });
  });

  test.each<[string, string | number, string]>([
    ['a name that the API cannot read', 'InvalidParameter.JobIdMalformed', 'not_found'],
    ['a signature out of time', 'AuthFailure.SignatureExpire', 'permission_denied'],
    ['an operation that CAM forbids', 'UnauthorizedOperation.UserNotAllowedToUseBatch', 'permission_denied'],
    ['an operation that CAM forbids, in other words', 'AuthFailure.UnauthorizedOperation', 'permission_denied'],
    ['too many requests', 'RequestLimitExceeded', 'unavailable'],
    ['a quota', 'LimitExceeded.JobQuota', 'unavailable'],
    ['a fault of theirs', 'InternalError.CallTagAPI', 'unavailable'],
    ['a code that nobody has heard of', 'Surprise', 'unavailable'],
    ['an answer of a load balancer', 502, 'unavailable'],
    ['an answer that is not JSON', 200, 'unreadable'],
  ])('takes %s (%s) for %s', async (_what, code, ours) => {
    emulator.fail(JOB, code);
    await expect(provider.getJobStatus(JOB, forever())).rejects.toMatchObject({ name: 'ProviderError', code: ours });
  });

  test('reports a clock that is off', async () => {
    emulator.fail(JOB, 'AuthFailure.SignatureExpire');
    await expect(provider.getJobStatus(JOB, forever())).rejects.toThrow(/clock/);
  });

  test.each(['UnauthorizedOperation', 'AuthFailure.UnauthorizedOperation'])(
    'says what is to be allowed on %s',
    async (code) => {
      emulator.fail(JOB, code);
      await expect(provider.getJobStatus(JOB, forever())).rejects.toThrow(/Allow the action batch:DescribeJob/);
    },
  );

  test('reports a wrong key and what to do, without the key', async () => {
    const wrong = open({ secretKey: 'not-the-key' });
    const error = await wrong.getJobStatus(JOB, forever()).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'permission_denied', message: expect.stringContaining('secret_key') });
    expect(String((error as Error).message)).not.toContain('not-the-key');
  });

  test('reports a missing key, and calls nothing', async () => {
    const before = emulator.calls.length;
    await expect(open({ secretId: '' }).getJobStatus(JOB, forever())).rejects.toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('secret_id'),
    });
    expect(emulator.calls).toHaveLength(before);
  });

  test('reports the address that it could not connect to', async () => {
    const port = await freePort();
    await expect(open({ endpoint: `http://127.0.0.1:${port}` }).getJobStatus(JOB, forever())).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(new RegExp(`127.0.0.1:${port}.*ECONNREFUSED`)),
    });
  });

  test('waits no longer than its deadline', async () => {
    const release = emulator.hold(JOB);
    await expect(open({}, { deadlineMs: 50 }).getJobStatus(JOB, forever())).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('50 ms'),
    });
    release();
  });

  test("ends with the caller's reason when the caller gives up", async () => {
    const release = emulator.hold(JOB);
    const caller = new AbortController();
    const asked = provider.getJobStatus(JOB, caller.signal);
    caller.abort(new Error('no longer wanted'));
    await expect(asked).rejects.toThrow('no longer wanted');
    release();
  });
});

describe('asked to cancel a job', () => {
  test('has it terminated, which Tencent calls FAILED', async () => {
    await provider.cancelJob?.(JOB, forever());
    expect(emulator.calls.at(-1)).toMatchObject({ action: 'TerminateJob', job: JOB });
    await expect(provider.getJobStatus(JOB, forever())).resolves.toMatchObject({ state: 'FAILED' });
  });

  test('changes nothing of a job that has succeeded', async () => {
    emulator.setState(JOB, 'SUCCEED');
    await provider.cancelJob?.(JOB, forever());
    await expect(provider.getJobStatus(JOB, forever())).resolves.toMatchObject({ state: 'COMPLETED' });
  });

  test('is worth another try while the job is SUBMITTED', async () => {
    emulator.setState(JOB, 'SUBMITTED');
    await expect(provider.cancelJob?.(JOB, forever())).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('checked', () => {
  test('reports the host that it reached, and its permission', async () => {
    await expect(provider.check(forever())).resolves.toBe(
      `reached ${new URL(emulator.origin).host} and may describe jobs in ap-guangzhou`,
    );
  });

  test('fails with a wrong key', async () => {
    await expect(open({ secretKey: 'wrong' }).check(forever())).rejects.toMatchObject({ code: 'permission_denied' });
  });

  test('calls nothing where nothing is configured', async () => {
    const unused = open({ endpoint: '', secretId: '', secretKey: '' });
    await expect(unused.check(forever())).resolves.toContain('not configured');
  });
});

describe('the name of a job', () => {
  test.each(['job-8hrvpkow', ' job-8hrvpkow\n'])('%j is a JobId', (text) => {
    expect(provider.canonicalJobName(text)).toBe('job-8hrvpkow');
  });

  test.each(['', 'job-', 'JOB-8HRVPKOW', '8hrvpkow', 'task-8hrvpkow', 'job-8hrvpkow/1', 'job-8hrv pkow'])(
    '%j is none',
    (text) => {
      expect(() => provider.canonicalJobName(text)).toThrow(expect.objectContaining({ code: 'invalid_job_name' }));
    },
  );
});
