import { version } from '../../../package.json';
import type { JobEvent } from '../../../src/domain/event';
import { NOT_ASKED_YET } from '../../../src/domain/job-run';
import type { JobStatus } from '../../../src/domain/job-status';
import { render } from '../../../src/formats/render';
import { spec001Faults } from '../../../src/providers/spec-001/faults';
import { statusOfReport } from '../../../src/providers/spec-001/status-report';
import { RESULTS } from '../../support/spec-001-messages';

const JOB = 'f0f1a8b2-72d5-4b4e-a7c3-1c8a5b6a4d3e';
const source = { application: 'herald', environment_type: 'staging' };

function event(
  provider: string,
  job: string,
  status: Partial<JobStatus>,
  more: Partial<JobEvent['data']> = {},
): JobEvent {
  const id = '0d1c0a3e-5f4b-5c6d-8e7f-000000000001';
  const { native = null, ...told } = { ...NOT_ASKED_YET, state: 'COMPLETED' as const, ...status };
  const data = {
    provider,
    job,
    ...told,
    sequence: 3,
    correlation_id: null,
    idempotency_key: id,
    metadata: {},
    labels: {},
  };
  return {
    id,
    type: 'job.succeeded',
    timestamp: '2026-03-04T05:06:07.000Z',
    workflow_id: `${provider}/${job}`,
    origin: null,
    native,
    data: { ...data, ...more },
  };
}

function told(of: JobEvent) {
  const message = render(of, { format: 'spec-001', source });
  const body = JSON.parse(message.body);
  expect(spec001Faults(body)).toEqual([]);
  return { message, body };
}

describe('the spec-001 format', () => {
  it('passes through what a job has reported by SPEC-001', () => {
    const data = {
      notification_type: 'STATUS',
      status: 'COMPLETED',
      description: 'Forecast',
      message: 'done',
      progress: { percentage_completed: 100, rows_completed: 7 },
      results: RESULTS,
      job_metadata: { run: 9 },
      batch_process: { application_id: 'a', batch_process_id: 'b', batch_process_version: { major: 1, build: 'x' } },
    };
    const status = statusOfReport(data, NOT_ASKED_YET) as JobStatus;
    const { message, body } = told(event('spec-001', JOB, status, { correlation_id: JOB }));

    expect(body).toEqual({
      meta: {
        idempotency_key: message.id,
        correlation_id: JOB,
        source: { application: 'herald', version, environment_type: 'staging' },
        version: '1.1.0',
      },
      data,
    });
    expect(message.broker).toMatchObject({ key: JOB, correlation_id: JOB });
  });

  it('puts the output of another provider into job_metadata, because the schema has no such results', () => {
    const artifacts = [{ uri: 'gs://bucket/out', type: 'GCS_DIRECTORY' }];
    const { body } = told(event('vertex-ai', 'projects/1/x', { artifacts, provider_state: 'JOB_STATE_SUCCEEDED' }));
    expect(body.data).toMatchObject({ status: 'COMPLETED', job_metadata: { artifacts, provider: 'vertex-ai' } });
    expect(body.data).not.toHaveProperty('results');
  });

  it('turns a correlation id that is not a UUID into one, the same each time', () => {
    const of = (correlation_id: string | null) =>
      told(event('vertex-ai', 'projects/1/x', {}, { correlation_id })).body.meta.correlation_id;
    expect(of('order 7')).toBe('e49709c6-cc8c-58a2-95dc-b9cdb8164b83');
    expect(of(null)).not.toBe(of('order 7'));
    expect(of(JOB.toUpperCase())).toBe(JOB.toUpperCase());
  });

  it('computes the percentage of rows, and omits fractions of a row', () => {
    const of = (progress: JobStatus['progress']) => told(event('vertex-ai', 'j', { progress })).body.data.progress;
    expect(of({ rows_completed: 1, rows_total: 4 })).toEqual({
      percentage_completed: 25,
      rows_completed: 1,
      rows_total: 4,
    });
    expect(of({ percentage_completed: 1, rows_ignored: 0.5 })).toEqual({ percentage_completed: 1 });
    expect(of({ rows_completed: 1 })).toBeUndefined();
    expect(of(null)).toBeUndefined();
  });

  it('has the reason of a job that missed its heartbeats', () => {
    const native = { notification_type: 'STATUS', status: 'RUNNING', job_metadata: { run: 9 } };
    const { body } = told(
      event('spec-001', JOB, { state: 'FAILED', reason: 'STALLED', message: 'no heartbeat', native }),
    );
    expect(body.data).toMatchObject({
      status: 'FAILED',
      message: 'no heartbeat',
      job_metadata: { run: 9, reason: 'STALLED' },
    });
  });

  it('stays valid whatever a sender has reported', () => {
    const native = {
      description: 1,
      results: [{ type: 'GCS' }],
      job_metadata: [],
      batch_process: { application_id: 1 },
    };
    const { body } = told(event('spec-001', JOB, { native }));
    expect(body.data).toEqual({ notification_type: 'STATUS', status: 'COMPLETED', results: [] });
  });
});
