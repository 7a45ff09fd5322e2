import type { EndpointConfig } from '../config/config';
import type { Attempt } from '../domain/delivery';
import type { Message } from '../domain/message';
import type { Outcome } from '../domain/outcome';

/** How bytes leave: webhook, kafka, rabbitmq. An instance is made once per worker and keeps its connections. */
export interface Channel<E extends EndpointConfig = EndpointConfig> {
  /**
   * Makes one attempt. Never throws for anything the endpoint or the network does: that is an outcome.
   * @param signal aborted when the worker stops or the activity is cancelled
   */
  send(endpoint: E, message: Message, signal: AbortSignal): Promise<SendResult>;
  close(): Promise<void>;
}

/** The channels of one process, each for the endpoints of its type. One that is not there was not opened. */
export type Channels = {
  readonly [T in EndpointConfig['type']]?: Channel<Extract<EndpointConfig, { readonly type: T }>>;
};

export interface SendResult {
  readonly outcome: Outcome;
  /** What goes into the attempt log; number and next attempt are the caller's. */
  readonly attempt: Omit<Attempt, 'number' | 'next_attempt'>;
}
