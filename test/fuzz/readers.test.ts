import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Submission } from '../../schemas/types';
import { PASSED_THROUGH_EVENT_TYPES } from '../../src/domain/event-type';
import { NOT_ASKED_YET } from '../../src/domain/job-run';
import { type Fault, JobHeraldError } from '../../src/domain/jobherald-error';
import { makeEvent } from '../../src/domain/make-event';
import { render } from '../../src/formats/render';
import type { ReadHint } from '../../src/providers/hint';
import { readWebhook } from '../../src/providers/http/hints';
import { canonicalJobName as canonicalHttpName } from '../../src/providers/http/job-name';
import { toJobStatus } from '../../src/providers/http/job-status';
import { readCallback, readCancellation, readDispatch } from '../../src/providers/monai/messages';
import { createProviders } from '../../src/providers/registry';
import { spec001Faults } from '../../src/providers/spec-001/faults';
import { createSpec001Provider } from '../../src/providers/spec-001/provider';
import { readMessage } from '../../src/providers/spec-001/read-message';
import { statusReport } from '../../src/providers/spec-001/status-data';
import { statusOfReport } from '../../src/providers/spec-001/status-report';
import { readCmqPush } from '../../src/providers/tencent-batch/hints/cmq-push';
import { canonicalJobName as tencentJobName } from '../../src/providers/tencent-batch/job-name';
import { readEventarc } from '../../src/providers/vertex-ai/hints/eventarc';
import { readPubsubMessage, readPubsubPush } from '../../src/providers/vertex-ai/hints/pubsub';
import { canonicalJobName } from '../../src/providers/vertex-ai/job-name';
import { resolveSubmission } from '../../src/submission/resolve-submission';
import { bodyValidator } from '../../src/validation/body-validator';
import { EXAMPLES, exampleService } from '../providers/http/an-example';
import { heartbeatMessage, RESULTS, statusMessage } from '../support/spec-001-messages';
import { testConfig } from '../support/test-config';
import { holdsPurely } from './holds';
import { hostileJson, hostileText } from './hostile';
import { mutated } from './mutated';
import { deepAt } from './requests';

const fixture = (path: string): unknown =>
  JSON.parse(readFileSync(join(__dirname, '../fixtures', `${path}.json`), 'utf8'));
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '').toString('base64');

const PROJECTS = { 'shop-ml': '482013377105', constructor: '7' };
const JOB = 'projects/shop-ml/locations/europe-west4/batchPredictionJobs/3190772846511423488';
const LOG_ENTRIES = ['pipeline-job', 'pipeline-task', 'audit-cancel', 'audit-create', 'audit-get'];

/** What a message about a Vertex AI job may hold, with something wrong. */
const contents = fc.oneof(
  ...LOG_ENTRIES.map((name) => mutated(fixture(`vertex-ai/log-entry-${name}`))),
  mutated(fixture('vertex-ai/batch-prediction-succeeded-gcs')),
  mutated({ job: JOB, state: 'JOB_STATE_SUCCEEDED', message: 'done' }),
);

const pubsubMessages = fc.oneof(
  contents.chain((content) => mutated({ data: base64(content), attributes: {}, messageId: '42', message_id: '42' })),
  mutated({ attributes: { job: JOB, state: 'JOB_STATE_FAILED', message: 'm' }, messageId: '42' }),
);

/** As it arrives: bytes, text, or what somebody has made of it already. */
const arriving = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.tuple(values, fc.constantFrom('bytes', 'text', 'value')).map(([value, as]) => {
    const text = JSON.stringify(value) ?? '';
    if (as === 'value') return value;
    return as === 'text' ? text : Buffer.from(text);
  });

const pushBodies = arriving(
  fc.oneof(
    contents,
    pubsubMessages.chain((message) => mutated({ message, subscription: 'projects/p/subscriptions/s' })),
    hostileJson,
  ),
);

const headers = fc.dictionary(
  fc.constantFrom('content-type', 'ce-id', 'ce-type', 'ce-source', 'x-goog-pubsub-message-id'),
  fc.oneof(
    hostileText,
    fc.constantFrom('application/json', 'application/cloudevents+json', 'google.cloud.audit.log.v1.written'),
    fc.array(hostileText, { maxLength: 2 }),
  ),
);

