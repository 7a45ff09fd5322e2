import type { JsonObject } from '../../../src/domain/json';
import { TENCENT_EVENT_NAMES } from '../../../src/providers/tencent-batch/event-name';
import { readCmqPush } from '../../../src/providers/tencent-batch/hints/cmq-push';
import {
  base64,
  batchEvent,
  COMPUTE_NODE_CREATED,
  envelope,
  JOB,
  JOB_FAILED,
  JOB_SUCCEED,
  published,
  TASK_INSTANCE_RUNNING,
} from './events';

const RECEIVED = Date.parse('2026-03-01T09:00:00Z');
const read = (body: string, headers: JsonObject = {}) => readCmqPush(body, headers, RECEIVED);
const keyOf = (body: string, headers: JsonObject = {}) => keysOf(body, headers)[0];
const keysOf = (body: string, headers: JsonObject = {}) =>
  read(body, headers).map((reading) => {
    if (reading.kind === 'hint') return reading.hint.key;
    if (reading.kind === 'event' || reading.kind === 'event_without_job') return reading.event.key;
    throw new Error(`no key: ${JSON.stringify(reading)}`);
  });

describe('a job event becomes a hint', () => {
  test.each<[string, string, JsonObject]>([
    ['in the JSON form', envelope(published(JOB_SUCCEED)), {}],
    ['in base64', envelope(base64(published(JOB_SUCCEED))), {}],
    ['in base64 broken into lines', envelope(base64(published(JOB_SUCCEED)).replace(/(.{76})/g, '$1\n')), {}],
    ['as JSON and not as text', envelope({ Events: [JOB_SUCCEED] }), {}],
    ['SIMPLIFIED', published(JOB_SUCCEED), { 'x-cmq-message-id': '6942316963' }],
    ['SIMPLIFIED in base64', base64(published(JOB_SUCCEED)), { 'x-cmq-message-id': '6942316963' }],
    ['SIMPLIFIED in quotes', JSON.stringify(published(JOB_SUCCEED)), { 'x-cmq-message-id': '6942316963' }],
    ['in the JSON form with a number for an id', envelope(published(JOB_SUCCEED), { msgId: 6942316963 }), {}],
  ])('%s', (_form, body, headers) => {
    expect(read(body, headers)).toEqual([
      {
        kind: 'hint',
        hint: {
          provider: 'tencent-batch',
          job: JOB,
          key: expect.stringMatching(/^6942316963\/0\/[0-9a-f]{16}$/),
          state: 'SUCCEED',
        },
      },
    ]);
  });

  test('with the reason as its message', () => {
    expect(read(published(JOB_FAILED))).toMatchObject([{ hint: { state: 'FAILED', message: 'exit code 1' } }]);
  });

  test('with its name as the state, where it has none', () => {
    expect(read(published(batchEvent('JOB_RUNNING', { JobId: JOB })))).toMatchObject([
      { hint: { state: 'JOB_RUNNING' } },
    ]);
  });

  test('whose texts are bounded', () => {
    const event = batchEvent('JOB_FAILED', { JobId: JOB, JobState: 's'.repeat(100), StateReason: 'r'.repeat(10_000) });
    expect(read(published(event))).toMatchObject([{ hint: { state: 's'.repeat(64), message: 'r'.repeat(1024) } }]);
  });
});

test('a message is read behind a byte order mark, in an envelope too', () => {
  const events = { Events: [{ EventName: 'JOB_FAILED', Batch: { JobId: 'job-x1' } }] };
  const bare = `\uFEFF${JSON.stringify(events)}`;
  for (const body of [bare, JSON.stringify({ msgId: '1', msgBody: bare }), Buffer.from(bare).toString('base64')]) {
    expect(readCmqPush(body, {}, 0)).toMatchObject([{ kind: 'hint', hint: { job: 'job-x1' } }]);
  }
});

