import type { JobEvent } from '../../../src/domain/event';
import { NOT_ASKED_YET } from '../../../src/domain/job-run';
import { renderVertexAi } from '../../../src/providers/vertex-ai/format';

const event = (data: Partial<JobEvent['data']>): JobEvent => ({
  id: '5f2e5b0c-6d6d-5b4e-9c86-0f0f5d4f7f10',
  type: 'job.succeeded',
  timestamp: '2026-03-01T02:10:02Z',
  workflow_id: 'vertex-ai/a-job',
  origin: null,
  native: null,
  data: {
    provider: 'vertex-ai',
    job: 'projects/482013377105/locations/europe-west4/batchPredictionJobs/3190772846511423488',
    ...NOT_ASKED_YET,
    state: 'COMPLETED',
    provider_state: 'JOB_STATE_SUCCEEDED',
    sequence: 1,
    correlation_id: null,
    idempotency_key: '5f2e5b0c-6d6d-5b4e-9c86-0f0f5d4f7f10',
    metadata: {},
    labels: {},
    ...data,
  },
});

describe('the vertex-ai format', () => {
  it('is exactly jobId, finalState and outputLocation, in this order', () => {
    const artifacts = [
      { uri: 'gs://churn-output/1', type: 'GCS_DIRECTORY' },
      { uri: 'gs://churn-output/2', type: 'GCS_DIRECTORY' },
    ];
    expect(renderVertexAi(event({ artifacts }))).toEqual({
      content_type: 'application/json',
      headers: {},
      body: '{"jobId":"3190772846511423488","finalState":"JOB_STATE_SUCCEEDED","outputLocation":"gs://churn-output/1"}',
    });
  });

  it("has null where there is no output, and the provider's own state for a partial failure", () => {
    const { body } = renderVertexAi(event({ state: 'PARTIALLY_FAILED' }));
    expect(body).toBe('{"jobId":"3190772846511423488","finalState":"JOB_STATE_SUCCEEDED","outputLocation":null}');
  });
});