/** A hint names one job in its one spelling, and whatever is no hint says why not, within bounds. */
function expectSound(read: ReadHint, canonical: (job: string) => string): void {
  if (read.kind !== 'hint') {
    expect(['ignored', 'dead_letter']).toContain(read.kind);
    expect(read.reason).not.toBe('');
    expect(read.reason.length).toBeLessThan(1000);
    return;
  }
  const { job, key, state = '', message = '' } = read.hint;
  expect(canonical(job)).toBe(job);
  expect(decodeURIComponent(encodeURIComponent(job))).toBe(job);
  expect(key.length).toBeGreaterThan(0);
  expect(Math.max(key.length, state.length)).toBeLessThanOrEqual(256);
  expect(message.length).toBeLessThanOrEqual(1024);
  expect([key, state, message].every((text) => text.isWellFormed())).toBe(true);
}

const ofTencent = (job: string) => tencentJobName(job);
const ofVertexAi = (job: string) => canonicalJobName(job, PROJECTS);

describe('hints about Vertex AI', () => {
  holdsPurely(
    'every push of Pub/Sub is a hint, ignored, or a dead letter',
    fc.tuple(pushBodies, headers),
    ([body, with_]) => expectSound(readPubsubPush(body, with_, { projects: PROJECTS }), ofVertexAi),
  );

  holdsPurely('so is every message that is pulled', pubsubMessages, (message) => {
    if (typeof message !== 'object' || message === null || Array.isArray(message)) return;
    expectSound(readPubsubMessage(message as Record<string, unknown>, PROJECTS), ofVertexAi);
  });

  const event = (data: unknown) => ({
    specversion: '1.0',
    id: 'e1',
    source: '//s',
    type: 'google.cloud.audit.log.v1.written',
    data,
    data_base64: base64(data),
  });
  const binary = fc.tuple(pushBodies, headers);
  const structured = fc.tuple(
    arriving(contents.chain((content) => mutated(event(content)))),
    headers.map((more) => ({ ...more, 'content-type': 'application/cloudevents+json' })),
  );
  holdsPurely('so is every event of Eventarc', fc.oneof(binary, structured), ([body, with_]) =>
    expectSound(readEventarc(body, with_, { projects: PROJECTS }), ofVertexAi),
  );
});

describe('pushes of Tencent Batch', () => {
  const events = {
    Events: [
      { EventVersion: 'v1', EventTime: '2026-01-01T00:00:00Z', Batch: { JobId: 'job-x1' }, EventName: 'JOB_FAILED' },
      { EventName: 'TASK_FAILED', Batch: { JobId: 'job-x1', TaskName: 't' }, EventVars: [{ Name: 'a', Value: 'b' }] },
      { EventName: 'COMPUTE_NODE_CREATED', Batch: { EnvId: 'env-1', ComputeNodeId: 'node-1' } },
    ],
  };
  const texts = mutated(events).map((value) => JSON.stringify(value) ?? '');
  const inside = fc
    .tuple(texts, fc.constantFrom('text', 'base64', 'value'))
    .map(([text, as]) =>
      as === 'base64' ? Buffer.from(text).toString('base64') : as === 'text' ? text : JSON.parse(text || 'null'),
    )
    .chain((msgBody) => mutated({ msgId: '1', msgBody, publishTime: 1750861210, TopicName: 't' }))
    .map((value) => JSON.stringify(value) ?? '');
  const bodies = fc.oneof(
    texts,
    texts.map((text) => Buffer.from(text).toString('base64')),
    inside,
    fc.tuple(fc.oneof(texts, inside), fc.nat()).map(([text, at]) => deepAt(text, at, 20_000)),
    hostileText,
  );
  const headersOfCmq = fc.record({ 'x-cmq-message-id': hostileText }, { requiredKeys: [] });

  holdsPurely('are hints, events to pass on, or dead letters', fc.tuple(bodies, headersOfCmq), ([body, with_]) => {
    const readings = readCmqPush(body, with_, 1_750_861_210_000);
    expect(readings).not.toEqual([]);
    for (const reading of readings) {
      if (reading.kind !== 'event' && reading.kind !== 'event_without_job') {
        expectSound(reading, ofTencent);
        continue;
      }
      if (reading.kind === 'event') expect(ofTencent(reading.job)).toBe(reading.job);
      const { key, type, timestamp } = reading.event;
      expect(key.length).toBeLessThanOrEqual(256);
      expect(key.isWellFormed()).toBe(true);
      expect(PASSED_THROUGH_EVENT_TYPES).toContain(type);
      expect(Date.parse(timestamp)).not.toBeNaN();
    }
  });
});

