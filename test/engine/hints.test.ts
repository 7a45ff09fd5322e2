import { randomUUID } from 'node:crypto';
import { createEngine } from '../../src/engine';
import { resultOf } from '../../src/providers/take-hint';
import { aSubmission, type EngineWithoutWorker, engineWithoutWorker, refusal } from '../support/engine-without-worker';
import { eventually } from '../support/eventually';
import { scriptedProvider } from '../support/scripted-provider';
import { testConfig } from '../support/test-config';

let engine: EngineWithoutWorker;

beforeAll(async () => {
  engine = await engineWithoutWorker();
});
afterAll(() => engine.close());

const signalsOf = async (job: string): Promise<string[]> => {
  const history = await engine.client.workflow.getHandle(`scripted/${job}`).fetchHistory();
  return (history.events ?? []).flatMap(
    ({ workflowExecutionSignaledEventAttributes: signaled }) => signaled?.signalName ?? [],
  );
};

describe('complete and heartbeat, straight to Temporal with no worker up', () => {
  it('put the hint into the history before they resolve', async () => {
    const { job } = await engine.jobs.submit(aSubmission());
    await engine.jobs.complete('scripted', job.job, { state: 'COMPLETED' });
    await engine.jobs.heartbeat('scripted', job.job, { heartbeat_deadline_seconds: 60 });
    expect(await signalsOf(job.job)).toEqual(['completion', 'heartbeat']);
  });

  it('enter the history once with the same key, and each time without one', async () => {
    const { job } = await engine.jobs.submit(aSubmission());
    for (let i = 0; i < 3; i++) await engine.jobs.complete('scripted', job.job, { idempotency_key: 'same' });
    for (let i = 0; i < 3; i++) {
      await engine.jobs.heartbeat('scripted', job.job, { idempotency_key: 'same', heartbeat_deadline_seconds: 60 });
    }
    expect(await signalsOf(job.job)).toEqual(['completion', 'heartbeat']);
    await engine.jobs.complete('scripted', job.job);
    await engine.jobs.complete('scripted', job.job);
    expect(await signalsOf(job.job)).toEqual(['completion', 'heartbeat', 'completion', 'completion']);
  });

  it('do not know a job that was never submitted', async () => {
    expect((await refusal(engine.jobs.complete('scripted', 'never'))).code).toBe('job_not_found');
    const heartbeat = engine.jobs.heartbeat('scripted', 'never', { heartbeat_deadline_seconds: 1 });
    expect((await refusal(heartbeat)).code).toBe('job_not_found');
    expect((await refusal(engine.jobs.cancel('scripted', 'never'))).code).toBe('job_not_found');
    expect((await refusal(engine.jobs.redeliver('scripted', 'never'))).code).toBe('job_not_found');
  });

  it('refuse a name that the provider cannot have', async () => {
    expect((await refusal(engine.jobs.complete('scripted', 'two words'))).code).toBe('unprocessable');
  });

  it('track an unknown job where the provider says so, once for any number of hints', async () => {
    const job = randomUUID();
    await Promise.all(Array.from({ length: 5 }, () => engine.tracking.complete('scripted', job)));
    const seen = await engine.tracking.get('scripted', job);
    expect(seen).toMatchObject({ job, state: 'PENDING', phase: 'waiting' });
    const query = `WorkflowId='${seen.workflow_id}' AND JobEndpoint='audit'`;
    await eventually('the job is in the list', async () => (await engine.jobs.list({ query })).jobs[0]);
  });

  it('are refused for good where they would track a job with more endpoints than a run takes, so that no sender waits', async () => {
    const endpoints = Array.from({ length: 101 }, () => 'audit');
    const provider = scriptedProvider({ track: { auto: true, endpoints } });
    const config = testConfig({
      endpoints: [{ name: 'audit', url: 'https://audit.example.com/hook' }],
      temporal: engine.temporal.config,
    });
    const { jobs } = createEngine({ client: engine.client, config, providers: new Map([['scripted', provider]]) });
    const refused = await refusal(jobs.complete('scripted', randomUUID()));
    expect([refused.code, refused.message]).toEqual(['unprocessable', expect.stringContaining('lists 101 endpoints')]);
    expect(resultOf(refused)).toBe('dead_letter'); // counted, logged, and operators are notified
  });

  it('track nothing for a heartbeat', async () => {
    const job = randomUUID();
    const heartbeat = engine.tracking.heartbeat('scripted', job, { heartbeat_deadline_seconds: 1 });
    expect((await refusal(heartbeat)).code).toBe('job_not_found');
  });

  it('are without effect on a terminated run', async () => {
    const { job } = await engine.jobs.submit(aSubmission());
    await engine.client.workflow.getHandle(job.workflow_id).terminate('by the test');
    await engine.jobs.complete('scripted', job.job);
    await engine.jobs.cancel('scripted', job.job);
    expect(await signalsOf(job.job)).toEqual([]);
  });
});
