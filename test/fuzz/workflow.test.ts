import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import fc from 'fast-check';
import { EVENT_TYPES } from '../../src/domain/event-type';
import {
  ADOPT_UPDATE,
  CALLBACK_UPDATE,
  COMPLETION_SIGNAL,
  HEARTBEAT_SIGNAL,
  REDELIVER_UPDATE,
  STATUS_REPORT_SIGNAL,
} from '../../src/domain/job-messages';
import { isTerminal } from '../../src/domain/job-state';
import type { Format } from '../../src/formats/vocabulary';
import { failedTasks } from '../support/event-types';
import { type RealRun, startRealRun } from '../support/real-run';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { RUNNING, SUCCEEDED } from '../support/scripted-provider';
import { RESULTS } from '../support/spec-001-messages';
import { holds } from './holds';
import { hostileJson, hostileText } from './hostile';
import { mutated } from './mutated';

let run: RealRun;
let receiver: TestReceiver;
beforeAll(async () => {
  receiver = await startReceiver();
  run = await startRealRun({ endpoints: [{ name: 'orders', url: receiver.url }] });
});
afterAll(async () => {
  await run.stop();
  await receiver.close();
});

type Message =
  | { readonly kind: 'signal'; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'update'; readonly name: string; readonly argument: unknown }
  | { readonly kind: 'payload'; readonly name: string; readonly encoding: string; readonly data: Uint8Array };

const report = {
  notification_type: 'STATUS',
  status: 'RUNNING',
  message: 'm',
  progress: { done: 1 },
  results: RESULTS,
};
/** What no run listens to: an end that anybody could make up. */
const passedOn = {
  key: 'k',
  type: 'job.succeeded',
  timestamp: '2026-01-01T00:00:00Z',
  message: { EventName: 'TASK_FAILED' },
};

/** To run on under, where the run was begun by tracking. */
const submission = {
  submission_sha256: 'f',
  idempotency_key: 'k',
  correlation_id: 'c',
  metadata: { a: 1 },
  labels: { a: 'b' },
  heartbeat_deadline_seconds: 60,
  overdue_after_seconds: 60,
  subscriptions: [
    {
      endpoint: 'orders',
      events: ['job.succeeded'],
      format: 'standard',
      vars: [{ name: 'n', value: 'v' }],
      selected: [{ name: 'JOB_SUCCEED', vars: [] }],
      source: { application: 'fuzz', environment_type: 'test' },
    },
  ],
};

/** Small enough for a history: what a gateway lets through is bounded too. */
const small = (values: fc.Arbitrary<unknown>) =>
  values.filter((value) => (JSON.stringify(value) ?? '').length < 20_000);

const signal = (name: string, good: object): fc.Arbitrary<Message> =>
  fc
    .oneof(
      small(mutated(good)).map((argument) => [argument]),
      fc.array(small(hostileJson), { maxLength: 3 }),
    )
    .map((args) => ({ kind: 'signal', name, args }));

const update = (name: string, good: object): fc.Arbitrary<Message> =>
  small(fc.oneof(mutated(good), hostileJson)).map((argument) => ({ kind: 'update', name, argument }));

const payload: fc.Arbitrary<Message> = fc
  .record({
    name: fc.constantFrom(COMPLETION_SIGNAL, HEARTBEAT_SIGNAL, STATUS_REPORT_SIGNAL, 'passOn', '__temporal_x', 'x'),
    encoding: fc.oneof(
      fc.constantFrom('json/plain', 'binary/null', 'binary/plain', 'json/protobuf', 'binary/encrypted', ''),
      hostileText.map((text) => text.toWellFormed()),
    ),
    data: fc.uint8Array({ maxLength: 50 }),
  })
  .map((parts) => ({ kind: 'payload', ...parts }));

const messages = fc.array(
  fc.oneof(
    signal(COMPLETION_SIGNAL, { idempotency_key: 'k', state: 'COMPLETED', message: 'm' }),
    signal(HEARTBEAT_SIGNAL, { idempotency_key: 'k', heartbeat_deadline_seconds: 60, description: 'd' }),
    signal(STATUS_REPORT_SIGNAL, { idempotency_key: 'k', data: report }),
    signal(STATUS_REPORT_SIGNAL, report),
    signal('passOn', passedOn),
    update(CALLBACK_UPDATE, { identity: 'argo-1', metadata: { a: 1 } }),
    update(REDELIVER_UPDATE, { endpoint: 'orders', event: 'job.running' }),
    update(ADOPT_UPDATE, submission),
    payload,
  ),
  { minLength: 1, maxLength: 12 },
);

const FORMATS: readonly Format[] = ['standard', 'cloudevents', 'vertex-ai', 'spec-001'];
const watches = fc.record({
  truth: fc.constantFrom('provider' as const, 'messages' as const),
  format: fc.constantFrom(...FORMATS),
});

/** What an update is answered is its sender's affair, and so is a name or a payload that Temporal refuses. */
async function send(handle: WorkflowHandle, message: Message): Promise<void> {
  switch (message.kind) {
    case 'signal':
      return handle.signal(message.name, ...message.args);
    case 'update':
      await handle
        .executeUpdate<unknown, [unknown]>(message.name, { args: [message.argument] })
        .catch((error: unknown) => {
          if (!(error instanceof WorkflowUpdateFailedError)) throw error;
        });
      return;
    case 'payload':
      await run.client.workflowService.signalWorkflowExecution({
        namespace: 'default',
        workflowExecution: { workflowId: handle.workflowId },
        signalName: message.name,
        requestId: randomUUID(),
        input: { payloads: [{ metadata: { encoding: Buffer.from(message.encoding) }, data: message.data }] },
      });
  }
}

/** Whether there is nobody left to tell: a report of an end may come before the last message. */
async function isOver(handle: WorkflowHandle): Promise<boolean> {
  return (await handle.describe()).status.name !== 'RUNNING';
}

describe('a run', () => {
  holds('ends as its job does, whatever it is told before', fc.tuple(watches, messages), async ([watch, told]) => {
    const job = randomUUID();
    run.provider.says(RUNNING);
    const handle = await run.client.workflow.start('job', {
      taskQueue: run.config.temporal.taskQueue,
      workflowId: `scripted/${job}`,
      args: [
        {
          provider: 'scripted',
          job,
          tracked: true,
          subscriptions: [
            {
              endpoint: 'orders',
              events: EVENT_TYPES,
              format: watch.format,
              source: { application: 'fuzz', environment_type: 'test' },
            },
          ],
          ...(watch.truth === 'messages' && { rules: { truth: 'messages' } }),
        },
      ],
    });
    for (const message of told) {
      try {
        await send(handle, message);
      } catch (error) {
        if (!(await isOver(handle))) throw error;
      }
    }

    run.provider.says(SUCCEEDED);
    if (!(await isOver(handle))) {
      await (watch.truth === 'provider'
        ? handle.signal(COMPLETION_SIGNAL)
        : handle.signal(STATUS_REPORT_SIGNAL, { notification_type: 'STATUS', status: 'COMPLETED' }));
    }
    const result = await handle.result().catch((error: unknown) => {
      if (error instanceof WorkflowFailedError) throw new Error('the run failed', { cause: error.cause });
      throw error;
    });
    expect(isTerminal(result.state)).toBe(true);
    if (watch.truth === 'provider') expect(result).toMatchObject({ state: 'COMPLETED' });
    expect(await failedTasks(handle)).toEqual([]);
  });
});
