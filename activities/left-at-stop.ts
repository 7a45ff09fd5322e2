import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { unlessAborted } from '../src/async/unless-aborted';
import { isWorkerStopping, workerStopped } from './attempt-context';

const HEARTBEAT_EVERY_MS = 5_000;

/**
 * Does what takes many calls to Temporal, with signs of life. Where the worker stops it is left, whatever it waits for, and another
 * worker makes the next attempt at once. What is under way then may still happen: only for work that may be done twice.
 */
export async function leftAtStop<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = cancellationSignal();
  const timer = setInterval(() => heartbeat(), HEARTBEAT_EVERY_MS);
  try {
    return await unlessAborted(work(signal), signal);
  } catch (error) {
    throw signal.aborted && isWorkerStopping() ? workerStopped() : error;
  } finally {
    clearInterval(timer);
  }
}
