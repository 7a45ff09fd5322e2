import { createHash } from 'node:crypto';
import type { Submission } from '../../schemas/types';
import { TERMINAL_EVENT_TYPES } from '../../src/domain/event-type';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import { createProviders } from '../../src/providers/registry';
import { resolveSubmission } from '../../src/submission/resolve-submission';
import { inlineEndpointName } from '../../src/submission/subscriptions';
import { testConfig } from '../support/test-config';

const JOB = 'projects/shop/locations/us-central1/batchPredictionJobs/456';
const base = testConfig({
  endpoints: [
    { name: 'orders', url: 'https://orders.example.com/', events: ['job.failed'] },
    { name: 'plain', url: 'https://plain.example.com/', format: 'vertex-ai' },
  ],
});
const config = {
  ...base,
  providers: { ...base.providers, 'vertex-ai': { ...base.providers['vertex-ai'], projects: { shop: '123' } } },
};
const providers = createProviders(config, { warn: () => undefined });

function resolve(more: Partial<Submission> = {}) {
  return resolveSubmission({ provider: 'vertex-ai', job: JOB, endpoints: ['orders'], ...more }, config, providers);
}

function faultsOf(more: Partial<Submission>): Record<string, string> {
  try {
    resolve(more);
  } catch (error) {
    if (error instanceof JobHeraldError) {
      return Object.fromEntries(error.faults.map(({ pointer, detail }) => [pointer, detail]));
    }
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('resolveSubmission', () => {
  it('takes a hundred endpoints, and refuses more without looking at them', () => {
    const endpoints = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ url: `https://e${i}.example.com/` })) as unknown as ['orders'];
    expect(resolve({ endpoints: endpoints(100) }).input.subscriptions).toHaveLength(100);
    expect(faultsOf({ endpoints: endpoints(101) })).toEqual({
      '/endpoints': 'lists 101 endpoints; a job may have 100',
    });
    const unread = new Proxy(endpoints(9_000), {
      get(target, name) {
        if (typeof name === 'string' && /^\d+$/.test(name)) throw new Error('it was looked at');
        return Reflect.get(target, name);
      },
    });
    expect(faultsOf({ endpoints: unread })).toHaveProperty('/endpoints');
  });

  it('spells the job as its provider does', () => {
    expect(resolve().input.job).toBe('projects/123/locations/us-central1/batchPredictionJobs/456');
  });

  it('takes all spellings of a job for the same submission, default key included', () => {
    const spellings = [JOB, JOB.replace('shop', '123'), `//aiplatform.googleapis.com/${JOB}`, `/${JOB}`];
    const all = spellings.map((job) => resolve({ job }));
    expect(new Set(all.map(({ sha256 }) => sha256)).size).toBe(1);
    expect(new Set(all.map(({ input }) => input.idempotency_key)).size).toBe(1);
  });

  it('fills in what is not said', () => {
    expect(resolve().input).toMatchObject({ correlation_id: null, metadata: {}, labels: {} });
    expect(resolve().input).not.toHaveProperty('heartbeat_deadline_seconds');
    expect(resolve({ heartbeat_deadline_seconds: 0.5 }).input.heartbeat_deadline_seconds).toBe(0.5);
  });

  it('takes the name of a job that reports by messages for its correlation id, unless it is given another', () => {
    const job = 'F0F1A8B2-72D5-4B4E-A7C3-1C8A5B6A4D3E';
    const correlationOf = (more: Partial<Submission> = {}) =>
      resolve({ provider: 'spec-001', job, ...more }).input.correlation_id;
    expect(correlationOf()).toBe(job.toLowerCase());
    expect(correlationOf({ correlation_id: 'mine' })).toBe('mine');
  });

  it('fixes events and format as they are configured now', () => {
    expect(resolve({ endpoints: ['orders', 'plain'] }).input.subscriptions).toEqual([
      { endpoint: 'orders', events: ['job.failed'], format: 'standard' },
      { endpoint: 'plain', events: TERMINAL_EVENT_TYPES, format: 'vertex-ai' },
    ]);
  });

  it('prefers the events and vars of the submission', () => {
    const vars = [{ name: 'a', value: '1' }];
    const [subscription] = resolve({ endpoints: [{ name: 'orders', events: ['job.running'], vars }] }).input
      .subscriptions;
    expect(subscription).toEqual({ endpoint: 'orders', events: ['job.running'], format: 'standard', vars });
  });

  it.each([
    ['all', 'http://127.0.0.1:9/', undefined],
    ['all', 'https://10.0.0.1/', /^blocked address 10\.0\.0\.1 \(private\)$/],
    [undefined, 'https://hooks.example.com/', undefined],
    [undefined, 'http://127.0.0.1:9/', /^blocked address 127\.0\.0\.1 .*gateway\.inline_endpoints/],
    ['public', 'http://hooks.example.com/', /^plain http .*gateway\.inline_endpoints/],
    ['off', 'https://hooks.example.com/', /gateway\.inline_endpoints: off/],
  ] as const)('with gateway.inline_endpoints %s judges the inline endpoint %s', (inlineEndpoints, url, refusal) => {
    const configured = { ...config, gateway: { ...config.gateway, inlineEndpoints } };
    const submission: Submission = { provider: 'vertex-ai', job: JOB, endpoints: [{ url }] };
    const submit = () => resolveSubmission(submission, configured, providers);
    if (refusal)
      expect(submit).toThrow(
        expect.objectContaining({ faults: [{ pointer: '/endpoints/0/url', detail: expect.stringMatching(refusal) }] }),
      );
    else expect(submit().input.subscriptions).toHaveLength(1);
  });

  it('names an inline endpoint by its URL, and keeps the name of its secret and no key', () => {
    const url = 'https://hooks.example.com/a?b=c';
    const { subscriptions } = resolve({ endpoints: [{ url, secret: 'orders' }] }).input;
    const name = `inline-${createHash('sha256').update(url).digest('hex').slice(0, 12)}`;
    expect(inlineEndpointName(url)).toBe(name);
    expect(subscriptions).toEqual([
      { endpoint: name, inline: { url, secret: 'orders' }, events: TERMINAL_EVENT_TYPES, format: 'standard' },
    ]);
    expect(JSON.stringify(subscriptions)).not.toContain('whsec_');
  });

  it('lets plain http go to an address that is allowed', () => {
    const { subscriptions } = resolve({ endpoints: [{ url: 'http://127.0.0.1:9999/' }] }).input;
    expect(subscriptions).toHaveLength(1);
  });

  it('says which endpoints, secrets and providers there are', () => {
    expect(faultsOf({ endpoints: ['order'] })['/endpoints/0']).toContain('orders, plain');
    expect(faultsOf({ endpoints: [{ url: 'https://a.example/', secret: 'x' }] })['/endpoints/0/secret']).toContain(
      'not configured',
    );
    expect(faultsOf({ provider: 'vertexai' })['/provider']).toContain('vertex-ai');
  });

  it('never repeats a URL that may hold a password', () => {
    const faults = faultsOf({ endpoints: [{ url: 'https://user:hunter2@a.example/' }] });
    expect(JSON.stringify(faults)).not.toContain('hunter2');
  });

  it('says how the name of a job must look', () => {
    expect(faultsOf({ job: 'batchPredictionJobs/456' })['/job']).toContain('projects/{project}/locations/{location}');
  });

  it('refuses an event by name that the format of a configured endpoint has no word for', () => {
    const faults = faultsOf({ endpoints: [{ name: 'plain', events: ['job.succeeded', 'job.progress'] }] });
    expect(Object.keys(faults)).toEqual(['/endpoints/0/events/1']);
  });
});
