import type { Submission } from '../../schemas/types';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import { createProviders } from '../../src/providers/registry';
import { resolveSubmission } from '../../src/submission/resolve-submission';
import { bodyValidator } from '../../src/validation/body-validator';
import { testConfig } from '../support/test-config';

const config = testConfig({
  endpoints: [
    { name: 'batch-events', url: 'https://orders.example.com/', format: 'tencent-batch' },
    { name: 'audit', url: 'https://audit.example.com/', events: ['job.failed'] },
    { name: 'ends', url: 'https://ends.example.com/', format: 'vertex-ai' },
  ],
});
const providers = createProviders(config, { warn: () => undefined });
const asSubmission = bodyValidator<Submission>('Submission');

/** As the gateway does it: the shape first, then what it says. */
function resolve(body: object) {
  const submission = asSubmission({ provider: 'tencent-batch', job: 'job-8hrvpkow', ...body });
  return resolveSubmission(submission, config, providers).input.subscriptions;
}

function refusalOf(body: object): { code: string; faults: Record<string, string> } {
  try {
    resolve(body);
  } catch (error) {
    if (!(error instanceof JobHeraldError)) throw error;
    return {
      code: error.code,
      faults: Object.fromEntries(error.faults.map(({ pointer, detail }) => [pointer, detail])),
    };
  }
  throw new Error('nothing was refused');
}

const SNAKE = {
  notifications: [
    {
      topic_name: 'batch-events',
      event_configs: [
        { event_name: 'JOB_SUCCEED', event_vars: [{ name: 'team', value: 'orders' }] },
        { event_name: 'TASK_FAILED' },
      ],
    },
  ],
};
const PASCAL = {
  Notifications: [
    {
      TopicName: 'batch-events',
      EventConfigs: [
        { EventName: 'JOB_SUCCEED', EventVars: [{ Name: 'team', Value: 'orders' }] },
        { EventName: 'TASK_FAILED', EventVars: [] },
      ],
    },
  ],
};

test.each<[string, object]>([
  ['snake_case', SNAKE],
  ['PascalCase', PASCAL],
  ['PascalCase under a snake_case member', { notifications: PASCAL.Notifications }],
])('selects exactly the listed events with their own vars, in %s', (_case, body) => {
  expect(resolve(body)).toEqual([
    {
      endpoint: 'batch-events',
      events: ['job.succeeded', 'task.failed'],
      format: 'tencent-batch',
      selected: [
        { name: 'JOB_SUCCEED', vars: [{ name: 'team', value: 'orders' }] },
        { name: 'TASK_FAILED', vars: [] },
      ],
    },
  ]);
});

test('JOB_FAILED stands for every end that is not a success, JOB_FAILED_INTERRUPTED for one of them', () => {
  const eventsOf = (event_name: string) =>
    resolve({ notifications: [{ topic_name: 'audit', event_configs: [{ event_name }] }] })[0]?.events;
  expect(eventsOf('JOB_FAILED')).toEqual(['job.failed', 'job.canceled', 'job.partially_failed']);
  expect(eventsOf('JOB_FAILED_INTERRUPTED')).toEqual(['job.failed']);
});

test('a topic that is given twice is one endpoint with the events of both', () => {
  const notification = (event_name: string) => ({ topic_name: 'batch-events', event_configs: [{ event_name }] });
  expect(resolve({ notifications: [notification('JOB_FAILED'), notification('TASK_RUNNING')] })).toMatchObject([
    { endpoint: 'batch-events', selected: [{ name: 'JOB_FAILED' }, { name: 'TASK_RUNNING' }] },
  ]);
});

