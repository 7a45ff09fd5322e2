import { boundedStatus } from '../../../src/domain/bounded-status';
import type { HttpServiceConfig } from '../../../src/providers/http/config/http-config';
import { toJobStatus } from '../../../src/providers/http/job-status';
import { exampleService, fixture } from './an-example';

const openai = exampleService('openai');
const gemini = exampleService('gemini');
const replicate = exampleService('replicate');
const reports = exampleService('in-house');

const statusOf = (service: HttpServiceConfig, document: unknown) => toJobStatus(document, service).status;

describe('a batch of OpenAI', () => {
  const completed = fixture('openai-batch-completed');

  it('that is completed has all members', () => {
    expect(toJobStatus(completed, openai)).toEqual({
      status: {
        state: 'COMPLETED',
        provider_state: 'completed',
        reason: null,
        message: null,
        error: null,
        artifacts: [{ uri: 'https://api.openai.com/v1/files/file-out1/content', type: 'OPENAI_FILE' }],
        progress: { rows_total: 100, rows_completed: 100, failed: 0 },
        started_at: '2025-06-25T14:20:10.000Z',
        ended_at: '2025-06-25T15:10:10.000Z',
      },
      warnings: [],
    });
  });

  it.each([
    ['validating', {}, 'PENDING', null],
    ['in_progress', {}, 'RUNNING', null],
    ['finalizing', {}, 'RUNNING', null],
    ['cancelling', {}, 'RUNNING', null],
    ['failed', {}, 'FAILED', null],
    ['cancelled', {}, 'CANCELED', null],
    ['completed', { request_counts: { total: 2, completed: 1, failed: 1 } }, 'PARTIALLY_FAILED', null],
    ['completed', { request_counts: null }, 'COMPLETED', null],
    ['completed', { output_file_id: null, request_counts: { total: 2, completed: 0, failed: 2 } }, 'FAILED', null],
    ['expired', {}, 'PARTIALLY_FAILED', 'EXPIRED'],
    ['expired', { output_file_id: null }, 'FAILED', 'EXPIRED'],
  ])('%s with %j is %s, %s', (status, rest, state, reason) => {
    expect(statusOf(openai, { ...completed, status, ...rest })).toMatchObject({ state, reason });
  });

  it('that goes on has no artifacts and no end', () => {
    const running = statusOf(openai, { ...completed, status: 'finalizing' });
    expect(running).toMatchObject({ artifacts: [], ended_at: null, started_at: '2025-06-25T14:20:10.000Z' });
  });

  it('that failed validation has a reason', () => {
    const errors = { object: 'list', data: [{ code: 'invalid_json_line', message: 'Line 3', line: 3, param: null }] };
    expect(statusOf(openai, { ...completed, status: 'failed', output_file_id: null, errors })).toMatchObject({
      error: { code: 'invalid_json_line', message: 'Line 3' },
      message: 'Line 3',
      artifacts: [],
    });
  });
});

test('long texts of an answer are cut where those of every provider are, and say how much is missing', () => {
  const text = 'x'.repeat(9000);
  const service = { ...reports, reason: ['/why'], message: ['/note'], error: { code: [], message: ['/fault'] } };
  const cut = `${'x'.repeat(8192)} … (808 bytes more)`;
  expect(boundedStatus(statusOf(service, { why: text, note: text, fault: text }))).toMatchObject({
    reason: cut,
    message: cut,
    error: { message: cut },
  });
});

test('a batch of Gemini is read from its operation, including numbers in texts', () => {
  expect(statusOf(gemini, fixture('gemini-batch-succeeded'))).toEqual({
    state: 'PARTIALLY_FAILED',
    provider_state: 'BATCH_STATE_SUCCEEDED',
    reason: null,
    message: null,
    error: null,
    artifacts: [
      {
        uri: 'https://generativelanguage.googleapis.com/download/v1beta/files/batch-9g0hv3x1k7q2:download?alt=media',
        type: 'GEMINI_FILE',
      },
    ],
    progress: { rows_total: 10, rows_completed: 9, failed: 1 },
    started_at: '2026-01-02T03:04:05.678Z',
    ended_at: '2026-01-02T03:54:05.123Z',
  });
});

