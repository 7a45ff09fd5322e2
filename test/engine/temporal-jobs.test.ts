import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import type { Submission } from '../../schemas/types';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import { uuidV5 } from '../../src/domain/uuid';
import { createEngine } from '../../src/engine/engine';
import type { Jobs } from '../../src/engine/jobs';
import { verifyWebhook } from '../../src/receiver';
import { eventually } from '../support/eventually';
import { type RealRun, startRealRun } from '../support/real-run';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { RUNNING, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';
import { TEST_SECRET, testConfig } from '../support/test-config';

const NS = '28de626e-1ac5-5709-910d-a79b180c5eb7';
const ENDPOINTS = [
  { name: 'orders', url: 'https://orders.example.com/hook' },
  { name: 'audit', url: 'https://audit.example.com/hook' },
];

describe('jobs straight to Temporal, with no worker up', () => {
  let temporal: RealTemporal;
  let client: Client;
  let jobs: Jobs;
  let tracking: Jobs;

  beforeAll(async () => {
    temporal = await connectRealTemporal();
    client = new Client({ connection: temporal.connection });
    const config = testConfig({ endpoints: ENDPOINTS, temporal: temporal.config });
    const of = (provider = scriptedProvider()) =>
      createEngine({ client, config, providers: new Map([[provider.name, provider]]) }).jobs;
    jobs = of();
    tracking = of(scriptedProvider({ track: { auto: true, endpoints: ['audit'] } }));
  });
  afterAll(() => temporal.close());

  const aSubmission = (more: Partial<Submission> = {}): Submission => ({
    provider: 'scripted',
    job: `job-${randomUUID()}`,
    endpoints: ['orders'],
    ...more,
  });
  const refusal = async (call: Promise<unknown>): Promise<JobHeraldError> => {
    const error = await call.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof JobHeraldError)) throw new Error('not refused with a JobHeraldError', { cause: error });
    return error;
  };
  const signalsOf = async (job: string): Promise<string[]> => {
    const history = await client.workflow.getHandle(`scripted/${job}`).fetchHistory();
    return (history.events ?? []).flatMap(
      ({ workflowExecutionSignaledEventAttributes: signaled }) => signaled?.signalName ?? [],
    );
  };

  describe('submit', () => {
    it('starts one run, whose workflow ID anyone can compute', async () => {
      const submission = aSubmission();
      const { job, created } = await jobs.submit(submission);
      expect(created).toBe(true);
      expect(job.workflow_id).toBe(`scripted/${submission.job}`);
      const description = await client.workflow.getHandle(job.workflow_id).describe();
      expect(description.runId).toBe(job.run_id);
      expect(description.type).toBe('job');
      expect(description.taskQueue).toBe(temporal.config.taskQueue);
    });

    it('finds the same run for the same submission again', async () => {
      const submission = aSubmission({ idempotency_key: 'k', metadata: { a: [1, { b: 2 }] }, labels: { team: 'x' } });
      const first = await jobs.submit(submission);
      const again = await jobs.submit(submission);
      expect(again.created).toBe(false);
      expect(again.job).toEqual(first.job);
    });

    it('takes a body for the same whatever the order of its members', async () => {
      const { job } = aSubmission();
      await jobs.submit({
        provider: 'scripted',
        job,
        endpoints: [{ name: 'orders', events: ['job.failed'] }],
        metadata: { a: 1, b: { c: 2, d: 3 } },
      });
      const again = await jobs.submit({
        metadata: { b: { d: 3, c: 2 }, a: 1 },
        endpoints: [{ events: ['job.failed'], name: 'orders' }],
        job,
        provider: 'scripted',
      });
      expect(again.created).toBe(false);
    });

    it('takes lists in another order for another body', async () => {
      const submission = aSubmission({ endpoints: ['orders', 'audit'] });
      await jobs.submit(submission);
      const error = await refusal(jobs.submit({ ...submission, endpoints: ['audit', 'orders'] }));
      expect(error.code).toBe('conflict');
    });

    it.each<[string, Partial<Submission>]>([
      ['another endpoint', { endpoints: ['audit'] }],
      ['one endpoint more', { endpoints: ['orders', 'audit'] }],
      ['a correlation id', { correlation_id: 'c' }],
      ['a heartbeat deadline', { heartbeat_deadline_seconds: 60 }],
      ['metadata', { metadata: { a: 1 } }],
      ['a label', { labels: { a: '1' } }],
    ])('refuses the same job with %s, and leaves the run as it is', async (_, more) => {
      const submission = aSubmission();
      const { job } = await jobs.submit(submission);
      const error = await refusal(jobs.submit({ ...submission, ...more }));
      expect([error.code, error.status]).toEqual(['conflict', 409]);
      expect(await jobs.get('scripted', submission.job)).toEqual(job);
    });

    it('keeps the first key, and answers another key with the same body by the same run', async () => {
      const submission = aSubmission({ idempotency_key: 'first' });
      const { job } = await jobs.submit(submission);
      const { idempotency_key: _, ...withoutKey } = submission;
      for (const same of [{ ...submission, idempotency_key: 'second' }, withoutKey]) {
        const again = await jobs.submit(same);
        expect(again.created).toBe(false);
        expect(again.job.run_id).toBe(job.run_id);
        expect(again.job.idempotency_key).toBe('first');
      }
    });

    it('scopes a key to its job: another job with the same key is another run', async () => {
      const one = await jobs.submit(aSubmission({ idempotency_key: 'shared' }));
      const other = await jobs.submit(aSubmission({ idempotency_key: 'shared' }));
      expect(other.created).toBe(true);
      expect(other.job.run_id).not.toBe(one.job.run_id);
    });

    it('computes the key of a submission without one', async () => {
      const submission = aSubmission();
      const { job } = await jobs.submit(submission);
      expect(job.idempotency_key).toBe(uuidV5(NS, JSON.stringify(['scripted', submission.job])));
    });

    it('creates once of 50 identical requests at once', async () => {
      const submission = aSubmission();
      const answers = await Promise.all(Array.from({ length: 50 }, () => jobs.submit(submission)));
      expect(answers.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(answers.map(({ job }) => job.run_id)).size).toBe(1);
    });

    it('creates once of 20 different requests at once, and refuses the others', async () => {
      const submission = aSubmission();
      const answers = await Promise.allSettled(
        Array.from({ length: 20 }, (_, i) => jobs.submit({ ...submission, correlation_id: `c${i}` })),
      );
      const created = answers.filter(({ status }) => status === 'fulfilled');
      expect(created).toHaveLength(1);
      for (const answer of answers) {
        if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'conflict' });
      }
    });

    it('starts a terminated job anew', async () => {
      const submission = aSubmission();
      const first = await jobs.submit(submission);
      await client.workflow.getHandle(first.job.workflow_id).terminate('by the test');
      const again = await jobs.submit({ ...submission, correlation_id: 'another body is fine now' });
      expect(again.created).toBe(true);
      expect(again.job.run_id).not.toBe(first.job.run_id);
    });

    it('makes the run findable by provider and endpoint', async () => {
      const submission = aSubmission({ endpoints: ['orders', 'audit'] });
      const { job } = await jobs.submit(submission);
      const query = `WorkflowId='${job.workflow_id}' AND JobProvider='scripted' AND JobEndpoint='audit'`;
      const found = await eventually('the job is in the list', async () => (await jobs.list({ query })).jobs[0]);
      expect(found).toMatchObject({ job: submission.job, run_id: job.run_id, state: 'PENDING', phase: 'waiting' });
    });

    it('shows in the list what was submitted, and no end before there is one', async () => {
      const submission = aSubmission({ idempotency_key: 'key', correlation_id: 'mine', labels: { team: 'a' } });
      const { job } = await jobs.submit(submission);
      const query = `WorkflowId='${job.workflow_id}'`;
      const found = await eventually('the job is in the list', async () => (await jobs.list({ query })).jobs[0]);
      const { idempotency_key, correlation_id, labels } = job;
      expect(found).toMatchObject({ idempotency_key, correlation_id, labels, outcome: null });
      expect(job).toMatchObject({ idempotency_key: 'key', correlation_id: 'mine', labels: { team: 'a' } });
    });

    it.each<[string, Partial<Submission>, string]>([
      ['a provider that is not known', { provider: 'nobody' }, '/provider'],
      ['a job name that its provider cannot have', { job: 'two words' }, '/job'],
      ['a workflow ID over 255 bytes', { job: 'x'.repeat(255 - 'scripted/'.length + 1) }, '/job'],
      ['a workflow ID over 255 bytes in few characters', { job: 'ü'.repeat(124) }, '/job'],
      ['an endpoint that is not configured', { endpoints: ['orders', 'nowhere'] }, '/endpoints/1'],
      [
        'a secret that is not configured',
        { endpoints: [{ url: 'https://a.example/', secret: 'nope' }] },
        '/endpoints/0/secret',
      ],
      [
        'a secret by the name of an object member',
        { endpoints: [{ url: 'https://a.example/', secret: 'constructor' }] },
        '/endpoints/0/secret',
      ],
      ['a private address', { endpoints: [{ url: 'https://10.0.0.1/' }] }, '/endpoints/0/url'],
      ['a private address in disguise', { endpoints: [{ url: 'https://[::ffff:a00:1]/' }] }, '/endpoints/0/url'],
      ['the metadata server', { endpoints: [{ url: 'http://169.254.169.254/latest' }] }, '/endpoints/0/url'],
      ['plain http to a public address', { endpoints: [{ url: 'http://203.0.113.9/' }] }, '/endpoints/0/url'],
      ['a password in a URL', { endpoints: [{ url: 'https://u:p@a.example/' }] }, '/endpoints/0/url'],
      ['something that is no URL', { endpoints: [{ url: 'orders' }] }, '/endpoints/0/url'],
      [
        'an event that the format has no word for',
        { endpoints: [{ url: 'https://a.example/', format: 'vertex-ai', events: ['job.failed', 'job.running'] }] },
        '/endpoints/0/events/1',
      ],
      [
        'an endpoint named twice',
        { endpoints: ['orders', { name: 'orders', events: ['job.failed'] }] },
        '/endpoints/1',
      ],
      [
        'an inline URL given twice',
        { endpoints: [{ url: 'https://a.example/' }, { url: 'https://a.example/' }] },
        '/endpoints/1',
      ],
    ])('refuses %s, names the place, and starts nothing', async (_, more, pointer) => {
      const submission = aSubmission(more);
      const error = await refusal(jobs.submit(submission));
      expect([error.code, error.status]).toEqual(['unprocessable', 422]);
      expect(error.faults.map((fault) => fault.pointer)).toEqual([pointer]);
      expect(error.message).toContain(pointer);
      await expect(client.workflow.getHandle(`${submission.provider}/${submission.job}`).describe()).rejects.toThrow();
    });

    it('names every fault at once', async () => {
      const error = await refusal(jobs.submit(aSubmission({ endpoints: ['a', { url: 'ftp://x/', secret: 'b' }] })));
      expect(error.faults.map(({ pointer }) => pointer)).toEqual([
        '/endpoints/0',
        '/endpoints/1/url',
        '/endpoints/1/secret',
      ]);
    });

    it('takes a workflow ID of exactly 255 bytes', async () => {
      const job = randomUUID() + 'x'.repeat(255 - 'scripted/'.length - 36);
      const { job: seen } = await jobs.submit(aSubmission({ job }));
      expect(Buffer.byteLength(seen.workflow_id)).toBe(255);
      expect((await jobs.get('scripted', job)).run_id).toBe(seen.run_id);
    });

    it('takes metadata and labels of 32 KiB together, and refuses one byte more', async () => {
      const empty = Buffer.byteLength('{"a":""}{"b":""}');
      const half = 16 * 1024;
      const fits = aSubmission({ metadata: { a: 'm'.repeat(half) }, labels: { b: 'l'.repeat(half - empty) } });
      expect((await jobs.submit(fits)).created).toBe(true);
      const error = await refusal(
        jobs.submit(aSubmission({ metadata: { a: 'm'.repeat(half) }, labels: { b: 'l'.repeat(half - empty + 1) } })),
      );
      expect([error.code, error.status]).toEqual(['too_large', 413]);
    });
  });

  describe('get', () => {
    it('answers from the moment the job is submitted', async () => {
      const submission = aSubmission({ correlation_id: 'c-1', labels: { team: 'x' }, idempotency_key: 'k' });
      const { job } = await jobs.submit(submission);
      expect(await jobs.get('scripted', submission.job)).toEqual(job);
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
      });
      const path = [job.workflow_id, job.run_id].map(encodeURIComponent).join('/');
      expect(job.links.web_ui).toBe(`${temporal.config.ui}/namespaces/default/workflows/${path}/history`);
    });

    it('does not know a job that was never submitted', async () => {
      const error = await refusal(jobs.get('scripted', 'never'));
      expect([error.code, error.status]).toEqual(['job_not_found', 404]);
    });

    it('does not take a workflow of another kind for a job', async () => {
      const job = randomUUID();
      await client.workflow.start('somethingElse', { taskQueue: 'nobody', workflowId: `scripted/${job}` });
      expect((await refusal(jobs.get('scripted', job))).code).toBe('job_not_found');
    });

    it('shows of a terminated run that nobody watches the job any more', async () => {
      const { job } = await jobs.submit(aSubmission());
      await client.workflow.getHandle(job.workflow_id).terminate('by the test');
      const seen = await jobs.get('scripted', job.job);
      expect(seen).toMatchObject({ phase: 'done', outcome: null, completed_by: null });
      expect(seen.warnings?.[0]).toMatch(/terminated .* submit the job again/);
    });
  });

  describe('complete and heartbeat', () => {
    it('put the hint into the history before they resolve', async () => {
      const { job } = await jobs.submit(aSubmission());
      await jobs.complete('scripted', job.job, { state: 'COMPLETED' });
      await jobs.heartbeat('scripted', job.job, { heartbeat_deadline_seconds: 60 });
      expect(await signalsOf(job.job)).toEqual(['completion', 'heartbeat']);
    });

    it('enter the history once with the same key, and each time without one', async () => {
      const { job } = await jobs.submit(aSubmission());
      for (let i = 0; i < 3; i++) await jobs.complete('scripted', job.job, { idempotency_key: 'same' });
      for (let i = 0; i < 3; i++) {
        await jobs.heartbeat('scripted', job.job, { idempotency_key: 'same', heartbeat_deadline_seconds: 60 });
      }
      expect(await signalsOf(job.job)).toEqual(['completion', 'heartbeat']);
      await jobs.complete('scripted', job.job);
      await jobs.complete('scripted', job.job);
      expect(await signalsOf(job.job)).toEqual(['completion', 'heartbeat', 'completion', 'completion']);
    });

    it('do not know a job that was never submitted', async () => {
      expect((await refusal(jobs.complete('scripted', 'never'))).code).toBe('job_not_found');
      const heartbeat = jobs.heartbeat('scripted', 'never', { heartbeat_deadline_seconds: 1 });
      expect((await refusal(heartbeat)).code).toBe('job_not_found');
      expect((await refusal(jobs.cancel('scripted', 'never'))).code).toBe('job_not_found');
      expect((await refusal(jobs.redeliver('scripted', 'never'))).code).toBe('job_not_found');
    });

    it('refuse a name that the provider cannot have', async () => {
      expect((await refusal(jobs.complete('scripted', 'two words'))).code).toBe('unprocessable');
    });

    it('track an unknown job where the provider says so, once for any number of hints', async () => {
      const job = randomUUID();
      await Promise.all(Array.from({ length: 5 }, () => tracking.complete('scripted', job)));
      const seen = await tracking.get('scripted', job);
      expect(seen).toMatchObject({ job, state: 'PENDING', phase: 'waiting' });
      const query = `WorkflowId='${seen.workflow_id}' AND JobEndpoint='audit'`;
      await eventually('the job is in the list', async () => (await jobs.list({ query })).jobs[0]);
    });

    it('track nothing for a heartbeat', async () => {
      const job = randomUUID();
      const heartbeat = tracking.heartbeat('scripted', job, { heartbeat_deadline_seconds: 1 });
      expect((await refusal(heartbeat)).code).toBe('job_not_found');
    });

    it('are without effect on a terminated run', async () => {
      const { job } = await jobs.submit(aSubmission());
      await client.workflow.getHandle(job.workflow_id).terminate('by the test');
      await jobs.complete('scripted', job.job);
      await jobs.cancel('scripted', job.job);
      expect(await signalsOf(job.job)).toEqual([]);
    });
  });

  describe('list', () => {
    it('pages through all there is, each job once', async () => {
      const label = `page-${randomUUID()}`;
      const names = Array.from({ length: 5 }, (_, i) => `${label}-${i}`);
      await Promise.all(names.map((job) => jobs.submit(aSubmission({ job }))));
      const query = `WorkflowId STARTS_WITH 'scripted/${label}'`;
      await eventually('all five are in the list', async () => (await jobs.list({ query })).jobs.length === 5);

      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await jobs.list({ query, limit: 2, cursor });
        expect(page.jobs.length).toBeLessThanOrEqual(2);
        for (const { run_started_at } of page.jobs)
          expect(Date.parse(run_started_at ?? '')).toBeLessThanOrEqual(Date.now());
        seen.push(...page.jobs.map(({ job }) => job));
        cursor = page.next_cursor ?? undefined;
      } while (cursor);
      expect(seen.sort()).toEqual(names);
    });

    it('keeps a query with OR among the jobs', async () => {
      const other = `other-${randomUUID()}`;
      await client.workflow.start('somethingElse', { taskQueue: 'nobody', workflowId: other });
      const { job } = await jobs.submit(aSubmission());
      const query = `WorkflowId='${other}' OR WorkflowId='${job.workflow_id}'`;
      const listed = await eventually('the job is in the list', async () => {
        const page = await jobs.list({ query });
        return page.jobs.length > 0 && page.jobs;
      });
      await eventually('the other workflow is in the index', async () => {
        for await (const execution of client.workflow.list({ query: `WorkflowId='${other}'` })) return execution;
        return undefined;
      });
      expect(listed.map(({ workflow_id }) => workflow_id)).toEqual([job.workflow_id]);
      expect((await jobs.list({ query })).jobs).toHaveLength(1);
    });

    it.each([
      ['closes what it did not open', "JobState='PENDING') OR (WorkflowType!='job'"],
      ['hides parentheses in a comment', "/* ( */ JobState='x') OR (WorkflowType!='job' /* ) */"],
      ['ends in a comment', "JobState='PENDING' --"],
      ['opens what it does not close', "(JobState='PENDING'"],
      ['is no query', 'state is pending'],
      ['names an attribute that is not there', "Nonsense='x'"],
      ['has a string without an end', "JobState='PENDING"],
    ])('refuses a query that %s', async (_, query) => {
      const error = await refusal(jobs.list({ query }));
      expect([error.code, error.status]).toEqual(['bad_request', 400]);
    });

    it('takes parentheses within strings for text', async () => {
      expect((await jobs.list({ query: "WorkflowId='scripted/a)b('" })).jobs).toEqual([]);
      expect((await jobs.list({ query: 'WorkflowId="scripted/a)b"' })).jobs).toEqual([]);
    });

    it('refuses a cursor that it did not give', async () => {
      expect((await refusal(jobs.list({ cursor: 'bm9uc2Vuc2U' }))).code).toBe('bad_request');
    });

    it('refuses the cursor of another query', async () => {
      const label = `cursor-${randomUUID()}`;
      await Promise.all([1, 2].map((i) => jobs.submit(aSubmission({ job: `${label}-${i}` }))));
      const query = `WorkflowId STARTS_WITH 'scripted/${label}'`;
      await eventually('both are in the list', async () => (await jobs.list({ query })).jobs.length === 2);
      const cursor = (await jobs.list({ query, limit: 1 })).next_cursor ?? '';
      expect((await jobs.list({ query, cursor })).jobs).toHaveLength(1);
      expect((await refusal(jobs.list({ cursor }))).code).toBe('bad_request');
    });
  });
});

