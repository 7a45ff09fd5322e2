import { setDefaultSignalHandler } from '@temporalio/workflow';
import type { RetryUnderWayInput } from '../src/domain/retry-now';
import { untilTried } from './retry-under-way';

/** Has the deliveries of a job tried again that were under way when that was asked for, where they come to nothing. */
export async function jobRetry(wish: RetryUnderWayInput): Promise<string> {
  setDefaultSignalHandler(() => undefined);
  return `${await untilTried(wish)} deliveries were under way, failed and are tried again`;
}
