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
