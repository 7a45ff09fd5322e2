import { columns, plain } from '../../src/cli/cli-io';
import { listReport } from '../../src/cli/commands/list';
import { jobReport } from '../../src/cli/job-report';
import { aDelivery, aJob } from '../support/a-job';

const NOW = new Date('2026-01-02T04:00:00Z');

describe('a job as the CLI shows it', () => {
  it('is its facts, its deliveries and its link', () => {
    const job = aJob({
      state: 'PARTIALLY_FAILED',
      provider_state: 'JOB_STATE_SUCCEEDED',
      outcome: 'PARTIALLY_FAILED',
      phase: 'notifying',
      completed_by: 'signal',
      artifacts: [{ uri: 'gs://bucket/out', type: 'GCS_DIRECTORY' }],
      error: { code: 3, message: 'two rows failed' },
      ended_at: '2026-01-02T03:59:00Z',
      deliveries: [
        aDelivery(),
        aDelivery({
          endpoint: 'audit',
          state: 'pending',
          attempt_count: 2,
          attempts: [
            {
              number: 2,
              time: '2026-01-02T03:59:30.000Z',
              status: 503,
              error: 'HTTP 503',
              duration_ms: 7.6,
              next_attempt: '2026-01-02T04:01:30.000Z',
            },
          ],
        }),
        aDelivery({ endpoint: 'third', state: 'gone', reason: 'HTTP 410', attempts: [], attempt_count: 0 }),
      ],
    });
    expect(jobReport(job, NOW)).toBe(
      `
vertex-ai projects/123/locations/us-central1/batchPredictionJobs/456

state   PARTIALLY_FAILED (JOB_STATE_SUCCEEDED)
phase   notifying, completed by signal
error   3: two rows failed
output  gs://bucket/out
ended   2026-01-02T03:59:00Z
key     130fa4f1-d746-5352-8c74-04c4cfa1e8fd
web ui  http://127.0.0.1:8233/namespaces/default/workflows/w/r/history

endpoint  event          delivery         attempts  last attempt                               next attempt
orders    job.succeeded  delivered        1         2026-01-02T04:00:01.000Z HTTP 204 (12 ms)  -
audit     job.succeeded  pending          2         2026-01-02T03:59:30.000Z HTTP 503 (8 ms)   2026-01-02T04:01:30.000Z (in 90s)
third     job.succeeded  gone (HTTP 410)  0         -                                          -
`.trim(),
    );
  });

  it('says "now" of an attempt that is due', () => {
    const attempt = { number: 1, time: 't', error: 'x', duration_ms: 1, next_attempt: '2026-01-02T03:00:00.000Z' };
    const job = aJob({ deliveries: [aDelivery({ state: 'pending', attempts: [attempt] })] });
    expect(jobReport(job, NOW)).toContain('2026-01-02T03:00:00.000Z (now)');
  });

  it('shows no control characters of a provider or a receiver', () => {
    const evil = '\u001b[2J\u001b]0;title\u0007 line\r\nnext \u202eright';
    const report = jobReport(aJob({ message: evil, error: { code: evil, message: evil }, warnings: [evil] }), NOW);
    expect(report.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(report).toContain('line next right');
  });
});

describe('a list as the CLI shows it', () => {
  const summary = {
    ...aJob({ state: 'COMPLETED', phase: 'done', ended_at: '2026-01-02T04:00:00Z' }),
    started_at: '2026-01-02T03:00:00Z',
    delivery_states: ['delivered', 'exhausted'],
  };

  it('is a table, and how to get on', () => {
    expect(listReport({ jobs: [summary], next_cursor: 'abc' })).toBe(
      `
state      phase  deliveries           ended                 job
COMPLETED  done   delivered,exhausted  2026-01-02T04:00:00Z  vertex-ai projects/123/locations/us-central1/batchPredictionJobs/456

more with: --cursor abc
`.trim(),
    );
  });

  it('ends on the last page', () => {
    expect(listReport({ jobs: [summary], next_cursor: null })).not.toContain('cursor');
    expect(listReport({ jobs: [], next_cursor: null })).toBe('no jobs');
  });
});

describe('columns', () => {
  it('are as wide as their widest cell, and end without spaces', () => {
    expect(
      columns([
        ['a', 'bb', 'c'],
        ['aaa', '', ''],
        ['', 'b', 'cc'],
      ]),
    ).toBe('a    bb  c\naaa\n     b   cc');
  });
});

describe('plain', () => {
  it('leaves letters of every script as they are', () => {
    expect(plain('Größe ☃ 作業')).toBe('Größe ☃ 作業');
  });
});
