import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from '@temporalio/worker';
import { eventually } from '../support/eventually';
import { type RealRun, startRealRun } from '../support/real-run';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { SUCCEEDED } from '../support/scripted-provider';

/** Until an end of the worker that does not wait for the delivery would have come. */
const SHORTLY_MS = 500;

let receiver: TestReceiver;
let run: RealRun | undefined;

beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await run?.stop();
  await receiver.close();
});

/** The part that watches fails with this error when it has stopped. Resolves then. */
function watchFailsWith(error: Error): Promise<void> {
  const create = Worker.create.bind(Worker);
  const failed = Promise.withResolvers<void>();
  jest.spyOn(Worker, 'create').mockImplementation(async (options) => {
    const part = await create(options);
    if (!options.taskQueue.endsWith('-watch')) return part;
    const runPart = part.run.bind(part);
    jest.spyOn(part, 'run').mockImplementation(async () => {
      await runPart();
      failed.resolve();
      throw error;
    });
    return part;
  });
  return failed.promise;
}

/** Stops a worker whose watch fails, while a delivery is in flight. */
async function stopAmidDelivery(error: Error) {
  const failed = watchFailsWith(error);
  run = await startRealRun({ endpoints: [{ name: 'orders', url: receiver.url }] });
  run.provider.says(SUCCEEDED);
  const release = receiver.hold();
  const { job } = await run.submit('orders');
  await eventually('a delivery is in flight', () => receiver.received.length === 1);
  const stopped = run.stopWorker().catch((reason: unknown) => reason);
  await failed;
  const before = await Promise.race([stopped, sleep(SHORTLY_MS, 'in flight')]);
  expect(before).toBe('in flight');
  release();
  const outcome = await stopped;
  const { deliveries } = await run.jobs.get('scripted', job);
  return { outcome, deliveries };
}

const DELIVERED = [{ state: 'delivered', attempts: [{ status: 204 }] }];

test('where one part of a worker fails, the others finish what they have in flight before the worker ends', async () => {
  const error = new Error('the watch broke');

  expect(await stopAmidDelivery(error)).toMatchObject({ outcome: error, deliveries: DELIVERED });
});