describe('refuses with 422, at its place', () => {
  test.each([
    ['JobFailed', 'JOB_FAILED'],
    ['JobSucceed', 'JOB_SUCCEED'],
    ['job_failed_interupted', 'JOB_FAILED_INTERRUPTED'],
    ['TASK_INSTANCE_SUCCEEDED', 'TASK_INSTANCE_SUCCEED'],
  ])('the event name %s, with a hint at %s', (event_name, meant) => {
    const { code, faults } = refusalOf({ notifications: [{ topic_name: 'audit', event_configs: [{ event_name }] }] });
    expect(code).toBe('unprocessable');
    expect(faults['/notifications/0/event_configs/0/event_name']).toContain(
      `did you mean ${meant}? "${event_name}" is not known`,
    );
  });

  test('a wrong name in PascalCase', () => {
    const { code, faults } = refusalOf({
      Notifications: [{ TopicName: 'audit', EventConfigs: [{ EventName: 'JobFailed' }] }],
    });
    expect(code).toBe('unprocessable');
    expect(faults['/Notifications/0/EventConfigs/0/EventName']).toContain('did you mean JOB_FAILED?');
  });

  test.each<[string, object, string, RegExp]>([
    [
      'a topic that is not configured',
      { notifications: [{ topic_name: 'batch', event_configs: [{ event_name: 'JOB_FAILED' }] }] },
      '/notifications/0/topic_name',
      /endpoint batch is not configured; configured endpoints: batch-events, audit, ends/,
    ],
    [
      'a topic that is not configured, in PascalCase',
      { Notifications: [{ TopicName: 'batch', EventConfigs: [{ EventName: 'JOB_FAILED' }] }] },
      '/Notifications/0/TopicName',
      /endpoint batch is not configured/,
    ],
    [
      'an event that is listed twice',
      { notifications: [...SNAKE.notifications, ...SNAKE.notifications] },
      '/notifications/1/event_configs/0/event_name',
      /JOB_SUCCEED is listed twice for batch-events/,
    ],
    [
      "an event that the endpoint's format has no word for",
      { notifications: [{ topic_name: 'ends', event_configs: [{ event_name: 'TASK_FAILED' }] }] },
      '/notifications/0/event_configs/0/event_name',
      /the format vertex-ai has no word for TASK_FAILED/,
    ],
    ['endpoints beside notifications', { ...SNAKE, endpoints: ['audit'] }, '/notifications', /not by both/],
    ['both cases at once', { ...SNAKE, ...PASCAL }, '/notifications', /not by both/],
  ])('%s', (_what, body, pointer, detail) => {
    expect(refusalOf(body)).toEqual({
      code: 'unprocessable',
      faults: expect.objectContaining({ [pointer]: expect.stringMatching(detail) }),
    });
  });
});

describe('refuses with 400, at its place', () => {
  test.each<[string, object, string]>([
    ['nobody to tell', {}, '/endpoints'],
    ['no topic', { notifications: [{ event_configs: [{ event_name: 'JOB_FAILED' }] }] }, '/notifications/0'],
    ['a topic without events', { notifications: [{ topic_name: 'audit' }] }, '/notifications/0'],
    [
      'a var without a value',
      {
        notifications: [
          { topic_name: 'audit', event_configs: [{ event_name: 'JOB_FAILED', event_vars: [{ name: 'a' }] }] },
        ],
      },
      '/notifications/0/event_configs/0/event_vars/0/value',
    ],
    [
      'a value that is no text',
      {
        notifications: [
          { topic_name: 'audit', event_configs: [{ event_name: 'JOB_FAILED', event_vars: [{ name: 'a', value: 1 }] }] },
        ],
      },
      '/notifications/0/event_configs/0/event_vars/0/value',
    ],
    [
      'cases mixed in one notification',
      { notifications: [{ topic_name: 'audit', event_configs: [{ EventName: 'JOB_FAILED' }] }] },
      '/notifications/0/event_configs/0/event_name',
    ],
  ])('%s', (_what, body, pointer) => {
    const { code, faults } = refusalOf(body);
    expect(code).toBe('bad_request');
    expect(Object.keys(faults)).toContain(pointer);
  });
});

describe('events of an endpoint', () => {
  test("may be named by Tencent's names as well", () => {
    const events = ['JOB_RUNNING', 'JOB_FAILED', 'JOB_FAILED_INTERRUPTED', 'task.succeed', 'COMPUTE_NODE_CREATED'];
    expect(resolve({ endpoints: [{ name: 'batch-events', events }] })).toEqual([
      {
        endpoint: 'batch-events',
        events: ['job.running', 'job.failed', 'task.succeed', 'compute_node.created'],
        format: 'tencent-batch',
      },
    ]);
  });

  test('are refused with the nearest right name', () => {
    const { code, faults } = refusalOf({ endpoints: [{ name: 'batch-events', events: ['JobFailed'] }] });
    expect(code).toBe('unprocessable');
    expect(faults['/endpoints/0/events/0']).toContain('did you mean JOB_FAILED?');
  });
});
