import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobResource } from '../../../src/providers/vertex-ai/job-resource';
import { type ReadStatus, toJobStatus } from '../../../src/providers/vertex-ai/job-status';

const fixture = (name: string): JobResource =>
  JSON.parse(readFileSync(join(__dirname, '../../fixtures/vertex-ai', `${name}.json`), 'utf8'));
const read = (job: JobResource): ReadStatus['status'] => toJobStatus(job).status;

describe('the state of a Vertex AI job', () => {
  it.each([
    ['JOB_STATE_UNSPECIFIED', 'PENDING'],
    ['JOB_STATE_QUEUED', 'QUEUED'],
    ['JOB_STATE_PENDING', 'PENDING'],
    ['JOB_STATE_RUNNING', 'RUNNING'],
    ['JOB_STATE_SUCCEEDED', 'COMPLETED'],
    ['JOB_STATE_FAILED', 'FAILED'],
    ['JOB_STATE_CANCELLING', 'RUNNING'],
    ['JOB_STATE_CANCELLED', 'CANCELED'],
    ['JOB_STATE_PAUSED', 'DELAYED'],
    ['JOB_STATE_EXPIRED', 'FAILED'],
    ['JOB_STATE_UPDATING', 'RUNNING'],
    ['JOB_STATE_PARTIALLY_SUCCEEDED', 'PARTIALLY_FAILED'],
    ['PIPELINE_STATE_UNSPECIFIED', 'PENDING'],
    ['PIPELINE_STATE_QUEUED', 'QUEUED'],
    ['PIPELINE_STATE_PENDING', 'PENDING'],
    ['PIPELINE_STATE_RUNNING', 'RUNNING'],
    ['PIPELINE_STATE_SUCCEEDED', 'COMPLETED'],
    ['PIPELINE_STATE_FAILED', 'FAILED'],
    ['PIPELINE_STATE_CANCELLING', 'RUNNING'],
    ['PIPELINE_STATE_CANCELLED', 'CANCELED'],
    ['PIPELINE_STATE_PAUSED', 'DELAYED'],
  ])('%s is %s', (provider_state, state) => {
    expect(toJobStatus({ state: provider_state })).toEqual({
      status: expect.objectContaining({ state, provider_state }),
    });
  });

  it.each([
    [99, '99'],
    ['JOB_STATE_HIBERNATING', 'JOB_STATE_HIBERNATING'],
  ])('that is unknown (%s) is running, with a warning', (state, provider_state) => {
    expect(toJobStatus({ state })).toEqual({
      status: expect.objectContaining({ state: 'RUNNING', provider_state }),
      warning: expect.stringContaining(provider_state),
    });
  });

  it('is failed with reason EXPIRED when the job expired', () => {
    expect(read({ state: 'JOB_STATE_EXPIRED' })).toMatchObject({ state: 'FAILED', reason: 'EXPIRED' });
  });

  it('is partially failed when a success has failed items or partial failures', () => {
    expect(read(fixture('batch-prediction-succeeded-with-failed-items'))).toMatchObject({
      state: 'PARTIALLY_FAILED',
      provider_state: 'JOB_STATE_SUCCEEDED',
      message: '10 items failed; partial failures: 1, the first: gs://churn-input/customers.jsonl line 7: no JSON',
      error: null,
    });
    expect(read({ state: 'JOB_STATE_SUCCEEDED', completionStats: { failedCount: '1' } }).state).toBe(
      'PARTIALLY_FAILED',
    );
    expect(read({ state: 'JOB_STATE_SUCCEEDED', partialFailures: [{ code: 5 }] }).state).toBe('PARTIALLY_FAILED');
  });

  it('stays canceled and failed when there are failed items too', () => {
    const completionStats = { failedCount: '3' };
    expect(read({ state: 'JOB_STATE_CANCELLED', completionStats }).state).toBe('CANCELED');
    expect(read({ state: 'JOB_STATE_FAILED', completionStats }).state).toBe('FAILED');
  });
});

describe('the status of a Vertex AI job', () => {
  it('carries the error with its number', () => {
    expect(read(fixture('batch-prediction-failed'))).toEqual({
      state: 'FAILED',
      provider_state: 'JOB_STATE_FAILED',
      reason: null,
      message: 'The quota for batch prediction workers is used up.',
      error: { code: 8, message: 'The quota for batch prediction workers is used up.' },
      artifacts: [],
      progress: { rows_completed: 0, successful_count: 0, failed_count: 0 },
      started_at: '2026-03-01T01:04:10Z',
      ended_at: '2026-03-01T02:10:02Z',
    });
  });

  it('has no error where gRPC sends an empty one', () => {
    expect(read({ state: 'JOB_STATE_RUNNING', error: { code: 0, message: '' } }).error).toBeNull();
  });

  it('counts int64 text as numbers', () => {
    expect(read(fixture('batch-prediction-succeeded-gcs')).progress).toEqual({
      percentage_completed: 100,
      rows_completed: 25_000,
      rows_total: 25_000,
      successful_count: 25_000,
      failed_count: 0,
      incomplete_count: 0,
    });
    const completionStats = {
      successfulCount: '1',
      failedCount: '1',
      incompleteCount: '1',
      successfulForecastPointCount: '9',
    };
    expect(read({ state: 'JOB_STATE_RUNNING', completionStats }).progress).toEqual({
      percentage_completed: 66.67,
      rows_completed: 1,
      rows_total: 3,
      successful_count: 1,
      failed_count: 1,
      incomplete_count: 1,
      successful_forecast_point_count: 9,
    });
  });

  it('has no progress where the job has none, and no percentage of nothing', () => {
    expect(read(fixture('batch-prediction-running')).progress).toBeNull();
    expect(read({ state: 'JOB_STATE_SUCCEEDED', completionStats: {} }).progress).not.toHaveProperty(
      'percentage_completed',
    );
  });

  it.each([
    [{ seconds: '1772327410', nanos: 0 }, '2026-03-01T01:10:10Z'],
    [{ seconds: '1772327410', nanos: 123_000_000 }, '2026-03-01T01:10:10.123Z'],
    [{ seconds: '1772327410', nanos: 123_456_000 }, '2026-03-01T01:10:10.123456Z'],
    [{ seconds: 1_772_327_410, nanos: 1 }, '2026-03-01T01:10:10.000000001Z'],
    ['2026-03-01T01:10:10.123456Z', '2026-03-01T01:10:10.123456Z'],
    [null, null],
  ])('writes the time %j as %s', (endTime, ended_at) => {
    expect(read({ state: 'JOB_STATE_SUCCEEDED', endTime }).ended_at).toBe(ended_at);
  });
});