describe('jobs at a Temporal that is away', () => {
  it('are unavailable, with the cause', async () => {
    const temporal = await connectRealTemporal();
    const client = new Client({ connection: temporal.connection });
    const config = testConfig({ endpoints: ENDPOINTS, temporal: temporal.config });
    const { jobs } = createEngine({ client, config, providers: new Map([['scripted', scriptedProvider()]]) });
    try {
      const past = Date.now() - 1;
      const error = await client
        .withDeadline(past, () => jobs.get('scripted', 'any'))
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        name: 'JobHeraldError',
        code: 'unavailable',
        status: 503,
        cause: expect.any(Error),
      });
    } finally {
      await temporal.close();
    }
  });
});

describe('jobs straight to Temporal, with a worker', () => {
  let run: RealRun;
  let orders: TestReceiver;
  let audit: TestReceiver;

  beforeAll(async () => {
    orders = await startReceiver();
    audit = await startReceiver();
    run = await startRealRun({
      endpoints: [
        { name: 'orders', url: orders.url },
        { name: 'audit', url: audit.url, events: ['job.running', 'job.succeeded', 'job.canceled'] },
      ],
      provider: scriptedProvider({ cancel: 'accepts' }),
    });
  });
  afterAll(async () => {
    await run.stop();
    await orders.close();
    await audit.close();
  });
  beforeEach(() => run.provider.says(RUNNING));

  const submitted = async (endpoints = ['orders']) => {
    const name = `job-${randomUUID()}`;
    const { job } = await run.jobs.submit({ provider: 'scripted', job: name, endpoints });
    await eventually('the provider was asked', () => run.provider.asked.includes(name));
    return job;
  };
  const ended = (name: string) =>
    eventually('the run is done', async () => {
      const job = await run.jobs.get('scripted', name);
      return job.phase === 'done' && job;
    });
  const finished = async (endpoints?: string[]) => {
    const { job } = await submitted(endpoints);
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    return ended(job);
  };
  const received = (receiver: TestReceiver, name: string) =>
    receiver.received.filter(({ json }) => json.data?.['job'] === name);

  it('are shown as they ended, with every delivery and attempt', async () => {
    const seen = await finished();
    expect(seen).toMatchObject({
      state: 'COMPLETED',
      outcome: 'COMPLETED',
      provider_state: 'JOB_STATE_SUCCEEDED',
      completed_by: 'signal',
      artifacts: [{ uri: 'gs://bucket/out', type: 'GCS_DIRECTORY' }],
      ended_at: '2026-01-02T04:00:00Z',
      deliveries: [{ endpoint: 'orders', event: 'job.succeeded', state: 'delivered', attempt_count: 1 }],
    });
    const [delivery] = seen.deliveries;
    expect(delivery?.attempts).toEqual([
      expect.objectContaining({ number: 1, status: 204, duration_ms: expect.any(Number) }),
    ]);
    expect(received(orders, seen.job)[0]?.headers['webhook-id']).toBe(delivery?.webhook_id);
  });

  it('take a completion after their end without effect', async () => {
    const { job } = await finished();
    const asked = run.provider.asked.length;
    await run.jobs.complete('scripted', job, { state: 'FAILED' });
    await run.jobs.heartbeat('scripted', job, { heartbeat_deadline_seconds: 1 });
    await run.jobs.cancel('scripted', job);
    expect(await run.jobs.get('scripted', job)).toMatchObject({ outcome: 'COMPLETED', phase: 'done' });
    expect(run.provider.asked).toHaveLength(asked);
    expect(run.provider.canceled).not.toContain(job);
    expect(received(orders, job)).toHaveLength(1);
  });

  it('answer the same submission after their end with the run there was', async () => {
    const seen = await finished();
    const again = await run.jobs.submit({ provider: 'scripted', job: seen.job, endpoints: ['orders'] });
    expect(again.created).toBe(false);
    expect(again.job).toEqual(seen);
    const other = run.jobs.submit({ provider: 'scripted', job: seen.job, endpoints: ['audit'] });
    await expect(other).rejects.toMatchObject({ code: 'conflict' });
  });

  it('are redelivered after their end: the same bytes under the same webhook-id', async () => {
    const { job } = await finished(['orders', 'audit']);
    await run.jobs.redeliver('scripted', job, { endpoint: 'orders' });
    const [first, second] = await eventually('it came again', () => {
      const requests = received(orders, job);
      return requests.length === 2 && requests;
    });
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    verifyWebhook({ headers: second?.headers ?? {}, body: second?.body ?? '', secrets: [TEST_SECRET] });
    expect(received(audit, job).map(({ json }) => json.type)).not.toContain(undefined);
  });

  it('are redelivered while they are open, event by event', async () => {
    const { job } = await submitted(['audit']);
    await eventually('job.running was told', () => received(audit, job).length === 1);
    await eventually('its delivery is settled', async () => {
      const { deliveries } = await run.jobs.get('scripted', job);
      return deliveries[0]?.state === 'delivered';
    });
    await run.jobs.redeliver('scripted', job, { event: 'job.running' });
    const [first, second] = await eventually('it came again', () => {
      const requests = received(audit, job);
      return requests.length === 2 && requests;
    });
    expect(second?.body).toBe(first?.body);
    expect(await run.jobs.get('scripted', job)).toMatchObject({ phase: 'waiting', outcome: null });
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await ended(job);
  });

  it('refuse to redeliver what they have not told', async () => {
    const { job } = await finished();
    for (const [pointer, request] of [
      ['/endpoint', { endpoint: 'audit' }],
      ['/endpoint', { endpoint: 'nowhere' }],
      ['/event', { event: 'job.failed' as const }],
      ['/event', { endpoint: 'orders', event: 'job.failed' as const }],
    ] as const) {
      await expect(run.jobs.redeliver('scripted', job, request)).rejects.toMatchObject({
        code: 'unprocessable',
        message: expect.stringContaining('orders job.succeeded'),
        faults: [{ pointer }],
      });
    }
    expect(received(orders, job)).toHaveLength(1);
  });

  it('leave a delivery that is still being tried alone when redelivered', async () => {
    const earlier = await finished();
    run.provider.says(RUNNING);
    orders.answer(503);
    const { job } = await submitted();
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    const seen = await eventually('an attempt has failed', async () => {
      const view = await run.jobs.get('scripted', job);
      return view.deliveries[0]?.attempts.length === 1 && view;
    });
    expect(seen).toMatchObject({ phase: 'notifying', outcome: 'COMPLETED' });
    expect(seen.deliveries[0]).toMatchObject({
      state: 'pending',
      attempts: [{ number: 1, status: 503, next_attempt: expect.any(String) }],
    });
    orders.answer(204);
    await run.jobs.redeliver('scripted', job);
    // What is redelivered later has come, so anything wrong would have come before it.
    await run.jobs.redeliver('scripted', earlier.job);
    await eventually('the later one came', () => received(orders, earlier.job).length === 2);
    expect(received(orders, job)).toHaveLength(1);
    await run.client.workflow.getHandle(`scripted/${job}`).terminate('the test is over');
  });

  it('pass a wish to cancel on to the provider', async () => {
    const { job } = await submitted();
    await run.jobs.cancel('scripted', job);
    await eventually('the provider was asked to cancel', () => run.provider.canceled.includes(job));
    run.provider.says({ state: 'CANCELED', provider_state: 'JOB_STATE_CANCELLED' });
    await run.jobs.complete('scripted', job);
    expect(await ended(job)).toMatchObject({ outcome: 'CANCELED', deliveries: [{ event: 'job.canceled' }] });
  });

  it('are found by how they ended', async () => {
    const { job, workflow_id } = await finished();
    const query = `JobState='COMPLETED' AND DeliveryState='delivered' AND WorkflowId='${workflow_id}'`;
    const found = await eventually('the job is in the list', async () => (await run.jobs.list({ query })).jobs[0]);
    expect(found).toMatchObject({
      job,
      state: 'COMPLETED',
      phase: 'done',
      outcome: 'COMPLETED',
      completed_by: 'signal',
      delivery_states: ['delivered'],
    });
    expect(Date.parse(found.ended_at ?? '')).toBe(Date.parse('2026-01-02T04:00:00Z'));
  });
});
