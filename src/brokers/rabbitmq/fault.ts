import type { Channel } from 'rabbitmq-client';
import { withTimeout } from '../../async/with-timeout';

/**
 * Why a RabbitMQ request failed. passing: may succeed on a retry · lasting: somebody has to fix something.
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

/** Reply codes of AMQP 0-9-1 that no retry changes: a wrong name, no permission, other arguments. */
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

/** Wraps whatever the library throws. */
export function toBrokerFault(error: unknown): BrokerFault {
  if (error instanceof BrokerFault) return error;
  const code = amqpCode(error);
  const text = error instanceof Error ? error.message.replace(/\s+/g, ' ').trim() : String(error);
  return new BrokerFault(LASTING.has(code) ? 'lasting' : 'passing', text, { cause: error });
}

/** The broker's reply code, e.g. `PRECONDITION_FAILED`; '' if the error is not the broker's. */
export function amqpCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return String(error.code);
}

/**
 * How long RabbitMQ may take for one response. While its quorum queues elect their leaders, after a crash, some requests wait
 * for a minute and then fail; sent again, they succeed as soon as there is a leader.
 */
const RESPONSE_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 1_000;

/** @throws {BrokerFault} `passing`, if there is no response in time */
export function withRabbitmqTimeout<T>(request: Promise<T>, timeoutMs: number = RESPONSE_TIMEOUT_MS): Promise<T> {
  const late = () => new BrokerFault('passing', `RabbitMQ did not answer within ${timeoutMs / 1000} s`);
  return withTimeout(request, timeoutMs, late);
}

/** Closes a channel; one that waits for a response is abandoned, and closes when that arrives. */
export async function closeChannel(channel: Channel): Promise<void> {
  await withRabbitmqTimeout(channel.close(), CLOSE_TIMEOUT_MS).catch(() => undefined);
}
