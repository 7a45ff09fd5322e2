import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createPauseGate } from '../../activities/deliver/pause-gate';
import { createRetryPending, createRetryUnderWay } from '../../activities/deliver/retry-pending';
import type { Dependencies } from '../../activities/dependencies';
import { createFindJobRuns } from '../../activities/redeliver/find-job-runs';
import { createRedeliverOwn } from '../../activities/redeliver/redeliver-own';
import { createRedeliverRuns } from '../../activities/redeliver/redeliver-runs';
import { createTakeCare } from '../../activities/watch/take-care';
import { NO_PROGRESS } from '../../src/domain/delivery';
import { testConfig } from '../support/test-config';

/** Each of its calls takes for ever, as a count seems to do where Temporal limits visibility. */
function clientThatNeverAnswers(): { readonly client: Client; readonly asked: Promise<void> } {
  const asked = Promise.withResolvers<void>();
  const never = () => {
    asked.resolve();
    return new Promise(() => {});
  };
  const service: object = new Proxy({}, { get: (_, name) => (name === 'getHandle' ? () => service : never) });
  const client = {
    options: { namespace: 'default' },
    workflowService: service,
    workflow: service,
    connection: service,
  };
  return { client: client as unknown as Client, asked: asked.promise };
}

const run = { workflow_id: 'w', run_id: 'r' };
const selection = { since: '2026-01-02T00:00:00Z', until: '2026-01-03T00:00:00Z', endpoint: null, status: null };

describe('where its worker stops ends at once, whatever it waits for,', () => {
  it.each<[string, (dependencies: Dependencies) => () => Promise<unknown>]>([
    ['the caretaker', (dependencies) => createTakeCare(dependencies)],
    [
      'a batch of a bulk redelivery',
      (dependencies) => () =>
        createRedeliverRuns(dependencies)({ bulk_id: 'b', selection, dry_run: false, runs: [run] }),
    ],
    [
      'a page of a bulk redelivery',
      (dependencies) => () => createFindJobRuns(dependencies)({ selection, page_token: null, page_size: 10 }),
    ],
    [
      'the redelivery that a run asks for',
      (dependencies) => () => createRedeliverOwn(dependencies)({ request: {}, update_id: 'u' }),
    ],
    ['the retry of an endpoint', (dependencies) => () => createRetryPending(dependencies)({ endpoint: 'orders' })],
    [
      'the second look at what was under way',
      (dependencies) => () =>
        createRetryUnderWay(dependencies)({ under_way: [{ ...run, attempts: { d: 1 }, is_beginning: false }] }),
    ],
  ])('%s', async (_, activityOf) => {
    const { client, asked } = clientThatNeverAnswers();
    const observe = { counts: () => {}, countsEnded: () => {} };
    const config = testConfig({ endpoints: [] });
    const dependencies = { client, config, providers: new Map(), observe } as unknown as Dependencies;
    const environment = new MockActivityEnvironment();
    const running = environment.run(activityOf(dependencies)).catch((error: Error) => error.message);
    await asked;

    environment.cancel('WORKER_SHUTDOWN');

    expect(await running).toContain('WORKER_SHUTDOWN');
  });

  it('the wait of a delivery for its turn after a resume, which is then made elsewhere', async () => {
    const gate = createPauseGate({ stateOf: async () => ({ state: 'active', resumedAt: 2_000 }) });
    const stopping = new AbortController();
    const paused = { ...NO_PROGRESS, paused_since: 1_000, waiting_since: 1_000 };
    const waiting = Array.from({ length: 100 }, () => gate.check('orders', paused, 3_000, stopping.signal));
    const [first] = await Promise.all(waiting.slice(0, 1));
    stopping.abort(new Error('stopping'));

    expect(first).toMatchObject({ open: true, progress: { paused_since: null, paused_ms: 1_000 } });
    expect(await waiting.at(-1)).toMatchObject({ open: false, retryInMs: 1, progress: paused });
  });
});
