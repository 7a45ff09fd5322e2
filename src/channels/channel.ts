import type { EndpointConfig } from '../config/config';
import type { Attempt } from '../domain/delivery';
import type { Message, Outcome } from '../domain/message';

/** How events are sent: webhook, kafka, rabbitmq. A worker has one of each type, which keeps its connections. */
export interface Channel<E extends EndpointConfig = EndpointConfig> {
  /**
   * Makes one attempt. Never throws for anything the endpoint or the network does: that is an outcome.
   * @param signal aborted when the worker stops or the activity is cancelled
   */
  send(endpoint: E, message: Message, signal: AbortSignal): Promise<SendResult>;
  /**
   * Whether an attempt can begin at once: what it has to find out first (the addresses of a host) is known. Waits for up
   * to `waitMs`, and goes on finding out behind that. Without it an attempt can always begin.
   */
  isReady?(endpoint: E, waitMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** The channels of one process, each for the endpoints of its type. A missing one was not opened. */
export type Channels = {
  readonly [T in EndpointConfig['type']]?: Channel<Extract<EndpointConfig, { readonly type: T }>>;
};

export interface SendResult {
  readonly outcome: Outcome;
  /** The attempt log's entry; number and next attempt are the caller's. */
  readonly attempt: Omit<Attempt, 'number' | 'next_attempt'>;
}

/** The outcome of one attempt, and what the attempt log says about it. */
export interface AttemptReport {
  readonly outcome: Outcome;
  readonly log: Pick<Attempt, 'status' | 'error' | 'address' | 'excerpt'>;
}

/** Adds to a report when the attempt began and how long it took. */
export async function timed(
  attempt: () => Promise<AttemptReport>,
  startedMs: number = Date.now(),
): Promise<SendResult> {
  const startedAt = performance.now();
  const { outcome, log } = await attempt();
  const duration_ms = Math.round(performance.now() - startedAt);
  return { outcome, attempt: { time: new Date(startedMs).toISOString(), duration_ms, ...log } };
}
