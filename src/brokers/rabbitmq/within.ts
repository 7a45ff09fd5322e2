import type { Channel } from 'rabbitmq-client';
import { withTimeout } from '../../async/with-timeout';
import { BrokerFault } from './fault';

/**
 * How long RabbitMQ may take for one answer. While its quorum queues elect their leaders, after a crash, some questions wait for
 * a minute and fail then; asked anew they are answered as soon as there is a leader.
 */
const ANSWERED_WITHIN_MS = 5_000;
const CLOSED_WITHIN_MS = 1_000;

/** @throws {BrokerFault} `passing`, where there is no answer in time */
export function answered<T>(asked: Promise<T>, timeoutMs: number = ANSWERED_WITHIN_MS): Promise<T> {
  const late = () => new BrokerFault('passing', `RabbitMQ did not answer within ${timeoutMs / 1000} s`);
  return withTimeout(asked, timeoutMs, late);
}

/** Closes a channel; one that waits for an answer is left behind, and closes when that comes. */
export async function leave(channel: Channel): Promise<void> {
  await answered(channel.close(), CLOSED_WITHIN_MS).catch(() => undefined);
}
