import { randomUUID } from 'node:crypto';
import type { Submission } from '../../schemas/types';
import { uuidV5 } from '../../src/domain/uuid';
import { aSubmission, type EngineWithoutWorker, engineWithoutWorker, refusal } from '../support/engine-without-worker';
import { eventually } from '../support/eventually';

const NS = '28de626e-1ac5-5709-910d-a79b180c5eb7';

let engine: EngineWithoutWorker;

beforeAll(async () => {
  engine = await engineWithoutWorker();
});
afterAll(() => engine.close());

describe('submit, straight to Temporal with no worker up', () => {
  it('starts one run, whose workflow ID anyone can compute', async () => {
    const submission = aSubmission();
    const { job, created } = await engine.jobs.submit(submission);
    expect(created).toBe(true);
    expect(job.workflow_id).toBe(`scripted/${submission.job}`);
    const description = await engine.client.workflow.getHandle(job.workflow_id).describe();
    expect(description.runId).toBe(job.run_id);
    expect(description.type).toBe('job');
    expect(description.taskQueue).toBe(engine.temporal.config.taskQueue);
  });

  it('finds the same run for the same submission again', async () => {
    const submission = aSubmission({ idempotency_key: 'k', metadata: { a: [1, { b: 2 }] }, labels: { team: 'x' } });
    const first = await engine.jobs.submit(submission);
    const again = await engine.jobs.submit(submission);
    expect(again.created).toBe(false);
    expect(again.job).toEqual(first.job);
  });

  it('takes a body for the same whatever the order of its members', async () => {
    const { job } = aSubmission();
    await engine.jobs.submit({
      provider: 'scripted',
      job,
      endpoints: [{ name: 'orders', events: ['job.failed'] }],
      metadata: { a: 1, b: { c: 2, d: 3 } },
    });
    const again = await engine.jobs.submit({
      metadata: { b: { d: 3, c: 2 }, a: 1 },
      endpoints: [{ events: ['job.failed'], name: 'orders' }],
      job,
      provider: 'scripted',
    });
    expect(again.created).toBe(false);
  });

  it('takes lists in another order for another body', async () => {
    const submission = aSubmission({ endpoints: ['orders', 'audit'] });
    await engine.jobs.submit(submission);
    const error = await refusal(engine.jobs.submit({ ...submission, endpoints: ['audit', 'orders'] }));
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
    const { job } = await engine.jobs.submit(submission);
    const error = await refusal(engine.jobs.submit({ ...submission, ...more }));
    expect([error.code, error.status]).toEqual(['conflict', 409]);
    expect(await engine.jobs.get('scripted', submission.job)).toEqual(job);
  });

  it('keeps the first key, and answers another key with the same body by the same run', async () => {
    const submission = aSubmission({ idempotency_key: 'first' });
    const { job } = await engine.jobs.submit(submission);
    const { idempotency_key: _, ...withoutKey } = submission;
    for (const same of [{ ...submission, idempotency_key: 'second' }, withoutKey]) {
      const again = await engine.jobs.submit(same);
      expect(again.created).toBe(false);
      expect(again.job.run_id).toBe(job.run_id);
      expect(again.job.idempotency_key).toBe('first');
    }
  });

  it('scopes a key to its job: another job with the same key is another run', async () => {
    const one = await engine.jobs.submit(aSubmission({ idempotency_key: 'shared' }));
    const other = await engine.jobs.submit(aSubmission({ idempotency_key: 'shared' }));
    expect(other.created).toBe(true);
    expect(other.job.run_id).not.toBe(one.job.run_id);
  });

  it('computes the key of a submission without one', async () => {
    const submission = aSubmission();
    const { job } = await engine.jobs.submit(submission);
    expect(job.idempotency_key).toBe(uuidV5(NS, JSON.stringify(['scripted', submission.job])));
  });

  it('creates once of 50 identical requests at once', async () => {
    const submission = aSubmission();
    const answers = await Promise.all(Array.from({ length: 50 }, () => engine.jobs.submit(submission)));
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ job }) => job.run_id)).size).toBe(1);
  });

  it('creates once of 20 different requests at once, and refuses the others', async () => {
    const submission = aSubmission();
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => engine.jobs.submit({ ...submission, correlation_id: `c${i}` })),
    );
    const created = answers.filter(({ status }) => status === 'fulfilled');
    expect(created).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'conflict' });
    }
  });

  it('answers that a submission of a tracked job can be sent again where no worker takes it', async () => {
    const submission = aSubmission();
    await engine.tracking.complete('scripted', submission.job);
    const error = await refusal(engine.tracking.submit(submission));
    expect([error.code, error.status]).toEqual(['unavailable', 503]);
  });

  it('starts a terminated job anew', async () => {
    const submission = aSubmission();
    const first = await engine.jobs.submit(submission);
    await engine.client.workflow.getHandle(first.job.workflow_id).terminate('by the test');
    const again = await engine.jobs.submit({ ...submission, correlation_id: 'another body is fine now' });
    expect(again.created).toBe(true);
    expect(again.job.run_id).not.toBe(first.job.run_id);
  });

  it('makes the run findable by provider and endpoint', async () => {
    const submission = aSubmission({ endpoints: ['orders', 'audit'] });
    const { job } = await engine.jobs.submit(submission);
    const query = `WorkflowId='${job.workflow_id}' AND JobProvider='scripted' AND JobEndpoint='audit'`;
    const found = await eventually('the job is in the list', async () => (await engine.jobs.list({ query })).jobs[0]);
    expect(found).toMatchObject({ job: submission.job, run_id: job.run_id, state: 'PENDING', phase: 'waiting' });
  });

  it('shows in the list what was submitted, and no end before there is one', async () => {
    const submission = aSubmission({ idempotency_key: 'key', correlation_id: 'mine', labels: { team: 'a' } });
    const { job } = await engine.jobs.submit(submission);
    const query = `WorkflowId='${job.workflow_id}'`;
    const found = await eventually('the job is in the list', async () => (await engine.jobs.list({ query })).jobs[0]);
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
    ['an endpoint named twice', { endpoints: ['orders', { name: 'orders', events: ['job.failed'] }] }, '/endpoints/1'],
    [
      'an inline URL given twice',
      { endpoints: [{ url: 'https://a.example/' }, { url: 'https://a.example/' }] },
      '/endpoints/1',
    ],
  ])('refuses %s, names the place, and starts nothing', async (_, more, pointer) => {
    const submission = aSubmission(more);
    const error = await refusal(engine.jobs.submit(submission));
    expect([error.code, error.status]).toEqual(['unprocessable', 422]);
    expect(error.faults.map((fault) => fault.pointer)).toEqual([pointer]);
    expect(error.message).toContain(pointer);
    await expect(
      engine.client.workflow.getHandle(`${submission.provider}/${submission.job}`).describe(),
    ).rejects.toThrow();
  });

  it.each<[Partial<Submission>, string]>([
    [{ provider: 'scriptd' }, 'provider scriptd is not known'],
    [{ endpoints: ['oders'] }, 'endpoint oders is not configured'],
  ])('says first which name may have been meant: %j', async (more, fault) => {
    const { message } = await refusal(engine.jobs.submit(aSubmission(more)));
    expect(message).toMatch(new RegExp(`^\\S+ ${fault} \\(did you mean "(scripted|orders)"`));
  });

  it('names every fault at once', async () => {
    const error = await refusal(
      engine.jobs.submit(aSubmission({ endpoints: ['a', { url: 'ftp://x/', secret: 'b' }] })),
    );
    expect(error.faults.map(({ pointer }) => pointer)).toEqual([
      '/endpoints/0',
      '/endpoints/1/url',
      '/endpoints/1/secret',
    ]);
  });

  it('takes a workflow ID of exactly 255 bytes', async () => {
    const job = randomUUID() + 'x'.repeat(255 - 'scripted/'.length - 36);
    const { job: seen } = await engine.jobs.submit(aSubmission({ job }));
    expect(Buffer.byteLength(seen.workflow_id)).toBe(255);
    expect((await engine.jobs.get('scripted', job)).run_id).toBe(seen.run_id);
  });

  it('takes metadata and labels of 32 KiB together, and refuses one byte more', async () => {
    const empty = Buffer.byteLength('{"a":""}{"b":""}');
    const half = 16 * 1024;
    const fits = aSubmission({ metadata: { a: 'm'.repeat(half) }, labels: { b: 'l'.repeat(half - empty) } });
    expect((await engine.jobs.submit(fits)).created).toBe(true);
    const error = await refusal(
      engine.jobs.submit(
        aSubmission({ metadata: { a: 'm'.repeat(half) }, labels: { b: 'l'.repeat(half - empty + 1) } }),
      ),
    );
    expect([error.code, error.status]).toEqual(['too_large', 413]);
  });
});
