import type { Connection } from '@temporalio/client';
import { withTimeout } from '../async/with-timeout';
import type { TemporalConfig } from '../config/config';
import type { Readiness } from '../gateway/routes/health';
import { connectFailure } from '../temporal/connect-failure';

/** A probe waits for three seconds; it shall hear the reason before. */
const ANSWER_WITHIN_MS = 2_000;

/** Whether Temporal answers for our namespace now. */
export async function isReachable(connection: Connection, { address, namespace }: TemporalConfig): Promise<Readiness> {
  try {
    const describing = connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    // The SDK tries again by itself, and may wait for that beyond the deadline.
    await withTimeout(describing, ANSWER_WITHIN_MS, () => new Error('no answer'));
    return { ready: true };
  } catch (error) {
    return { ready: false, reason: `Temporal at ${address} cannot be used: ${connectFailure(error)}` };
  }
}
