import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SchemaName, schemas } from '../../schemas';
import type { Delivery } from '../../src/domain/delivery';
import { EVENT_TYPES } from '../../src/domain/event-type';
import { JOB_STATES } from '../../src/domain/job-state';
import { FORMATS } from '../../src/formats/vocabulary';
import { TENCENT_EVENT_NAMES } from '../../src/providers/tencent-batch/event-name';
import { aJob } from '../support/a-job';
import { violations } from './ajv';

const root = join(__dirname, '..', '..');
const all = Object.entries(schemas) as [SchemaName, object][];

/** Every subschema that describes a member of an object, with its path. */
function* membersIn(schema: unknown, path: string): Generator<readonly [string, Record<string, unknown>]> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') {
      for (const [name, member] of Object.entries(value as Record<string, Record<string, unknown> | boolean>)) {
        // A condition on whether there is such a member; it is described where it is defined.
        if (typeof member === 'boolean') continue;
        yield [`${path}/${name}`, member];
      }
    }
    yield* membersIn(value, key === 'properties' ? path : `${path}/${key}`);
  }
}

describe('the schemas', () => {
  it('are all in the index, each under its own file name', () => {
    const files = readdirSync(join(root, 'schemas')).filter((name) => name.endsWith('.schema.json'));
    const ids = Object.values(schemas).map(({ $id }) => $id);
    expect(ids.sort()).toEqual(files.map((name) => `https://jobherald.dev/schemas/${name}`).sort());
  });

  it.each(all.filter(([name]) => name !== 'Common'))('%s is titled as its type is named', (name, schema) => {
    expect(schema).toMatchObject({ title: name, $schema: 'https://json-schema.org/draft/2020-12/schema' });
  });

  it.each(all)('%s is valid in the strict mode of ajv', (name) => {
    expect(() => violations(name, {})).not.toThrow();
  });

  it.each(all)('%s describes each of its members, or refers to one that is described', (_, schema) => {
    const silent = [...membersIn(schema, '')].filter(([, member]) => !member['description'] && !member['$ref']);
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  it('list exactly the states, event types and formats of the domain', () => {
    const { JobState, EventType, Format } = schemas.Common.$defs;
    expect(JobState.enum).toEqual(JOB_STATES);
    expect(EventType.enum).toEqual(EVENT_TYPES);
    expect(Format.enum).toEqual(FORMATS);
  });

  it('let an event be named by its type or by the name that Tencent Batch has for it', () => {
    expect(schemas.Common.$defs.TencentEventName.enum).toEqual(TENCENT_EVENT_NAMES);
    expect(schemas.Common.$defs.EventName.enum).toEqual([...EVENT_TYPES, ...TENCENT_EVENT_NAMES]);
  });

  it('are what schemas/types.ts was generated from', () => {
    const check = () =>
      execFileSync(
        process.execPath,
        ['--require', './scripts/typescript-hook.js', 'scripts/generate-types.ts', '--check'],
        { cwd: root, stdio: 'pipe' },
      );
    expect(check).not.toThrow();
    expect(readFileSync(join(root, 'schemas/types.ts'), 'utf8')).toMatch(/^\/\/ Generated .* do not edit\./);
  });
});

describe('a submission', () => {
  const submission = {
    provider: 'vertex-ai',
    job: 'projects/p/locations/l/batchPredictionJobs/1',
    endpoints: ['orders'],
  };

  it('names endpoints, changes named ones, or gives them inline', () => {
    const endpoints = [
      'orders',
      { name: 'orders', events: ['job.failed'], vars: [{ name: 'a', value: '' }] },
      { url: 'https://a.example', secret: 's', events: ['job.running'], format: 'cloudevents', vars: [] },
    ];
    const rest = { idempotency_key: 'k', correlation_id: 'c', metadata: { a: [1] }, labels: { a: 'b' } };
    expect(violations('Submission', { ...submission, ...rest, endpoints, heartbeat_deadline_seconds: 0.5 })).toEqual(
      [],
    );
  });

  it.each([
    [{ endpoints: [] }, '/endpoints minItems'],
    [{ endpoints: undefined }, ' required'],
    [{ endpoints: [{ events: ['job.failed'] }] }, '/endpoints/0 required'],
    [{ endpoints: [{ name: 'a', url: 'https://a.example' }] }, '/endpoints/0 additionalProperties'],
    [{ endpoints: [{ name: 'a', events: ['job.done'] }] }, '/endpoints/0/events/0 enum'],
    [{ idempotencyKey: 'k' }, ' additionalProperties'],
    [{ heartbeat_deadline_seconds: 0 }, '/heartbeat_deadline_seconds exclusiveMinimum'],
    [{ labels: { a: 1 } }, '/labels/a type'],
    [{ metadata: [] }, '/metadata type'],
  ])('is refused with %j', (change, violation) => {
    expect(violations('Submission', JSON.parse(JSON.stringify({ ...submission, ...change })))).toContain(violation);
  });
});

describe('a completion', () => {
  it('may hold members that nobody knows, because a hint must not be lost for them', () => {
    expect(violations('Completion', { idempotency_key: 'k', state: 'anything', other: 1 })).toEqual([]);
  });
});

describe('a heartbeat', () => {
  it('must give a deadline of more than 0 seconds', () => {
    expect(violations('Heartbeat', { heartbeat_deadline_seconds: 30 })).toEqual([]);
    expect(violations('Heartbeat', { heartbeat_deadline_seconds: 0 })).toHaveLength(1);
    expect(violations('Heartbeat', {})).toEqual([' required']);
  });
});

describe('a job', () => {
  const delivery: Delivery = {
    id: 'orders/e',
    endpoint: 'orders',
    event: 'job.succeeded',
    webhook_id: 'e',
    state: 'delivered',
    attempts: [{ number: 1, time: '2025-01-01T00:00:00Z', status: 200, duration_ms: 1.5 }],
    attempt_count: 1,
  };
  const job = { ...aJob({ deliveries: [delivery] }), metadata: {} };

  it('is valid before its provider was asked, and after it ended', () => {
    const ended = {
      state: 'FAILED',
      provider_state: 'JOB_STATE_FAILED',
      phase: 'done',
      outcome: 'FAILED',
      error: { code: 3, message: 'm' },
      progress: { rows_total: 5, tokens: 6 },
      completed_by: 'heartbeat',
      artifacts: [{ uri: 'gs://b/d', type: 'GCS_DIRECTORY' }],
      warnings: ['w'],
    };
    expect(violations('Job', job)).toEqual([]);
    expect(violations('Job', { ...job, ...ended })).toEqual([]);
  });

  it('has an outcome only of the terminal states', () => {
    expect(violations('Job', { ...job, outcome: 'RUNNING' })).toEqual(['/outcome enum']);
  });

  it('has no other delivery states, phases or ways to complete', () => {
    const wrong = { phase: 'polling', completed_by: 'cron', deliveries: [{ ...delivery, state: 'lost' }] };
    expect(violations('Job', { ...job, ...wrong })).toEqual([
      '/phase enum',
      '/completed_by enum',
      '/deliveries/0/state enum',
    ]);
  });
});

describe('a vertex-ai event', () => {
  it('has exactly its three members', () => {
    const event = { jobId: '1', finalState: 'JOB_STATE_SUCCEEDED', outputLocation: null };
    expect(violations('VertexAiEvent', event)).toEqual([]);
    expect(violations('VertexAiEvent', { ...event, more: 1 })).toEqual([' additionalProperties']);
    expect(violations('VertexAiEvent', { jobId: '1', finalState: 'x' })).toEqual([' required']);
  });
});

describe('a tencent-batch event', () => {
  const event = { EventVersion: '1.0', EventName: 'JOB_SUCCEED', Batch: { JobId: 'job-8hrvpkow' }, EventVars: [] };

  it('is alone in its body, under a name that Tencent Batch has', () => {
    expect(violations('TencentBatchEvent', { Events: [event] })).toEqual([]);
    expect(violations('TencentBatchEvent', { Events: [event, event] })).toEqual(['/Events maxItems']);
    expect(violations('TencentBatchEvent', { Events: [{ ...event, EventName: 'JobSucceed' }] })).toEqual([
      '/Events/0/EventName enum',
    ]);
  });
});