describe('messages of MONAI', () => {
  const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '');
  const messages = (name: string) => fc.oneof(mutated(fixture(`monai/${name}`)), hostileJson).map(bytesOf);

  holdsPurely('of a dispatch no credential is kept, whatever it looks like', messages('dispatch'), (bytes) => {
    const dispatch = readDispatch(bytes);
    if (dispatch.kind === 'invalid') return expect(dispatch.reason).not.toBe('');
    expect(dispatch.value.execution_id.trim()).not.toBe('');
    expect(JSON.stringify(dispatch.value)).not.toMatch(/"credentials":/i);
  });

  holdsPurely('a callback has an identity that Argo may have, or is refused', messages('callback'), (bytes) => {
    const callback = readCallback(bytes);
    if (callback.kind === 'invalid') return expect(callback.reason).not.toBe('');
    expect(callback.value.identity).toMatch(/^[a-z0-9.-]{1,63}$/);
  });

  holdsPurely('a cancellation names its task, or is refused', messages('cancellation'), (bytes) => {
    const cancellation = readCancellation(bytes);
    if (cancellation.kind === 'invalid') return expect(cancellation.reason).not.toBe('');
    expect(cancellation.value.execution_id.trim()).not.toBe('');
  });
});

describe('services under providers.http', () => {
  const services = EXAMPLES.map(exampleService);
  const events = fc.oneof(
    mutated({ id: 'evt_1', object: 'event', type: 'batch.completed', data: { id: 'batch_67f7bfc50b28819' } }),
    mutated({ id: 'ufawqhfynnddngldkgtslldrkq', status: 'succeeded', output: null }),
    mutated({ type: 'batch.succeeded', data: { id: 'batches/abc123', output_file_uri: 'x' } }),
    mutated({ job: { id: 7, state: 'done' } }),
    hostileJson,
  );
  const bodies = fc.oneof(
    events.map((event) => Buffer.from(JSON.stringify(event) ?? '')),
    fc.uint8Array({ maxLength: 200 }),
  );
  holdsPurely(
    'every webhook is a hint, ignored, or a dead letter',
    fc.tuple(fc.constantFrom(...services), bodies, fc.uuid()),
    ([service, body, id]) =>
      expectSound(readWebhook(service, { id, body }), (job) =>
        canonicalHttpName(service.name, service.jobPattern, job),
      ),
  );

  const answers = fc.oneof(
    ...['openai-batch-completed', 'gemini-batch-succeeded', 'replicate-prediction-succeeded'].map((name) =>
      mutated(fixture(`http/${name}`)),
    ),
  );
  holdsPurely(
    'every answer is a status whose texts are bounded',
    fc.tuple(fc.constantFrom(...services), answers),
    ([service, answer]) => {
      const { status } = toJobStatus(answer, service);
      const { artifacts, ...rest } = status;
      expect(JSON.stringify(rest).length).toBeLessThan(32 * 1024);
      expect(artifacts.every(({ uri }) => uri.length <= 2048)).toBe(true);
      expect(JSON.stringify(status).isWellFormed()).toBe(true);
    },
  );
});

