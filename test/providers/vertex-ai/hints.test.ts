import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudEvent, HTTP } from 'cloudevents';
import fc from 'fast-check';
import type { ReadHint } from '../../../src/providers/hint';
import { readEventarc } from '../../../src/providers/vertex-ai/hints/eventarc';
import { readPubsubMessage, readPubsubPush } from '../../../src/providers/vertex-ai/hints/pubsub';

const fixture = (name: string) =>
  JSON.parse(readFileSync(join(__dirname, '../../fixtures/vertex-ai', `${name}.json`), 'utf8'));
const base64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');

const CONFIG = { projects: { 'shop-ml': '482013377105' } };
const JOB = 'projects/482013377105/locations/europe-west4/batchPredictionJobs/3190772846511423488';
const PIPELINE = 'projects/482013377105/locations/europe-west4/pipelineJobs/nightly-train-20260301010000';
const BY_ID = JOB.replace('482013377105', 'shop-ml');

const push = (body: unknown, headers = {}) => readPubsubPush(body, headers, CONFIG);
const wrapped = (data: unknown, more: object = {}) =>
  push({ message: { data: base64(data), messageId: '42', ...more } });
const entry = (data: unknown) => wrapped(data);
const hint = (job: string, key: string, more: object = {}): ReadHint => ({
  kind: 'hint',
  hint: { provider: 'vertex-ai', job, key, ...more },
});

describe('a log entry', () => {
  it('of a pipeline job names it by its labels and has its state', () => {
    expect(entry(fixture('log-entry-pipeline-job'))).toEqual(
      hint(PIPELINE, '42', { state: 'PIPELINE_STATE_SUCCEEDED' }),
    );
  });

  it("of a pipeline's task names the job, and the task's state is not taken for the job's", () => {
    expect(entry(fixture('log-entry-pipeline-task'))).toEqual(hint(PIPELINE, '42'));
  });

  it('of a cancel names the job by resourceName, without a state', () => {
    expect(entry(fixture('log-entry-audit-cancel'))).toEqual(hint(JOB, '42', { message: 'CancelBatchPredictionJob' }));
  });

  it('of a create whose resourceName is the parent names the job by the response', () => {
    expect(entry(fixture('log-entry-audit-create'))).toEqual(hint(JOB, '42', { message: 'CreateBatchPredictionJob' }));
  });

  it('of a read is ignored, so that no poll causes the next', () => {
    expect(entry(fixture('log-entry-audit-get'))).toMatchObject({
      kind: 'ignored',
      reason: expect.stringMatching(/GetBatchPredictionJob/),
    });
  });

  it.each([
    [{ job_id: '7', location: 'us-central1', project_id: 'shop-ml' }],
    [{ batch_prediction_job_id: '7', location: 'us-central1', project_id: '482013377105' }],
    [{ job_id: '7', location: 'us-central1', resource_container: 'projects/shop-ml' }],
    [{ job_id: '7', location: 'us-central1' }],
  ])('of another kind of job is read by the labels %j', (labels) => {
    const logName = 'projects/shop-ml/logs/somebodys-own';
    const resource = { type: 'aiplatform.googleapis.com/BatchPredictionJob', labels };
    expect(entry({ logName, resource })).toEqual(
      hint('projects/482013377105/locations/us-central1/batchPredictionJobs/7', '42'),
    );
  });

  it.each<[string, object]>([
    ['another service', { protoPayload: { serviceName: 'storage.googleapis.com', resourceName: JOB } }],
    ['another resource', { logName: 'l', resource: { type: 'k8s_container', labels: {} } }],
    [
      'an endpoint',
      {
        protoPayload: {
          serviceName: 'aiplatform.googleapis.com',
          resourceName: JOB.replace('batchPredictionJobs', 'endpoints'),
        },
      },
    ],
    [
      'an endpoint by its type',
      { jsonPayload: {}, resource: { type: 'aiplatform.googleapis.com/Endpoint', labels: {} } },
    ],
    [
      'a create that was refused',
      {
        protoPayload: {
          serviceName: 'aiplatform.googleapis.com',
          methodName: 'x.CreateCustomJob',
          status: { code: 7 },
        },
      },
    ],
  ])('of %s is ignored', (_what, logEntry) => {
    expect(entry(logEntry)).toMatchObject({ kind: 'ignored' });
  });

  it.each<[object]>([
    [{ protoPayload: { serviceName: 'aiplatform.googleapis.com', resourceName: 'projects/p/locations/l' } }],
    [
      {
        resource: { type: 'aiplatform.googleapis.com/PipelineJob', labels: { location: 'us-central1' } },
        logName: 'l',
      },
    ],
    [
      {
        resource: {
          type: 'aiplatform.googleapis.com/PipelineJob',
          labels: { pipeline_job_id: '../x', location: 'l', project_id: 'p' },
        },
      },
    ],
  ])('that names no job is a dead letter: %j', (logEntry) => {
    expect(entry(logEntry)).toMatchObject({ kind: 'dead_letter', reason: expect.stringMatching(/names no job/) });
  });
});

