import { createHash } from 'node:crypto';
import type { Envelope } from 'rabbitmq-client';
import { BrokerFault } from './fault';

/** Where a message goes, and AMQP's properties of it. */
export type Properties = Envelope & { readonly messageId: string };

/** AMQP 0-9-1 writes the length of a short string into one byte. */
export const MAX_SHORT_STRING_BYTES = 255;
/** The client sends no header frame longer than its frames, 8 KiB; the rest is for names and short strings. */
const MAX_HEADERS_BYTES = 4 * 1024;
const MAX_PRIORITY = 255;
/** RabbitMQ closes the channel over an expiration that is no number, or one that does not fit. */
const EXPIRATION = /^\d{1,10}$/;
const MAX_EXPIRATION_MS = 2 ** 32 - 1;

const SHORT_STRINGS = [
  'type',
  'correlationId',
  'messageId',
  'replyTo',
  'appId',
  'contentType',
  'contentEncoding',
] as const satisfies readonly (keyof Envelope)[];

/**
 * A message's properties as AMQP can carry them. What cannot be carried makes no message unsendable, and above all breaks no
 * channel, with the messages of others on it: a short string that is too long is replaced by its hash, since a cut one
 * is another's; a number that does not fit is left out. The client itself would cut, in the middle of a character.
 * @throws {BrokerFault} `lasting` for a place that no message can be sent to, and for headers that are too long
 */
export function carriable(properties: Properties): Properties {
  const { timestamp, priority, expiration, headers, ...others } = properties;
  const { exchange, routingKey } = others;
  assertPlace('exchange', exchange);
  assertPlace('routing key', routingKey);
  const table = headers && carriableTable(headers);
  const bytes = Buffer.byteLength(JSON.stringify(table ?? {}));
  if (bytes > MAX_HEADERS_BYTES) {
    throw new BrokerFault(
      'lasting',
      `the headers have ${bytes} bytes, more than the ${MAX_HEADERS_BYTES} that are sent`,
    );
  }
  return {
    ...others,
    ...Object.fromEntries(
      SHORT_STRINGS.filter((name) => properties[name] !== undefined).map((name) => [
        name,
        shortString(properties[name]),
      ]),
    ),
    messageId: shortString(properties.messageId),
    // Where there is none the client sends the present time.
    ...(isWithin(timestamp, Number.MAX_SAFE_INTEGER) && { timestamp }),
    ...(isWithin(priority, MAX_PRIORITY) && { priority }),
    ...(isExpiration(expiration) && { expiration }),
    ...(table && { headers: table }),
  };
}

/** The text, or `sha256:` and the hash of its UTF-8 bytes, in hex. */
export function shortString(text: unknown): string {
  const whole = String(text).toWellFormed();
  if (Buffer.byteLength(whole) <= MAX_SHORT_STRING_BYTES) return whole;
  return `sha256:${createHash('sha256').update(whole).digest('hex')}`;
}

function assertPlace(what: string, name = ''): void {
  const bytes = Buffer.byteLength(name);
  if (bytes <= MAX_SHORT_STRING_BYTES) return;
  throw new BrokerFault('lasting', `the ${what} has ${bytes} bytes; AMQP carries ${MAX_SHORT_STRING_BYTES}`);
}

function isWithin(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
}

function isExpiration(value: unknown): value is string {
  return value !== undefined && EXPIRATION.test(String(value)) && Number(value) <= MAX_EXPIRATION_MS;
}

/** Numbers that AMQP has no type for become texts. */
function carriableTable(table: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [shortString(name), carriableValue(value)]));
}

function carriableValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) && Math.abs(value) < 2 ** 63 ? value : String(value);
  if (Array.isArray(value)) return value.map(carriableValue);
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return typeof value === 'object' && value !== null ? carriableTable(value as Record<string, unknown>) : value;
}
