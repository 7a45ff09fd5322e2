import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { once } from '../async/unrepeated';
import { withTimeout } from '../async/with-timeout';
import type { TemporalConfig } from '../config/config';
import type { Readiness } from '../gateway/routes/health';
import { type ConnectOptions, connectClient, type Log } from '../temporal/connection';
import { connectFailure } from '../temporal/dial-client';
import { requireSetup } from '../temporal/setup';
import { SetupError } from '../temporal/setup-errors';

const SETUP_ANSWER_WITHIN_MS = 5_000;
const PAUSE_MS = 1_000;

/**
 * Resolves once Temporal is set up; asks again while it does not answer.
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
      return await connection.withDeadline(Date.now() + SETUP_ANSWER_WITHIN_MS, () =>
        requireSetup(connection, temporal),
      );
    } catch (error) {
      if (error instanceof SetupError) throw error;
      const newCause = connectFailure(error);
      if (newCause !== cause) log.warn(`waiting for Temporal at ${temporal.address}: ${newCause}`);
      cause = newCause;
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** A probe waits for three seconds; it should get the reason before. */
const PROBE_WITHIN_MS = 2_000;
const CAUSE_WITHIN_MS = 400;

/** So old may an answer be: any number of probes a second cost Temporal one call in two. */
const SHARED_FOR_MS = 2_000;
const shared = new WeakMap<Connection, { readonly at: number; readonly answer: Promise<Readiness> }>();

/** Whether Temporal answers for our namespace now, or did so a moment ago. */
export function isReachable(connection: Connection, temporal: TemporalConfig): Promise<Readiness> {
  const known = shared.get(connection);
  if (known && performance.now() - known.at < SHARED_FOR_MS) return known.answer;
  const answer = askNow(connection, temporal);
  shared.set(connection, { at: performance.now(), answer });
  return answer;
}

async function askNow(connection: Connection, { address, namespace }: TemporalConfig): Promise<Readiness> {
  try {
    const describing = connection.withDeadline(Date.now() + PROBE_WITHIN_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    // The SDK tries again by itself, and may wait for that beyond the deadline.
    await withTimeout(describing, PROBE_WITHIN_MS, () => new Error('no answer'));
    return { ready: true };
  } catch (error) {
    return { ready: false, reason: `Temporal at ${address} cannot be used: ${await causeOf(error, connection)}` };
  }
}

/** Of a time-out nobody learns why: what the SDK has tried again all along failed each time. So once more, without that. */
async function causeOf(error: unknown, connection: Connection): Promise<string> {
  const cause = connectFailure(error);
  if (!isTimeout(cause)) return cause;
  const asking = connection.withDeadline(Date.now() + CAUSE_WITHIN_MS, () =>
    once(() => connection.workflowService.getSystemInfo({})),
  );
  const said = await asking.then(() => 'no answer', connectFailure);
  return isTimeout(said) ? 'no answer' : said;
}

function isTimeout(cause: string): boolean {
  return cause === 'no answer' || /deadline exceeded/i.test(cause);
}

/** Temporal could not be reached in the time there was. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  readonly code = 'temporal_unreachable';
}

/**
 * For commands that must not wait for ever.
 * @throws {UnreachableError} with the cause
 */
export function connectWithin(temporal: TemporalConfig, ms: number): Promise<Connection> {
  return within(temporal, ms, connectClient);
}

/**
 * Connects as a client or as a worker.
 * @throws {UnreachableError} with the cause
 */
export async function within<C>(
  temporal: TemporalConfig,
  ms: number,
  connect: (temporal: TemporalConfig, options: ConnectOptions) => Promise<C>,
): Promise<C> {
  let last = `Temporal at ${temporal.address} does not answer`;
  const keep = (message: string) => {
    last = message.replace('waiting for Temporal at', 'cannot reach Temporal at');
  };
  const signal = AbortSignal.timeout(ms);
  try {
    return await connect(temporal, { log: { debug: () => {}, info: () => {}, warn: keep }, signal });
  } catch (error) {
    if (signal.aborted) throw new UnreachableError(last, { cause: error });
    throw error;
  }
}
