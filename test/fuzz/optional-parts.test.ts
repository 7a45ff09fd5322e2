import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { boundedStatus } from '../../src/domain/bounded-status';
import { NOT_ASKED_YET } from '../../src/domain/job-run';
import { isTerminal } from '../../src/domain/job-state';
import type { JobStatus } from '../../src/domain/job-status';
import { isObject } from '../../src/domain/json';
import { readTime } from '../../src/domain/parse-time';
import { toJobStatus as toHttpStatus } from '../../src/providers/http/job-status';
import { toJobStatus as toArgoStatus } from '../../src/providers/monai/argo/job-status';
import { readWorkflow } from '../../src/providers/monai/argo/workflow';
import { statusOfReport } from '../../src/providers/spec-001/status-report';
import { toJobStatus as toTencentStatus } from '../../src/providers/tencent-batch/job-status';
import { toJobStatus as toVertexStatus } from '../../src/providers/vertex-ai/job-status';
import { exampleService } from '../providers/http/an-example';
import { RESULTS } from '../support/spec-001-messages';

const fixture = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(__dirname, '../fixtures', `${path}.json`), 'utf8'));

interface Reader {
  readonly name: string;
  readonly document: Record<string, unknown>;
  /** The members on the way to the state, without which there is none. */
  readonly required: readonly string[];
  readonly read: (document: Record<string, unknown>) => JobStatus | undefined;
}

const TENCENT_JOB = {
  JobId: 'job-x1',
  JobName: 'nightly',
  JobState: 'FAILED',
  StateReason: 'out of memory',
  Zone: 'ap-guangzhou-6',
  Priority: 1,
  CreateTime: '2026-01-01T00:00:00Z',
  EndTime: '2026-01-01T01:00:00Z',
  TaskMetrics: { SucceedCount: 1, FailedCount: 1 },
  TaskInstanceMetrics: { SucceedCount: 1 },
};
const SPEC_001 = { status: 'COMPLETED', message: 'm', results: RESULTS, progress: { rows_total: 1 } };

const readers: readonly Reader[] = [
  {
    name: 'Argo',
    document: fixture('monai/workflow-succeeded'),
    required: ['', '/status', '/status/phase'],
    read: (document) => {
      const workflow = readWorkflow(JSON.stringify(document));
      return workflow && toArgoStatus(workflow).status;
    },
  },
  ...['succeeded-gcs', 'succeeded-bigquery', 'succeeded-with-failed-items', 'failed'].map((name) => ({
    name: `Vertex AI, ${name}`,
    document: fixture(`vertex-ai/batch-prediction-${name}`),
    required: ['', '/state'],
    read: (document: Record<string, unknown>) => toVertexStatus(document).status,
  })),
  {
    name: 'Tencent Batch',
    document: TENCENT_JOB,
    required: ['', '/JobState'],
    read: (document) => toTencentStatus(document, 'ap-guangzhou').status,
  },
  ...(
    [
      ['openai', 'openai-batch-completed', ['', '/status', '/output_file_id']],
      ['gemini', 'gemini-batch-succeeded', ['', '/metadata', '/metadata/state']],
      ['replicate', 'replicate-prediction-succeeded', ['', '/status']],
    ] as const
  ).map(([service, document, required]) => {
    const config = exampleService(service);
    return {
      name: `providers.http, ${service}`,
      document: fixture(`http/${document}`),
      required,
      read: (given: Record<string, unknown>) => toHttpStatus(given, config).status,
    };
  }),
  {
    name: 'SPEC-001',
    document: SPEC_001,
    required: ['', '/status'],
    read: (document) => statusOfReport(document, NOT_ASKED_YET),
  },
];

/** What is not there, is empty, or is of another type: also objects that no `String()` takes. */
const WRONG: readonly unknown[] = [
  null,
  undefined,
  '',
  'soon',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  0,
  -1,
  1e300,
  true,
  [],
  [null],
  [[null]],
  {},
  { a: null },
  { toString: null },
];

/** The pointers of all nodes. */
function pointersIn(value: unknown, at = ''): string[] {
  const members = isObject(value) || Array.isArray(value) ? Object.entries(value) : [];
  return [at, ...members.flatMap(([name, member]) => pointersIn(member, `${at}/${name}`))];
}

function withWrong(document: unknown, pointer: string, wrong: unknown): unknown {
  const copy = structuredClone(document);
  const names = pointer.slice(1).split('/');
  const last = names.pop() ?? '';
  let node = copy as Record<string, unknown> | undefined;
  for (const name of names) {
    const next: unknown = node?.[name];
    node = typeof next === 'object' && next !== null ? (next as Record<string, unknown>) : undefined;
  }
  if (node) node[last] = wrong;
  return copy;
}

describe.each(readers)('the state of a job by $name', ({ document, required, read }) => {
  const whole = read(document);
  const optional = pointersIn(document).filter((pointer) => !required.includes(pointer));

  const expectRead = (given: unknown) => {
    const status = read(given as Record<string, unknown>);
    if (!status) throw new Error('not read');
    expect(status.provider_state).toBe(whole?.provider_state);
    expect(isTerminal(status.state)).toBe(true);
    // What a run takes in of it.
    const { started_at, ended_at } = boundedStatus(status);
    for (const time of [started_at, ended_at]) expect(time === null || readTime(time) !== undefined).toBe(true);
    JSON.stringify(status);
  };

  test('is read whatever any other part is', () => {
    for (const pointer of optional) for (const wrong of WRONG) expectRead(withWrong(document, pointer, wrong));
  });

  test('is read whatever many other parts are', () => {
    const edits = fc.array(
      fc.tuple(fc.constantFrom(...optional), fc.oneof(fc.constantFrom(...WRONG), fc.jsonValue())),
      {
        minLength: 2,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(edits, (changes) => {
        expectRead(changes.reduce<unknown>((given, [pointer, wrong]) => withWrong(given, pointer, wrong), document));
      }),
      { numRuns: 100 },
    );
  });
});
