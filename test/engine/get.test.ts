import { randomUUID } from 'node:crypto';
import { aSubmission, type EngineWithoutWorker, engineWithoutWorker, refusal } from '../support/engine-without-worker';

let engine: EngineWithoutWorker;

beforeAll(async () => {
  engine = await engineWithoutWorker();
});
afterAll(() => engine.close());

describe('get, straight to Temporal with no worker up', () => {
  it('answers from the moment the job is submitted', async () => {
    const submission = aSubmission({ correlation_id: 'c-1', labels: { team: 'x' }, idempotency_key: 'k' });
    const { job } = await engine.jobs.submit(submission);
    expect(await engine.jobs.get('scripted', submission.job)).toEqual(job);
    expect(job).toMatchObject({
      provider: 'scripted',
      job: submission.job,
      state: 'PENDING',
      provider_state: null,
      phase: 'waiting',
      outcome: null,
      artifacts: [],
      completed_by: null,
      deliveries: [],
      idempotency_key: 'k',
      correlation_id: 'c-1',
      labels: { team: 'x' },
      endpoints: [
        {
          name: 'orders',
          type: 'webhook',
          url: 'https://orders.example.com/hook',
          format: 'standard',
          events: expect.arrayContaining(['job.succeeded', 'job.failed']),
        },
      ],
    });
    expect(job).not.toHaveProperty('warnings');
    const path = [job.workflow_id, job.run_id].map(encodeURIComponent).join('/');
    expect(job.links.web_ui).toBe(`${engine.temporal.config.ui}/namespaces/default/workflows/${path}/history`);
  });

  it('warns from the start of an inline endpoint that is not signed, and shows no query of its URL', async () => {
    const inline = { url: 'https://user.example.com/hook?token=t0k3n', events: ['job.failed' as const] };
    const signed = { url: 'https://signed.example.com/', secret: 'orders' };
    const submission = aSubmission({ endpoints: [inline, signed] });
    const { job } = await engine.jobs.submit(submission);
    expect(await engine.jobs.get('scripted', submission.job)).toEqual(job);
    const shown = { type: 'webhook', url: 'https://user.example.com/hook', format: 'standard', events: ['job.failed'] };
    expect(job.endpoints[0]).toEqual({ name: expect.stringMatching(/^inline-/), ...shown });
    expect(job.warnings).toEqual([
      expect.stringMatching(/^the inline endpoint https:\/\/user\.example\.com\/hook is notified without a signature/),
    ]);
  });

  it('warns of an endpoint that is not configured any more', async () => {
    const { job } = await engine.jobs.submit(aSubmission({ endpoints: ['orders', 'audit'] }));
    const { jobs } = engine.without('audit');
    const { endpoints, warnings } = await jobs.get('scripted', job.job);
    expect(endpoints.map(({ name, type, url }) => [name, type, url])).toEqual([
      ['orders', 'webhook', 'https://orders.example.com/hook'],
      ['audit', 'unknown', undefined],
    ]);
    expect(warnings).toEqual([expect.stringMatching(/^endpoint audit is not in the configuration/)]);
  });

  it('does not know a job that was never submitted', async () => {
    const error = await refusal(engine.jobs.get('scripted', 'never'));
    expect([error.code, error.status]).toEqual(['job_not_found', 404]);
  });

  it('does not take a workflow of another kind for a job', async () => {
    const job = randomUUID();
    await engine.client.workflow.start('somethingElse', { taskQueue: 'nobody', workflowId: `scripted/${job}` });
    expect((await refusal(engine.jobs.get('scripted', job))).code).toBe('job_not_found');
  });

  it('shows of a terminated run that nobody watches the job any more', async () => {
    const { job } = await engine.jobs.submit(aSubmission());
    await engine.client.workflow.getHandle(job.workflow_id).terminate('by the test');
    const seen = await engine.jobs.get('scripted', job.job);
    expect(seen).toMatchObject({ phase: 'done', outcome: null, completed_by: null });
    expect(seen.warnings?.[0]).toMatch(/terminated .* submit the job again/);
  });

  it('is unavailable, with the cause, while Temporal is away', async () => {
    const past = Date.now() - 1;
    const error = await engine.client
      .withDeadline(past, () => engine.jobs.get('scripted', 'any'))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'JobHeraldError',
      code: 'unavailable',
      status: 503,
      cause: expect.any(Error),
    });
  });
});
