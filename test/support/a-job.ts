import type { Job, JobDelivery } from '../../schemas/types';

/** A job as the API shows it, with what a test says of it. */
export function aJob(more: Partial<Job> = {}): Job {
  return {
    provider: 'vertex-ai',
    job: 'projects/123/locations/us-central1/batchPredictionJobs/456',
    workflow_id: 'vertex-ai/projects/123/locations/us-central1/batchPredictionJobs/456',
    run_id: '0199a1b2-0000-7000-8000-000000000000',
    idempotency_key: '130fa4f1-d746-5352-8c74-04c4cfa1e8fd',
    correlation_id: null,
    state: 'PENDING',
    provider_state: null,
    phase: 'waiting',
    outcome: null,
    reason: null,
    message: null,
    error: null,
    artifacts: [],
    progress: null,
    started_at: null,
    ended_at: null,
    completed_by: null,
    endpoints: [],
    deliveries: [],
    deliveries_settled: { delivered: 0, gone: 0, exhausted: 0 },
    redeliveries: [],
    labels: {},
    notices: {
      query: "WorkflowType = 'notice' AND WorkflowId STARTS_WITH 'notice/130fa4f1-d746-5352-8c74-04c4cfa1e8fd/'",
    },
    links: { web_ui: 'http://127.0.0.1:8233/namespaces/default/workflows/w/r/history' },
    ...more,
  };
}

export function aDelivery(more: Partial<JobDelivery> = {}): JobDelivery {
  return {
    id: 'orders/5f2d9d7e-7b9a-5c43-8d0e-2f0a4a2b9c11',
    endpoint: 'orders',
    event: 'job.succeeded',
    webhook_id: '5f2d9d7e-7b9a-5c43-8d0e-2f0a4a2b9c11',
    state: 'delivered',
    attempts: [{ number: 1, time: '2026-01-02T04:00:01.000Z', status: 204, duration_ms: 12.4 }],
    attempt_count: 1,
    ...more,
  };
}
