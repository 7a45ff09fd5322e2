import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import type { NativeConnection, WorkflowBundleOption } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Config } from '../config/config';
import { ensureCaretaker, isPassing } from '../engine';
import type { Readiness } from '../gateway/routes/health';
import { connectWorker } from '../temporal/connect-worker';
import { connectClient } from '../temporal/connection';
import { createClient } from '../temporal/create-client';
import { createWorker } from '../temporal/create-worker';
import { connectFailure } from '../temporal/dial-client';
import { workflowBundle } from '../temporal/workflow-bundle';
import { isReachable, untilSetUp } from './reach-temporal';
import { watchReachability } from './watch-reachability';
import type { WorkerTools } from './worker';

/** Whether a worker polls; changes as it comes and goes. */
export interface Polling {
  ready: () => Promise<Readiness>;
}

interface Job {
  readonly config: Config;
  readonly tools: WorkerTools;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** How often a worker makes sure that the caretaker runs. */
const CARETAKER_EVERY_MS = 60_000;
/** Loading blocks the process for a second or two. By then it has said that it is ready, and begun what was waiting for it. */
const WARM_UP_AFTER_MS = 1_000;
/** Before a worker that failed is made again. */
const PAUSE_MS = 1_000;

/**
 * Works until the signal: connects, however long that takes, polls, and starts again if polling fails.
 * Returns when what was in flight at the signal has finished or was handed back.
 * @throws {SetupError} where Temporal is not set up
 */
export async function keepPolling(polling: Polling, job: Job): Promise<void> {
  const { config, logger, signal } = job;
  const to = { log: logger, signal };
  try {
    const connection = await connectClient(config.temporal, to);
    try {
      await untilSetUp(connection, config.temporal, to);
      void watchReachability(() => isReachable(connection, config.temporal), { logger, signal });
      await pollUntilStopped(connection, polling, job);
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    if (error !== signal.reason)
      logger.warn({ err: error }, 'not everything in flight finished in time; the rest is handed back');
  }
}

async function pollUntilStopped(connection: Connection, polling: Polling, job: Job): Promise<void> {
  const { config, logger, signal } = job;
  const bundle = await workflowBundle();
  while (!signal.aborted) {
    try {
      const native = await connectWorker(config.temporal, { log: logger, signal });
      try {
        await poll(connection, native, bundle, polling, job);
      } finally {
        // A worker that ended by an error may hold on to it; the error matters more.
        await native.close().catch((err) => logger.debug({ err }, 'the connection did not close'));
      }
    } catch (error) {
      if (signal.aborted) throw error;
      logger.error({ err: error }, 'the worker failed; it starts again');
      polling.ready = async () => ({ ready: false, reason: `The worker starts again: ${connectFailure(error)}` });
      await sleep(PAUSE_MS, undefined, { signal });
    }
  }
}

async function poll(
  connection: Connection,
  native: NativeConnection,
  bundle: WorkflowBundleOption,
  polling: Polling,
  { config, tools, logger, signal }: Job,
): Promise<void> {
  const { namespace, taskQueue } = config.temporal;
  const client = createClient(connection, config.temporal);
  const worker = await createWorker({ connection: native, bundle, dependencies: { ...tools, client } });
  const stop = () => {
    logger.info('worker stops when what is in flight has finished');
    worker.shutdown();
  };
  const running = worker.run();
  const careTaken = () => {
    ensureCaretaker(client, taskQueue).catch((err) =>
      // That Temporal is away is said once, elsewhere.
      logger[isPassing(err) ? 'debug' : 'warn']({ err }, 'the caretaker could not be started'),
    );
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  polling.ready = async () =>
    worker.getState() === 'RUNNING'
      ? isReachable(connection, config.temporal)
      : { ready: false, reason: `The worker is ${worker.getState().toLowerCase()}.` };
  logger.info({ namespace, task_queue: taskQueue }, 'worker polls');
  const warming = setTimeout(() => void tools.warmUp(), WARM_UP_AFTER_MS);
  const caretaking = setInterval(careTaken, CARETAKER_EVERY_MS);
  careTaken();
  try {
    await running;
  } finally {
    clearTimeout(warming);
    clearInterval(caretaking);
    signal.removeEventListener('abort', stop);
  }
}
