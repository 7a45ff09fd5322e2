import { randomUUID } from 'node:crypto';
import { Client, type WorkflowHandle } from '@temporalio/client';
import fc from 'fast-check';
import { COMPLETION_SIGNAL, REDELIVER_UPDATE } from '../../src/domain/job-messages';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import { attributeNameOf, MORE } from '../../src/domain/search-attributes';
import { jsonBytes } from '../../src/domain/text-size';
import { createEngine } from '../../src/engine';
import { brokenRuns } from '../../src/engine/broken-runs';
import { dialClient } from '../../src/temporal/dial-client';
import { failedTasks } from '../support/event-types';
import { eventually } from '../support/eventually';
import { startImpatientTemporal } from '../support/impatient-temporal';
import { quietRuntime } from '../support/quiet-runtime';
import { type RealRun, startRealRun } from '../support/real-run';
import type { RealTemporal } from '../support/real-temporal';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { RUNNING, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';
import { boundHolds, CHARACTER, upTo, upToWhenSearched } from './bound-holds';

/** No page is smaller: signals that come while a workflow task is under way are one batch, of which Temporal takes 2 MiB. */
const ONE_BATCH = 2_500_000;
const ONE_JOB = { withinMs: 240_000 };
const RETRY = { firstMs: 300, factor: 1, maxMs: 300, forMs: 600_000 };

/** Ids of the events of this type that a receiver has got about a job. */
const idsAt = (receiver: TestReceiver, job: string, type: string) =>
  new Set(
    receiver.received
      .filter(({ json }) => json.type === type && json.data?.['job'] === job)
      .map(({ headers }) => String(headers['webhook-id'])),
  );
const isRefusal = (error: unknown): boolean =>
  error instanceof JobHeraldError && ['unprocessable', 'too_large'].includes(error.code);

/** Sent again while that may help, as senders do; what is refused for good is let go. */
async function sent(send: () => Promise<unknown>): Promise<boolean> {
  return eventually('it is taken or refused', () =>
    send().then(
      () => 'taken' as const,
      (error: unknown) => {
        if (error instanceof JobHeraldError && error.code === 'unavailable') return undefined;
        if (isRefusal(error)) return 'refused' as const;
        throw error;
      },
    ),
  ).then((became) => became === 'taken');
}

/** A run whose time is over while it notifies may still say of itself what became of its deliveries. */
const BROKEN = [
  { how: 'terminated', isNotified: false },
  { how: 'terminated', isNotified: true },
  { how: 'timed_out', isNotified: false },
  { how: 'failed', isNotified: false },
] as const;

describe('the end of a job is notified', () => {
  const NAMES = Array.from({ length: 130 }, (_, i) => `${i}`.padEnd(1 + (i % 63), 'n').padStart(3, '0'));
  let receiver: TestReceiver;
  let listening: TestReceiver;
  let run: RealRun;

  beforeAll(async () => {
    [receiver, listening] = await Promise.all([startReceiver(), startReceiver()]);
    run = await startRealRun({
      endpoints: [
        { name: 'orders', url: receiver.url },
        { name: 'later', url: listening.url, retry: RETRY },
        { name: 'tasks', url: listening.url, events: ['task_instance.running'], retry: RETRY },
        ...NAMES.map((name) => ({ name, url: `${receiver.url}/${name}` })),
      ],
    });
  });
  afterAll(async () => {
    await run.stop();
    await Promise.all([receiver.close(), listening.close()]);
  });
  beforeEach(() => run.provider.says(RUNNING));

  const submit = async (...endpoints: [string, ...string[]]) => {
    run.provider.says(RUNNING);
    return run.submit(...endpoints);
  };
  const end = async (job: string, handle: WorkflowHandle, endpoints = 1) => {
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await eventually('the run ends', async () => (await handle.describe()).status.name === 'COMPLETED', ONE_JOB);
    expect(await failedTasks(handle)).toEqual([]);
    const { state, deliveries_settled } = await run.jobs.get('scripted', job);
    expect({ state, delivered: deliveries_settled.delivered }).toEqual({ state: 'COMPLETED', delivered: endpoints });
  };

  boundHolds(
    'however many events of its task instances there are, how large, and whether their endpoint takes them; and each of those comes',
    fc.record({
      events: upTo(upToWhenSearched(4_000, 60)),
      bytes: upTo(400_000),
      character: CHARACTER,
      isDown: fc.boolean(),
    }),
    {
      runs: 4,
      withinMs: 600_000,
      first: [
        { events: 60, bytes: 5_000, character: '€', isDown: true },
        { events: 20, bytes: 400_000, character: '"', isDown: false },
        { events: 2, bytes: 1_600_000, character: 'x', isDown: false },
      ],
    },
    async ({ events, bytes, character, isDown }) => {
      const type = 'task_instance.running';
      listening.answer(isDown ? 503 : 204);
      const { job, handle } = await submit('orders', 'tasks');
      // Twenty MB of them in all are enough to fill any history.
      const text = character.repeat(Math.min(bytes, 20_000_000 / Math.max(1, events)) / jsonBytes(character));
      const passOn = (n: number) =>
        run.inbox.passOn('scripted', job, {
          key: `${job} ${n}`,
          type,
          timestamp: new Date(Date.UTC(2026, 0, 2) + n * 1_000).toISOString(),
          message: { EventName: 'TASK_INSTANCE_RUNNING', n, text },
        });
      let taken = 0;
      for (let n = 0; n < events; n += 50) {
        const some = Array.from({ length: Math.min(50, events - n) }, (_, i) => sent(() => passOn(n + i)));
        taken += (await Promise.all(some)).filter(Boolean).length;
      }
      await end(job, handle);
      listening.answer(204);
      const count = () => idsAt(listening, job, type).size;
      await eventually('each that was taken has come', () => count() === taken, ONE_JOB);
    },
  );

  boundHolds(
    'however many endpoints it has, and how long their names are; and its run is found by those that it has room for',
    fc.record({ first: fc.integer({ min: 0, max: 60 }), names: fc.integer({ min: 1, max: 130 }), inline: upTo(30) }),
    {
      runs: 4,
      withinMs: 600_000,
      first: [
        { first: 0, names: 100, inline: 0 },
        { first: 60, names: 70, inline: 30 },
        { first: 60, names: 70, inline: 31 },
      ],
    },
    async ({ first, names, inline }) => {
      const job = randomUUID();
      const chosen = NAMES.slice(first, first + names);
      const urls = Array.from({ length: inline }, (_, i) => ({ url: `${receiver.url}/inline/${i}` }));
      const endpoints = [...chosen, ...urls] as [string];
      const submitting = run.jobs.submit({ provider: 'scripted', job, endpoints });
      if (endpoints.length > 100) {
        await expect(submitting).rejects.toMatchObject({ code: 'unprocessable' });
        return;
      }
      await submitting;
      const handle = run.client.workflow.getHandle(`scripted/${job}`);
      const { searchAttributes } = await handle.describe();
      const shown = (searchAttributes['JobEndpoint'] ?? []) as string[];
      expect(jsonBytes(shown)).toBeLessThanOrEqual(1_536);
      const all = [...(inline > 0 ? [attributeNameOf({ endpoint: 'i', inline: { url: '' } })] : []), ...chosen];
      expect(shown).toEqual(shown.includes(MORE) ? [...all.slice(0, shown.length - 1), MORE] : all);
      await end(job, handle, endpoints.length);
    },
  );

  boundHolds(
    'however long the id of an update is, and however often it comes',
    fc.record({ length: fc.integer({ min: 1, max: 1_100 }), character: CHARACTER, updates: upTo(4) }),
    {
      runs: 3,
      withinMs: 600_000,
      first: [
        { length: 960, character: 'x', updates: 2 },
        { length: 333, character: '€', updates: 2 },
      ],
    },
    async ({ length, character, updates }) => {
      const { job, handle } = await submit('orders');
      for (let i = 0; i < updates; i++) {
        const updateId = `${i}${character.repeat(length - 1)}`;
        // Whether Temporal takes an id is its affair.
        await handle.executeUpdate(REDELIVER_UPDATE, { args: [{}], updateId }).catch(() => undefined);
      }
      await end(job, handle);
    },
  );

  boundHolds(
    'and shown and sent again, however large the history is, and however little of it a client takes at once',
    fc.record({
      signals: upTo(upToWhenSearched(300, 40)),
      bytes: upTo(upToWhenSearched(1_500_000, 100_000)),
      room: fc.integer({ min: ONE_BATCH, max: 2 * ONE_BATCH }),
    }),
    { runs: 1, withinMs: 600_000, first: [{ signals: 60, bytes: 80_000, room: ONE_BATCH }] },
    async ({ signals, bytes, room }) => {
      receiver.answer(204);
      listening.answer(503);
      const { job, handle } = await submit('orders', 'later');
      run.provider.says(SUCCEEDED);
      await run.jobs.complete('scripted', job);
      await eventually('one has the end', () => idsAt(receiver, job, 'job.succeeded').size === 1);
      await eventually('the other does not take it', () => idsAt(listening, job, 'job.succeeded').size === 1);
      await run.stopWorker(); // with one the run would continue as new, and begin again with a short history
      const message = 'x'.repeat(bytes);
      await Promise.all(Array.from({ length: signals }, () => handle.signal(COMPLETION_SIGNAL, { message })));

      const channelArgs = { 'grpc.max_receive_message_length': bytes + room };
      const narrow = await dialClient({ address: run.config.temporal.address, channelArgs });
      try {
        const providers = new Map([['scripted', run.provider]]);
        const { jobs } = createEngine({ client: new Client({ connection: narrow }), config: run.config, providers });
        const shown = await jobs.get('scripted', job);
        const states = shown.deliveries.map(({ endpoint, state }) => `${endpoint} ${state}`).sort();
        expect([shown.state, ...states]).toEqual(['COMPLETED', 'later pending', 'orders delivered']);
        await jobs.redeliver('scripted', job, { endpoint: 'orders' });
      } finally {
        await narrow.close();
        listening.answer(204);
        await run.startWorker();
      }
      const ends = () => receiver.received.filter(({ json }) => json.data?.['job'] === job).length;
      await eventually('the end is sent again', () => ends() === 2, ONE_JOB);
      expect(idsAt(receiver, job, 'job.succeeded').size).toBe(1);
      await eventually('the run ends', async () => (await handle.describe()).status.name === 'COMPLETED', ONE_JOB);
    },
  );

  boundHolds(
    'under the same webhook-id where its run was broken, however and whenever: it is found, and its job may be submitted again',
    fc.constantFrom(...BROKEN),
    { runs: BROKEN.length, withinMs: 600_000, first: BROKEN },
    async ({ how, isNotified }) => {
      const job = randomUUID();
      const workflowId = `scripted/${job}`;
      const submission = { provider: 'scripted', job, endpoints: ['orders'] as [string] };
      run.provider.says(isNotified ? SUCCEEDED : RUNNING);
      receiver.answer(isNotified ? 503 : 204);
      const subscriptions = [{ endpoint: 'orders', events: ['job.succeeded'], format: 'standard' }];
      const input = { provider: 'scripted', job, subscriptions: how === 'failed' ? 'none' : subscriptions };
      const handle =
        how === 'terminated'
          ? await run.jobs.submit(submission).then(() => run.client.workflow.getHandle(workflowId))
          : await run.client.workflow.start('job', {
              taskQueue: run.config.temporal.taskQueue,
              workflowId,
              args: [input],
              ...(how === 'timed_out' && { workflowExecutionTimeout: '3s' }),
            });
      const type = 'job.succeeded';
      if (how !== 'failed') {
        const hasEnded = async () => (await handle.describe()).status.name !== 'RUNNING'; // before a slow machine came to it
        await eventually('it is where it is broken', async () =>
          isNotified ? idsAt(receiver, job, type).size === 1 : run.provider.asked.includes(job) || (await hasEnded()),
        );
      }
      if (how === 'terminated') await handle.terminate('by hand');
      await expect(handle.result()).rejects.toThrow();
      await eventually('it is found', async () => {
        for await (const found of brokenRuns(run.client, run.config.temporal.taskQueue, Date.now() - 600_000)) {
          if (found.workflowId === workflowId && found.status === how) return true;
        }
        return false;
      });

      receiver.answer(204);
      run.provider.says(SUCCEEDED);
      expect(await run.jobs.submit(submission)).toMatchObject({ created: true });
      const again = run.client.workflow.getHandle(workflowId);
      expect(await again.result()).toMatchObject({ state: 'COMPLETED', deliveries_settled: { delivered: 1 } });
      expect(idsAt(receiver, job, type).size).toBe(1);
    },
  );
});

/** In place of Temporal's own 10,000, and of the 4,096 events, which are fewer, after which it asks a run to continue as new. */
describe('the end of a job whose run continues as new often, and takes few signals', () => {
  const SIGNALS = 60;
  const many = (kind: 'heartbeat' | 'report') => Array.from({ length: 70 }, () => kind);
  let temporal: RealTemporal;
  let receiver: TestReceiver;
  let run: RealRun;

  beforeAll(async () => {
    quietRuntime();
    receiver = await startReceiver();
    temporal = await startImpatientTemporal({ events: 40, signals: SIGNALS });
    run = await startRealRun({
      temporal,
      provider: scriptedProvider({ rules: { truth: 'messages' } }),
      endpoints: [{ name: 'orders', url: receiver.url, events: ['job.progress', 'job.succeeded'], retry: RETRY }],
    });
  });
  afterAll(async () => {
    await run?.stop();
    await temporal?.close();
    await receiver?.close();
  });

  boundHolds(
    'is notified however many heartbeats and reports come, how long their keys are, and whether a worker is there',
    fc.record({
      messages: fc.array(fc.constantFrom('heartbeat' as const, 'report' as const), {
        minLength: 1,
        maxLength: upToWhenSearched(2_500, 70),
        size: 'max',
      }),
      keyLength: fc.oneof(fc.integer({ min: 1, max: 1_100 }), fc.constantFrom(990, 1_000, 1_001)),
      character: CHARACTER,
      isWorkerDown: fc.boolean(),
      isDown: fc.boolean(),
    }),
    {
      runs: 4,
      withinMs: 600_000,
      first: [
        { messages: many('heartbeat'), keyLength: 990, character: '€', isWorkerDown: false, isDown: false },
        { messages: many('report'), keyLength: 1_001, character: '€', isWorkerDown: false, isDown: true },
        { messages: many('report'), keyLength: 30, character: '"', isWorkerDown: true, isDown: true },
      ],
    },
    async ({ messages, keyLength, character, isWorkerDown, isDown }) => {
      const job = randomUUID();
      receiver.answer(isDown ? 503 : 204);
      await run.jobs.submit({ provider: 'scripted', job, endpoints: ['orders'] });
      if (isWorkerDown) await run.stopWorker();
      const keyOf = (n: number) => `${n} ${character.repeat(keyLength)}`.slice(0, keyLength);
      const send = (kind: (typeof messages)[number], n: number) => {
        const idempotency_key = keyOf(n);
        return kind === 'heartbeat'
          ? run.inbox.heartbeat('scripted', job, { idempotency_key, heartbeat_deadline_seconds: 3_600 })
          : run.inbox.report('scripted', job, {
              idempotency_key,
              data: {
                notification_type: 'STATUS',
                status: 'RUNNING',
                message: character.repeat(5_000),
                progress: { percentage_completed: n },
              },
            });
      };
      for (const [n, kind] of messages.entries()) await sent(() => send(kind, n));
      if (isWorkerDown) await run.startWorker();
      const data = { notification_type: 'STATUS', status: 'COMPLETED' } as const;
      const report = () => run.inbox.report('scripted', job, { idempotency_key: `${job} end`, data });
      await eventually('its end is taken', () => sent(report), ONE_JOB);
      receiver.answer(204);
      const handle = run.client.workflow.getHandle(`scripted/${job}`);
      await eventually('the run ends', async () => (await handle.describe()).status.name === 'COMPLETED', ONE_JOB);
      expect(await failedTasks(handle)).toEqual([]);
      expect(idsAt(receiver, job, 'job.succeeded').size).toBe(1);
    },
  );
});