test.each([
  ['a state of its SDKs', { metadata: { state: 'JOB_STATE_SUCCEEDED' } }, 'COMPLETED'],
  ['a batch that is no operation', { state: 'BATCH_STATE_EXPIRED' }, 'FAILED'],
  [
    'failures under /state',
    { state: 'JOB_STATE_SUCCEEDED', batchStats: { failedRequestCount: '1' } },
    'PARTIALLY_FAILED',
  ],
  ['an operation with a response', { done: true, response: { responsesFile: 'files/x' } }, 'COMPLETED'],
  ['an operation with an error', { done: true, error: { code: 13, message: 'internal' } }, 'FAILED'],
])('a batch of Gemini is read from %s', (_, document, state) => {
  expect(toJobStatus(document, gemini)).toMatchObject({ status: { state }, warnings: [] });
});

test.each([
  [{ error: { code: 500, message: 'try later' } }, /no state at/],
  [{ metadata: { state: 'BATCH_STATE_NEW' } }, /unknown state BATCH_STATE_NEW/],
])('%j, which says no state that is known, ends nothing and is warned of', (document, warning) => {
  const { status, warnings } = toJobStatus(document, gemini);
  expect([status.state, warnings]).toEqual(['RUNNING', [expect.stringMatching(warning)]]);
});

describe('a prediction of Replicate', () => {
  const succeeded = fixture('replicate-prediction-succeeded');

  it('has an artifact for each file', () => {
    expect(statusOf(replicate, succeeded)).toMatchObject({
      state: 'COMPLETED',
      artifacts: [
        { uri: 'https://replicate.delivery/xezq/one/out-0.webp', type: 'REPLICATE_FILE' },
        { uri: 'https://replicate.delivery/xezq/two/out-1.webp', type: 'REPLICATE_FILE' },
      ],
    });
  });

  it.each([
    ['words', ['a ', 'harbour']],
    ['a data URI', 'data:image/png;base64,AAAA'],
    ['a URL without end', `https://a.example/${'x'.repeat(3000)}`],
    ['half a character', 'https://a.example/\ud800'],
  ])('that puts out %s has no artifacts, with a warning', (_name, output) => {
    const { status, warnings } = toJobStatus({ ...succeeded, output }, replicate);
    expect(status.artifacts).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^[12] outputs? omitted/)]);
  });

  it('counts the artifacts that are left out', () => {
    const output = ['https://a.example/1', `https://a.example/${'x'.repeat(3000)}`, 'https://a.example/2'];
    const { status, warnings } = toJobStatus({ ...succeeded, output }, replicate);
    expect(status).toMatchObject({ artifacts: [{ uri: output[0] }, { uri: output[2] }], artifacts_total: 3 });
    expect(warnings).toEqual([expect.stringMatching(/^1 output omitted/)]);
  });

  it('leaves the bound of their number to what holds for every provider', () => {
    const output = Array.from({ length: 203 }, (_, index) => `https://a.example/${index}`);
    const bounded = boundedStatus(toJobStatus({ ...succeeded, output }, replicate).status);
    expect(bounded.artifacts).toHaveLength(200);
    expect(bounded.artifacts_total).toBe(203);
  });

  it.each([
    [null, []],
    [{ file: 'https://a.example/x' }, []],
    [7, []],
  ])('with output %j has no artifacts and no warning', (output, artifacts) => {
    expect(toJobStatus({ ...succeeded, output }, replicate)).toMatchObject({ status: { artifacts }, warnings: [] });
  });

  it('that failed has a message, without a code', () => {
    const failed = { ...succeeded, status: 'failed', error: 'CUDA out of memory', output: null };
    expect(statusOf(replicate, failed)).toMatchObject({
      state: 'FAILED',
      error: { code: '', message: 'CUDA out of memory' },
      message: 'CUDA out of memory',
    });
  });
});