describe("a handler's own message", () => {
  it.each<[string, object, object]>([
    ['a job', { job: BY_ID }, {}],
    [
      'a job, its state and a message',
      { job: BY_ID, state: 'SUCCEEDED', message: 'done' },
      { state: 'SUCCEEDED', message: 'done' },
    ],
    ['a resource as REST returns it', fixture('batch-prediction-succeeded-gcs'), { state: 'JOB_STATE_SUCCEEDED' }],
    ['a resource by its full name', { name: `//aiplatform.googleapis.com/${BY_ID}` }, {}],
  ])('with %s is a hint', (_what, data, more) => {
    expect(wrapped(data)).toEqual(hint(JOB, '42', more));
  });

  it('may be attributes alone', () => {
    const message = { attributes: { job: BY_ID, state: 'JOB_STATE_FAILED' }, messageId: '42' };
    expect(push({ message, subscription: 's' })).toEqual(hint(JOB, '42', { state: 'JOB_STATE_FAILED' }));
    expect(wrapped('no JSON', { attributes: { job: BY_ID } })).toEqual(hint(JOB, '42'));
  });

  it.each<[unknown, RegExp]>([
    [{ message: { data: base64('hello'), messageId: '42' } }, /not JSON/],
    [{ message: { data: base64('[1]'), messageId: '42' } }, /not a JSON object/],
    [{ message: { data: 'AQIDBA==', messageId: '42' } }, /not JSON/],
    [{ message: { messageId: '42' } }, /no data and no attribute "job"/],
    [{ message: { data: base64({ greeting: 'hello' }) } }, /neither "job" nor "name"/],
    [{ message: { data: base64({ job: 'nightly' }) } }, /not a Vertex AI job: "nightly"/],
    [{ message: { attributes: { job: 'nightly' } } }, /not a Vertex AI job: "nightly"/],
    ['{"job": ', /not JSON/],
    ['', /not JSON/],
  ])('that cannot be used is a dead letter with its reason: %j', (body, reason) => {
    expect(push(body)).toMatchObject({ kind: 'dead_letter', reason: expect.stringMatching(reason) });
  });
});

describe('a Pub/Sub push', () => {
  it.each([{ messageId: '42' }, { message_id: '42' }, { messageId: '42', message_id: '42' }])(
    'has its key from %j',
    (ids) => {
      expect(push({ message: { data: base64({ job: JOB }), ...ids }, subscription: 's' })).toEqual(hint(JOB, '42'));
    },
  );

  it('is read behind a byte order mark, and so is the message in it', () => {
    const data = base64(`\uFEFF${JSON.stringify({ job: JOB })}`);
    const body = `\uFEFF${JSON.stringify({ message: { data, messageId: '42' } })}`;
    expect(push(body)).toEqual(hint(JOB, '42'));
    expect(push(Buffer.from(body))).toEqual(hint(JOB, '42'));
  });

  it('may come as text and as bytes', () => {
    const body = JSON.stringify({ message: { data: base64({ job: JOB }), messageId: '42' } });
    expect(push(body)).toEqual(hint(JOB, '42'));
    expect(push(Buffer.from(body))).toEqual(hint(JOB, '42'));
  });

  it('may be unwrapped, with its id in a header', () => {
    const body = JSON.stringify(fixture('log-entry-pipeline-job'));
    expect(push(body, { 'x-goog-pubsub-message-id': '43' })).toEqual(
      hint(PIPELINE, '43', { state: 'PIPELINE_STATE_SUCCEEDED' }),
    );
  });

  it('that is unwrapped and without metadata has its key from insertId, else from the body', () => {
    expect(push(fixture('log-entry-pipeline-job'))).toMatchObject({ hint: { key: '9f2c1d7e' } });
    const keyOf = (body: unknown) => (push(body) as { hint: { key: string } }).hint.key;
    const body = JSON.stringify({ job: JOB });
    expect(keyOf(body)).toMatch(/^[0-9a-f]{64}$/);
    expect(keyOf(Buffer.from(body))).toBe(keyOf(body));
    expect(keyOf(JSON.stringify({ job: JOB, state: 'JOB_STATE_FAILED' }))).not.toBe(keyOf(body));
  });

  it('has bounded, well-formed texts', () => {
    const read = wrapped(
      { job: JOB, state: 'S'.repeat(9999), message: `${'m'.repeat(1023)}😀` },
      { messageId: 'k'.repeat(9999) },
    );
    expect(read).toEqual(
      hint(JOB, expect.stringMatching(/^[0-9a-f]{64}$/), {
        state: 'S'.repeat(64),
        message: `${'m'.repeat(1023)}\ufffd`,
      }),
    );
  });

  it('has a bounded reason, whatever it quotes', () => {
    const protoPayload = { serviceName: 's'.repeat(9999) };
    const read = wrapped({ protoPayload });
    expect(read).toMatchObject({ kind: 'ignored', reason: expect.stringMatching(/^log entry of s{400}/) });
    expect((read as { readonly reason: string }).reason.length).toBeLessThanOrEqual(500);
  });

  it('is read the same from a pull, with bytes for data', () => {
    const message = { data: Buffer.from(JSON.stringify({ job: BY_ID })), messageId: '42', attributes: {} };
    expect(readPubsubMessage(message, CONFIG.projects)).toEqual(hint(JOB, '42'));
  });
});