describe('the key', () => {
  test('is the same when the same message comes again, in whichever form', () => {
    const first = keyOf(envelope(published(JOB_SUCCEED)));
    expect(keyOf(envelope(published(JOB_SUCCEED), { publishTime: 1 }), { 'x-cmq-request-id': '2' })).toBe(first);
    expect(keyOf(published(JOB_SUCCEED), { 'x-cmq-message-id': '6942316963' })).toBe(first);
  });

  test('is another for another message, and for each event of one', () => {
    const other = envelope(published(JOB_SUCCEED), { msgId: '6942316964' });
    const keys = [...keysOf(envelope(published(JOB_SUCCEED, JOB_SUCCEED))), keyOf(other)];
    expect(new Set(keys).size).toBe(3);
  });

  test('is another for other content under the same id', () => {
    expect(keyOf(envelope(published(JOB_SUCCEED)))).not.toBe(keyOf(envelope(published(JOB_FAILED))));
  });

  test('is a hash of the content where CMQ has no id', () => {
    expect(keyOf(published(JOB_SUCCEED))).toMatch(/^[0-9a-f]{64}$/);
    expect(keyOf(envelope(published(JOB_SUCCEED), { msgId: undefined }))).toBe(keyOf(published(JOB_SUCCEED)));
  });
});