describe('a job of any service', () => {
  it.each([
    ['an unknown state', { job: { state: 'napping' } }, 'napping', 'unknown state napping'],
    ['the name of something inherited', { job: { state: 'constructor' } }, 'constructor', 'unknown state constructor'],
    ['no word', { job: {} }, '', 'no state at /job/state'],
    ['an object for a word', { job: { state: { of: 'mind' } } }, '', 'no state at /job/state'],
    ['a list', [], '', 'no state at /job/state'],
    ['null', null, '', 'no state at /job/state'],
  ])('with %s runs on, with a warning', (_name, document, word, warning) => {
    const { status, warnings } = toJobStatus(document, reports);
    expect(status).toMatchObject({ state: 'RUNNING', provider_state: word, ended_at: null });
    expect(warnings).toEqual([expect.stringContaining(warning)]);
  });

  it('reads booleans and numbers as states, and an absent state as ""', () => {
    const service = {
      ...reports,
      state: { at: ['/done'], map: { true: 'COMPLETED', '': 'RUNNING' } as const, rules: [] },
    };
    expect(toJobStatus({ done: true }, service)).toMatchObject({ status: { state: 'COMPLETED' }, warnings: [] });
    expect(toJobStatus({}, service)).toMatchObject({ status: { state: 'RUNNING' }, warnings: [] });
  });

  it('is judged by the first rule that holds', () => {
    const rule = { when: null, at: ['/x'], above: null, equals: null, present: null, reason: '' };
    const rules = [
      { ...rule, equals: 'true', state: 'CANCELED' },
      { ...rule, above: 5, state: 'PARTIALLY_FAILED', reason: 'MANY' },
      { ...rule, present: false, state: 'DELAYED' },
      { ...rule, when: 'w', at: [], state: 'QUEUED' },
    ] as const;
    const service = { ...reports, state: { at: ['/s'], map: { w: 'FAILED', v: 'COMPLETED' } as const, rules } };
    const stateOf = (document: unknown) => statusOf(service, document).state;
    expect(stateOf({ s: 'w', x: true })).toBe('CANCELED');
    expect(statusOf(service, { s: 'w', x: '6' })).toMatchObject({ state: 'PARTIALLY_FAILED', reason: 'MANY' });
    expect(stateOf({ s: 'w', x: 5 })).toBe('QUEUED');
    expect(stateOf({ s: 'v', x: 5 })).toBe('COMPLETED');
    expect(stateOf({ s: 'v' })).toBe('DELAYED');
    expect(stateOf({ s: 'v', x: null })).toBe('DELAYED');
  });

  it.each([
    ['2026-01-02T03:04:05+01:00', '2026-01-02T02:04:05.000Z'],
    [1_750_861_210, '2025-06-25T14:20:10.000Z'],
    [1_750_861_210.25, '2025-06-25T14:20:10.250Z'],
    [1_750_861_210_123, '2025-06-25T14:20:10.123Z'],
    ['1750861210', '2025-06-25T14:20:10.000Z'],
    [0, null],
    [1e300, null],
    ['yesterday', null],
    ['2026-02-30T00:00:00Z', null],
    [true, null],
  ])('that began at %j began at %s', (began, started_at) => {
    expect(statusOf(reports, { job: { state: 'busy', began } }).started_at).toBe(started_at);
  });

  it('has numbers for its progress, and none for what is none', () => {
    const rows = { ok: '90', bad: 'ten' };
    expect(statusOf(reports, { job: { state: 'busy', rows, percent: 90.5 } }).progress).toEqual({
      rows_completed: 90,
      percentage_completed: 90.5,
    });
    expect(statusOf(reports, { job: { state: 'busy' } }).progress).toBeNull();
  });
});