describe('an Eventarc event', () => {
  const PUBSUB = 'google.cloud.pubsub.topic.v1.messagePublished';
  const AUDIT = 'google.cloud.audit.log.v1.written';
  const send = (mode: 'binary' | 'structured', type: string, data: unknown) => {
    const { headers, body } = HTTP[mode](new CloudEvent({ id: 'e1', source: '//s', type, data }));
    return readEventarc(body, headers as Record<string, string>, CONFIG);
  };

  describe.each(['binary', 'structured'] as const)('in %s mode', (mode) => {
    it('of a Pub/Sub message is read, and its key is the id of the event', () => {
      const data = { message: { data: base64(fixture('log-entry-pipeline-job')), messageId: '42' }, subscription: 's' };
      expect(send(mode, PUBSUB, data)).toEqual(hint(PIPELINE, 'e1', { state: 'PIPELINE_STATE_SUCCEEDED' }));
    });

    it('of an audit entry is read', () => {
      expect(send(mode, AUDIT, fixture('log-entry-audit-cancel'))).toEqual(
        hint(JOB, 'e1', { message: 'CancelBatchPredictionJob' }),
      );
    });

    it('of another type is ignored', () => {
      expect(send(mode, 'google.cloud.storage.object.v1.finalized', {})).toMatchObject({ kind: 'ignored' });
    });
  });

  it('may carry its data in base64', () => {
    const body = {
      specversion: '1.0',
      id: 'e1',
      source: '//s',
      type: AUDIT,
      data_base64: base64(fixture('log-entry-audit-cancel')),
    };
    const headers = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
    expect(readEventarc(JSON.stringify(body), headers, CONFIG)).toMatchObject({
      kind: 'hint',
      hint: { job: JOB, key: 'e1' },
    });
  });

  it.each<[Record<string, string>, string]>([
    [{}, '{}'],
    [{ 'ce-id': 'e1', 'content-type': 'application/json' }, '{}'],
    [{ 'ce-type': AUDIT, 'content-type': 'application/json' }, '{}'],
    [{ 'content-type': 'application/cloudevents+json' }, `{"type":"${AUDIT}"}`],
    [{ 'content-type': 'application/cloudevents-batch+json' }, '[]'],
    [{ 'ce-id': 'e1', 'ce-type': PUBSUB }, '{}'],
    [{ 'ce-id': 'e1', 'ce-type': AUDIT }, 'no JSON'],
  ])('that cannot be used (%j %s) is a dead letter', (headers, body) => {
    expect(readEventarc(body, headers, CONFIG)).toMatchObject({ kind: 'dead_letter' });
  });
});

describe('no body at all', () => {
  const kinds = ['hint', 'ignored', 'dead_letter'];
  const logEntry = fc.record(
    {
      protoPayload: fc.oneof(
        fc.jsonValue(),
        fc.record(
          {
            serviceName: fc.jsonValue(),
            resourceName: fc.jsonValue(),
            response: fc.jsonValue(),
            status: fc.jsonValue(),
            methodName: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
      ),
      resource: fc.oneof(
        fc.jsonValue(),
        fc.record({
          type: fc.constantFrom('aiplatform.googleapis.com/PipelineJob', 'audited_resource', 7),
          labels: fc.jsonValue(),
        }),
      ),
      insertId: fc.jsonValue(),
      logName: fc.jsonValue(),
      jsonPayload: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const content = fc.oneof(
    fc.jsonValue(),
    logEntry,
    fc.record({ job: fc.jsonValue(), name: fc.jsonValue(), state: fc.jsonValue() }),
  );
  const message = fc.record(
    {
      data: fc.oneof(fc.jsonValue(), content.map(base64)),
      attributes: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())),
      messageId: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const body = fc.oneof(
    content,
    fc.record({ message: fc.oneof(message, fc.jsonValue()) }),
    fc.string(),
    fc.uint8Array(),
  );

  it('makes the readers throw', () => {
    fc.assert(
      fc.property(
        body,
        fc.boolean(),
        fc.constantFrom('application/json', 'application/cloudevents+json'),
        (value, asText, contentType) => {
          const sent = asText ? JSON.stringify(value) : value;
          expect(kinds).toContain(push(sent).kind);
          const headers = {
            'content-type': contentType,
            'ce-id': 'e1',
            'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
          };
          expect(kinds).toContain(readEventarc(sent, headers, CONFIG).kind);
          expect(kinds).toContain(
            readEventarc(sent, { ...headers, 'ce-type': 'google.cloud.audit.log.v1.written' }, CONFIG).kind,
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('makes a hint that nests deeper than a stack', () => {
    const deep = `{"job":"${JOB}","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(kinds).toContain(push(deep).kind);
    expect(kinds).toContain(wrapped(deep).kind);
  });
});