describe('SPEC-001', () => {
  const provider = createSpec001Provider(testConfig({}).providers['spec-001']);
  const messages = fc.oneof(
    mutated(heartbeatMessage()),
    mutated(statusMessage({ data: { status: 'COMPLETED', results: RESULTS, message: 'done', progress: { done: 3 } } })),
    mutated(statusMessage({ data: { status: 'FAILED', progress: { percentage: 0.5, x: 1 } } })),
    hostileJson,
  );

  holdsPurely('every message is read, or its faults are told', messages, (message) => {
    const read = readMessage(message);
    if (read.kind === 'invalid') return expectFaults(read.faults);
    expect(provider.canonicalJobName(read.job)).toBe(read.job);
    expect(read.key).toMatch(/^[0-9a-f-]{36}$/);
    if (read.kind === 'heartbeat') expect(read.heartbeat_deadline_seconds).toBeGreaterThan(0);
    else expect(() => statusReport.read(read.data)).not.toThrow();
  });

  const telling = {
    format: 'spec-001',
    source: { application: 'jobherald', environment_type: 'test' },
  } as const;
  const about = { provider: 'spec-001', job: '00000000-0000-4000-8000-000000000000' };
  const input = { ...about, idempotency_key: 'k', correlation_id: about.job, metadata: {}, labels: {} };
  const reports = messages.map((message) => (message as { readonly data?: unknown } | null)?.data ?? message);

  holdsPurely('what a report says is told again as a message that is valid', reports, (report) => {
    const status = statusOfReport(report, NOT_ASKED_YET);
    if (!status) return;
    const event = makeEvent({ input, status, sequence: 1, now: 0 }, 'job.progress', [1]);
    const { body } = render(event, telling);
    expect(spec001Faults(JSON.parse(body))).toEqual([]);
    expect(Buffer.from(body).toString()).toBe(body);
  });
});

describe('submissions and requests', () => {
  const config = testConfig({
    endpoints: [
      { name: 'orders', url: 'https://orders.example.com/' },
      { name: 'batch', url: 'https://batch.example.com/', format: 'tencent-batch' },
    ],
  });
  const providers = createProviders(config, { warn: () => undefined });
  const asSubmission = bodyValidator<Submission>('Submission');
  const submission = {
    provider: 'vertex-ai',
    job: JOB,
    idempotency_key: 'k',
    correlation_id: 'c',
    endpoints: [
      'orders',
      { name: 'orders', events: ['job.failed'], vars: [{ name: 'a', value: 'b' }] },
      { url: 'https://8.8.8.8/hook', secret: 'orders', events: ['job.succeeded'], format: 'vertex-ai' },
    ],
    heartbeat_deadline_seconds: 60,
    metadata: { a: { b: [1, 'x', null] } },
    labels: { team: 'shop' },
  };
  const { endpoints: _, ...withoutEndpoints } = submission;
  const event_configs = [{ event_name: 'JOB_FAILED', event_vars: [{ name: 'a', value: 'b' }] }];
  const notified = { ...withoutEndpoints, notifications: [{ topic_name: 'batch', event_configs }] };
  const asked = fc.oneof(
    mutated(submission),
    mutated({ ...submission, endpoints: ['orders'] }),
    mutated(notified),
    hostileJson,
  );

  holdsPurely('every submission is one for a job in its one spelling, or its faults are told', asked, (body) => {
    const resolved = orRefused(() => resolveSubmission(asSubmission(body), config, providers));
    if (!resolved) return;
    const { job, idempotency_key, subscriptions } = resolved.input;
    expect(providers.get('vertex-ai')?.canonicalJobName(job)).toBe(job);
    expect(idempotency_key).not.toBe('');
    expect(subscriptions).not.toEqual([]);
    // What the run is given is what Temporal gives back (but for -0, which JSON writes as 0).
    const text = JSON.stringify(resolved.input);
    expect(JSON.stringify(JSON.parse(text))).toBe(text);
  });

  const SHAPES = ['Completion', 'Heartbeat', 'RedeliveryRequest', 'RetryRequest', 'BulkRedeliveryRequest'] as const;
  const requests = mutated({
    ...{ idempotency_key: 'k', state: 'COMPLETED', message: 'm', heartbeat_deadline_seconds: 5, description: 'd' },
    ...{ endpoint: 'orders', event: 'job.failed', since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' },
  });
  holdsPurely(
    'every other request is taken or refused with its faults',
    fc.tuple(fc.constantFrom(...SHAPES), fc.oneof(requests, hostileJson)),
    ([shape, body]) => orRefused(() => bodyValidator(shape)(body)),
  );
});

function orRefused<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof JobHeraldError)) throw error;
    expect(['bad_request', 'unprocessable', 'too_large']).toContain(error.code);
    expect(error.message).not.toBe('');
    if (error.code !== 'too_large') expectFaults(error.faults);
    return undefined;
  }
}

function expectFaults(faults: readonly Fault[]): void {
  expect(faults).not.toEqual([]);
  for (const { pointer, detail } of faults) {
    expect(pointer).toMatch(/^(\/|$)/);
    expect(detail).not.toBe('');
  }
}