describe('the artifacts of a Vertex AI job', () => {
  const of = (job: JobResource) => read({ state: 'JOB_STATE_SUCCEEDED', ...job }).artifacts;
  const dataset = 'bq://shop-analytics.churn';

  it('are the Cloud Storage directory as it is', () => {
    expect(of(fixture('batch-prediction-succeeded-gcs'))).toEqual([
      { uri: 'gs://churn-output/prediction-churn-2026_03_01T01_00_00_123Z', type: 'GCS_DIRECTORY' },
    ]);
  });

  it.each([
    [
      { bigqueryOutputDataset: dataset, bigqueryOutputTable: 'predictions_1' },
      `${dataset}.predictions_1`,
      'BIGQUERY_TABLE',
    ],
    [
      { bigqueryOutputDataset: dataset, bigqueryOutputTable: `${dataset}.predictions_1` },
      `${dataset}.predictions_1`,
      'BIGQUERY_TABLE',
    ],
    [
      { bigqueryOutputDataset: '', bigqueryOutputTable: 'shop-analytics.churn.predictions_1' },
      `${dataset}.predictions_1`,
      'BIGQUERY_TABLE',
    ],
    [{ bigqueryOutputDataset: 'shop-analytics.churn', bigqueryOutputTable: '' }, dataset, 'BIGQUERY_DATASET'],
    [{ bigqueryOutputDataset: dataset }, dataset, 'BIGQUERY_DATASET'],
    [
      { vertexMultimodalDatasetName: 'projects/1/locations/us-central1/datasets/2' },
      'projects/1/locations/us-central1/datasets/2',
      'VERTEX_DATASET',
    ],
  ])('of %j are %s', (outputInfo, uri, type) => {
    expect(of({ outputInfo })).toEqual([{ uri, type }]);
  });

  it.each<[string, JobResource, readonly object[]]>([
    [
      'a tuning job',
      { tunedModel: { model: 'projects/1/locations/l/models/2', endpoint: 'projects/1/locations/l/endpoints/3' } },
      [
        { uri: 'projects/1/locations/l/models/2', type: 'VERTEX_MODEL' },
        { uri: 'projects/1/locations/l/endpoints/3', type: 'VERTEX_ENDPOINT' },
      ],
    ],
    [
      'a training pipeline',
      { modelToUpload: { name: 'projects/1/locations/l/models/2' } },
      [{ uri: 'projects/1/locations/l/models/2', type: 'VERTEX_MODEL' }],
    ],
    [
      'a custom job',
      { jobSpec: { baseOutputDirectory: { outputUriPrefix: 'gs://b/out' } } },
      [{ uri: 'gs://b/out', type: 'GCS_DIRECTORY' }],
    ],
    [
      'a hyperparameter tuning job',
      { trialJobSpec: { baseOutputDirectory: { outputUriPrefix: 'gs://b/trials' } } },
      [{ uri: 'gs://b/trials', type: 'GCS_DIRECTORY' }],
    ],
    [
      'a pipeline job',
      { runtimeConfig: { gcsOutputDirectory: 'gs://b/root' } },
      [{ uri: 'gs://b/root', type: 'GCS_DIRECTORY' }],
    ],
  ])('of %s are what it made', (_kind, job, artifacts) => {
    expect(of(job)).toEqual(artifacts);
  });

  it('are none where the job has none, whatever gRPC fills in', () => {
    expect(of({})).toEqual([]);
    expect(
      of({ outputInfo: null, tunedModel: null, modelToUpload: { name: '' }, jobSpec: { baseOutputDirectory: null } }),
    ).toEqual([]);
    expect(of({ outputInfo: { gcsOutputDirectory: '', bigqueryOutputTable: 'predictions_1' } })).toEqual([]);
  });

  it('do not include the requested directory of a failed job', () => {
    const job: JobResource = {
      state: 'JOB_STATE_FAILED',
      jobSpec: { baseOutputDirectory: { outputUriPrefix: 'gs://b/out' } },
    };
    expect(read(job).artifacts).toEqual([]);
  });
});
