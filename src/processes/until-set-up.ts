import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import type { TemporalConfig } from '../config/config';
import { connectFailure } from '../temporal/connect-failure';
import type { Log } from '../temporal/log';
import { requireSetup } from '../temporal/setup';
import { SetupError } from '../temporal/setup-error';

const ANSWER_WITHIN_MS = 5_000;
const PAUSE_MS = 1_000;

/**
 * Resolves once Temporal has said that it is set up; asks again for as long as it does not answer.
 * @throws {SetupError} where it is not set up
 * @throws the signal's reason
 */
export async function untilSetUp(
  connection: Connection,
  temporal: TemporalConfig,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<void> {
  let cause: string | undefined;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => requireSetup(connection, temporal));
    } catch (error) {
      if (error instanceof SetupError) throw error;
      const newCause = connectFailure(error);
      if (newCause !== cause) log.warn(`waiting for Temporal at ${temporal.address}: ${newCause}`);
      cause = newCause;
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
