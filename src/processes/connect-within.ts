import type { Connection } from '@temporalio/client';
import type { TemporalConfig } from '../config/config';
import { connectClient } from '../temporal/connection';

/** Temporal could not be reached in the time there was. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  readonly code = 'temporal_unreachable';
}

/**
 * For commands that shall not wait for ever.
 * @throws {UnreachableError} with the cause
 */
export async function connectWithin(temporal: TemporalConfig, ms: number): Promise<Connection> {
  let last = `Temporal at ${temporal.address} does not answer`;
  const keep = (message: string) => {
    last = message.replace('waiting for Temporal at', 'cannot reach Temporal at');
  };
  const signal = AbortSignal.timeout(ms);
  try {
    return await connectClient(temporal, { log: { debug: () => {}, info: () => {}, warn: keep }, signal });
  } catch (error) {
    if (signal.aborted) throw new UnreachableError(last, { cause: error });
    throw error;
  }
}
