import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { eventually } from '../test/support/eventually';
import { type RealRun, startRealRun } from '../test/support/real-run';
import { startReceiver } from '../test/support/receiver';
import { RUNNING, SUCCEEDED, scriptedProvider } from '../test/support/scripted-provider';
import { startBenchTemporal } from './bench-temporal';

const TEN = Array.from({ length: 10 }, (_, i) => `endpoint-${i}`);
const ONE = TEN.slice(0, 1);
/** Of what repeats: so many are counted, and the share of one is reported. The server waits up to a second before each retry. */
const TIMES = 8;

interface Size {
  readonly events: number;
  readonly bytes: number;
}

export async function benchHistory() {
  const temporal = await startBenchTemporal();
  const sizes = await measureHistory();
  await temporal.stop();
  return sizes;
}

/** What a run writes into its history: exact, so one run of each is enough. */
export async function measureHistory() {
  const receivers = await Promise.all(TEN.map(() => startReceiver()));
  const retry = { firstMs: 100, factor: 1, maxMs: 100, forMs: 600_000 };
  const endpoints = TEN.map((name, i) => ({ name, url: receivers[i]?.url ?? '', retry }));
  const run = await startRealRun({ endpoints });
  const polling = await startRealRun({
    endpoints,
    provider: scriptedProvider({ poll: { firstMs: 100, factor: 1, maxMs: 100 } }),
  });

  const one = await end(run, await begin(run, ONE));
  const ten = await end(run, await begin(run, TEN));

  const polled = await begin(polling, ONE);
  const { asked } = polling.provider;
  const askedBefore = asked.length;
  const beforeQuestions = await sizeOf(polling, polled);
  await eventually('it is asked about', () => asked.length >= askedBefore + TIMES);
  const perQuestion = share(beforeQuestions, await sizeOf(polling, polled));

  const beating = await begin(run, ONE);
  const beforeFirst = await sizeOf(run, beating);
  await beat(beating, 1);
  const beforeOthers = await sizeOf(run, beating);
  await beat(beating, TIMES);
  const perHeartbeat = share(beforeOthers, await sizeOf(run, beating));

  const retried = await begin(run, ONE);
  const sent = receivers[0]?.received ?? [];
  const already = sent.length;
  receivers[0]?.answer(503);
  run.provider.says(SUCCEEDED);
  await retried.signal('completion', { idempotency_key: 'hint' });
  // The first attempt may be made before the workflow task that asked for it is recorded.
  await eventually('it is attempted twice', () => sent.length > already + 1);
  const beforeAttempts = await sizeOf(run, retried);
  await eventually('it is attempted again and again', () => sent.length > already + 1 + TIMES);
  const perAttempt = share(beforeAttempts, await sizeOf(run, retried));

  await run.stop();
  await polling.stop();
  await Promise.all(receivers.map((receiver) => receiver.close()));
  return {
    one_endpoint: one,
    ten_endpoints: ten,
    per_question_of_a_sweep: perQuestion,
    first_heartbeat: share(beforeFirst, beforeOthers, 1),
    per_later_heartbeat: perHeartbeat,
    per_delivery_attempt: perAttempt,
  };
}

/** Begins a job; it is at rest when the provider has been asked. */
async function begin(run: RealRun, names: readonly string[]): Promise<WorkflowHandle> {
  run.provider.says(RUNNING);
  const job = randomUUID();
  await run.jobs.submit({ provider: 'scripted', job, endpoints: [...names] as [string] });
  await eventually('the provider is asked', () => run.provider.asked.includes(job));
  const handle = run.client.workflow.getHandle(`scripted/${job}`);
  await eventually('it is at rest', async () => !(await handle.describe()).raw.pendingWorkflowTask);
  return handle;
}

async function end(run: RealRun, handle: WorkflowHandle): Promise<Size> {
  run.provider.says(SUCCEEDED);
  await handle.signal('completion', { idempotency_key: 'hint' });
  await handle.result();
  return sizeOf(run, handle);
}

/** One after another, each taken in before the next. */
async function beat(handle: WorkflowHandle, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await handle.signal('heartbeat', { idempotency_key: randomUUID(), heartbeat_deadline_seconds: 3600 });
    await eventually('it is taken in', async () => !(await handle.describe()).raw.pendingWorkflowTask);
  }
}

function share(before: Size, after: Size, times = TIMES): Size {
  return {
    events: (after.events - before.events) / times,
    bytes: Math.round((after.bytes - before.bytes) / times),
  };
}

/** As the server counts. */
async function sizeOf({ client }: RealRun, { workflowId }: WorkflowHandle): Promise<Size> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const { historyLength, historySizeBytes } = raw.workflowExecutionInfo ?? {};
  return { events: Number(historyLength), bytes: Number(historySizeBytes) };
}