describe('an event of a task or a task instance is passed on to its job, as it came', () => {
  test('with type, time and message', () => {
    expect(read(envelope(published(TASK_INSTANCE_RUNNING)))).toEqual([
      {
        kind: 'event',
        job: JOB,
        event: {
          key: expect.stringMatching(/^6942316963\/0\//),
          type: 'task_instance.running',
          timestamp: '2026-03-01T08:00:00Z',
          message: TASK_INSTANCE_RUNNING,
        },
      },
    ]);
  });

  test.each([
    [
      'when it was published',
      envelope(published({ ...TASK_INSTANCE_RUNNING, EventTime: undefined })),
      '2026-03-01T08:00:01Z',
    ],
    ['when it was received', published({ ...TASK_INSTANCE_RUNNING, EventTime: 'yesterday' }), '2026-03-01T09:00:00Z'],
  ])('at the time %s, where it has none', (_when, body, timestamp) => {
    expect(read(body)).toMatchObject([{ event: { timestamp } }]);
  });

  test('so is one of a compute node that names a job', () => {
    const event = batchEvent('COMPUTE_NODE_RUNNING', { JobId: JOB, ComputeNodeId: 'node-1' });
    expect(read(published(event))).toMatchObject([
      { kind: 'event', job: JOB, event: { type: 'compute_node.running' } },
    ]);
  });
});

describe('an event of a compute environment or node belongs to no job', () => {
  const workflowId = (event: object) => {
    const [reading] = read(published(event));
    return reading?.kind === 'event_without_job' ? reading.event.workflow_id : undefined;
  };

  test('and has a run of its own', () => {
    expect(read(envelope(published(COMPUTE_NODE_CREATED)))).toEqual([
      {
        kind: 'event_without_job',
        event: {
          key: expect.stringMatching(/^6942316963\/0\//),
          type: 'compute_node.created',
          timestamp: '2026-03-01T08:00:00Z',
          message: COMPUTE_NODE_CREATED,
          workflow_id: expect.stringMatching(/^tencent-batch\/event\/[0-9a-f]{64}$/),
        },
      },
    ]);
  });

  test('which is the same for the same event, whatever its other members and their order', () => {
    const { EnvId, ...batch } = COMPUTE_NODE_CREATED.Batch as { EnvId: string };
    const again = {
      ...COMPUTE_NODE_CREATED,
      Batch: { ...batch, Mem: 16, EnvId },
      EventVars: [{ Name: 'a', Value: 'b' }],
    };
    expect(workflowId(again)).toBe(workflowId(COMPUTE_NODE_CREATED));
  });

  test.each<[string, object]>([
    ['name', { ...COMPUTE_NODE_CREATED, EventName: 'COMPUTE_NODE_RUNNING' }],
    ['time', { ...COMPUTE_NODE_CREATED, EventTime: '2026-03-01T08:00:01Z' }],
    ['node', { ...COMPUTE_NODE_CREATED, Batch: { ...COMPUTE_NODE_CREATED.Batch, ComputeNodeId: 'node-2' } }],
  ])('and another for another %s', (_what, other) => {
    expect(workflowId(other)).not.toBe(workflowId(COMPUTE_NODE_CREATED));
  });
});

test('several events of one message are read in their order', () => {
  const kinds = read(envelope(published(JOB_SUCCEED, {}, TASK_INSTANCE_RUNNING, COMPUTE_NODE_CREATED))).map(
    ({ kind }) => kind,
  );
  expect(kinds).toEqual(['hint', 'dead_letter', 'event', 'event_without_job']);
});

test.each(TENCENT_EVENT_NAMES)('%s is known', (name) => {
  const [reading] = read(published(batchEvent(name, { JobId: JOB })));
  expect(reading?.kind).toBe(name.startsWith('JOB_') ? 'hint' : 'event');
});

describe('what can never be used is a dead letter with its reason', () => {
  test.each<[string, string, RegExp]>([
    ['an empty body', '', /neither JSON nor base64/],
    ['a body that is not JSON', 'hello', /neither JSON nor base64/],
    ['a message of somebody else', envelope('test message'), /neither JSON nor base64/],
    ['a message without Events', envelope('{"hello":"world"}'), /no Events/],
    ['a list', '[]', /no Events/],
    ['no events', published(), /no Events/],
    ['Events that are not a list', '{"Events":{}}', /no Events/],
    ['an event that is not an object', published('JOB_FAILED'), /Events\/0 is not an object/],
    ['an event without a name', published({ Batch: { JobId: JOB } }), /no EventName/],
    ['a job event without a JobId', published(batchEvent('JOB_FAILED', {})), /JOB_FAILED names no job/],
    ['a job event without a Batch', published({ EventName: 'JOB_FAILED' }), /JOB_FAILED names no job/],
    [
      'a task event without a JobId',
      published(batchEvent('TASK_FAILED', { TaskName: 't' })),
      /TASK_FAILED names no job/,
    ],
    ['a JobId that is none', published(batchEvent('JOB_FAILED', { JobId: '../x' })), /not a JobId: "..\/x"/],
    [
      'a name that is not known',
      published(batchEvent('JobSucceed', { JobId: JOB })),
      /"JobSucceed" is not known; did you mean JOB_SUCCEED\?$/,
    ],
    ['a name like no other', published(batchEvent('X', { JobId: JOB })), /"X" is not known$/],
  ])('%s', (_what, body, reason) => {
    expect(read(body)).toEqual([{ kind: 'dead_letter', reason: expect.stringMatching(reason) }]);
  });

  test.each(['{"__proto__":{"Events":[]}}', '{"constructor":1}', 'null', '"x"', '1', 'e30=', '{"msgBody":null}'])(
    '%s',
    (body) => {
      expect(read(body)).toEqual([{ kind: 'dead_letter', reason: expect.any(String) }]);
    },
  );
});

test.each([
  ['an event', { Events: [{ ...JOB_FAILED, more: '@' }] }],
  ["an event's name", { Events: [{ ...JOB_FAILED, EventName: '@' }] }],
  ['the time of its publication', { msgId: '1', msgBody: published(JOB_FAILED), publishTime: '@' }],
])('nesting without end and members called toString do no harm in %s', (_where, body) => {
  for (const harm of ['['.repeat(20_000) + ']'.repeat(20_000), '{"toString":1,"valueOf":1}']) {
    const readings = read(JSON.stringify(body).replace('"@"', harm));
    expect(readings).toHaveLength(1);
    expect(['hint', 'dead_letter']).toContain(readings[0]?.kind);
  }
  expect(read(`{"Events":[{"EventName":"JOB_FAILED","more":${'['.repeat(65)}${']'.repeat(65)}}]}`)).toEqual([
    { kind: 'dead_letter', reason: 'Events/0 is nested deeper than 64 levels' },
  ]);
});
