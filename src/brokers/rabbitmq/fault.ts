import type { Channel } from 'rabbitmq-client';
import { withTimeout } from '../../async/with-timeout';

/**
 * Why RabbitMQ did not do what it was asked. passing: may be gone by itself · lasting: somebody has to mend something.
 */
export class BrokerFault extends Error {
  override readonly name = 'BrokerFault';
  constructor(
    readonly kind: 'passing' | 'lasting',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Reply codes of AMQP 0-9-1 that say the same however often one asks: a wrong name, no permission, other arguments. */
const LASTING: ReadonlySet<string> = new Set([
  'ACCESS_REFUSED',
  'NOT_FOUND',
  'PRECONDITION_FAILED',
  'NOT_ALLOWED',
  'NOT_IMPLEMENTED',
  'NO_ROUTE',
  'CONTENT_TOO_LARGE',
  'INVALID_PATH',
]);

/** Puts whatever the library throws into one of ours. */
export function toBrokerFault(error: unknown): BrokerFault {
  if (error instanceof BrokerFault) return error;
  const code = amqpCode(error);
  const text = error instanceof Error ? error.message.replace(/\s+/g, ' ').trim() : String(error);
  return new BrokerFault(LASTING.has(code) ? 'lasting' : 'passing', text, { cause: error });
}

/** The broker's own word for what went wrong, e.g. `PRECONDITION_FAILED`; '' where it was not the broker. */
export function amqpCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return String(error.code);
}

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
