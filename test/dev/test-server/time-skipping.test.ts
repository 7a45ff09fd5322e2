import { activityInfo, heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { startTimeSkipping } from '../../support/time-skipping';
import { waitsForATimer, waitsForRetries } from './workflows';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

let environment: TestWorkflowEnvironment;
let worker: Worker;
const details: unknown[] = [];

beforeAll(async () => {
  environment = await startTimeSkipping();
  worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: 'time-skipping',
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: require.resolve('./workflows'),
      logger: new DefaultLogger('ERROR'),
    }),
    activities: {
      async succeedsAtAttempt({ attempt, pauseMs }: { attempt: number; pauseMs: number }): Promise<void> {
        const info = activityInfo();
        details.push(info.heartbeatDetails);
        heartbeat({ attempts: info.attempt });
        if (info.attempt < attempt) throw ApplicationFailure.create({ message: 'again', nextRetryDelay: pauseMs });
      },
    },
  });
});
afterAll(() => environment.teardown());

test('a timer of 30 days, then five attempts six hours apart, pass in a moment; details survive each retry', async () => {
  const { workflow } = environment.client;
  const [timer, retries] = await worker.runUntil(async () => [
    await workflow.execute(waitsForATimer, { taskQueue: 'time-skipping', workflowId: 'timer', args: [30 * DAY] }),
    await workflow.execute(waitsForRetries, {
      taskQueue: 'time-skipping',
      workflowId: 'retries',
      args: [{ attempt: 5, pauseMs: 6 * HOUR }],
    }),
  ]);

  expect(timer).toBeGreaterThanOrEqual(30 * DAY);
  expect(retries).toBeGreaterThanOrEqual(4 * 6 * HOUR);
  expect(details).toEqual([undefined, { attempts: 1 }, { attempts: 2 }, { attempts: 3 }, { attempts: 4 }]);
});
