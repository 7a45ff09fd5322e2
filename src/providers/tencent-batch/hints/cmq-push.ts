import { isObject, type JsonObject, parseJsonOrUndefined, textAt } from '../../../domain/json';
import { readTime } from '../../../domain/parse-time';
import { deadLetter, type Reading, readBatchEvent } from './batch-event';

/**
 * Reads the body of a CMQ push: one reading for each of its events, in their order, and at least one. Never throws: a
 * body that cannot be used is a dead letter.
 * @param headers lower-case names
 * @param receivedAt epoch ms; the time of an event without a time, in a message without a publish time
 */
export function readCmqPush(body: string, headers: JsonObject, receivedAt: number): readonly Reading[] {
  const { id, content, publishedAt } = readCmqMessage(body, headers);
  if (content === undefined) return [deadLetter('the message is neither JSON nor base64 of JSON')];
  const events = isObject(content) ? content['Events'] : undefined;
  if (!Array.isArray(events) || events.length === 0) {
    return [deadLetter('the message has no Events, so it is not a message of Tencent Batch')];
  }
  const fallbackTime = publishedAt ?? receivedAt;
  return events.map((event, index) =>
    readBatchEvent(event, { ...(id !== undefined && { messageId: id }), index, fallbackTime }),
  );
}

/** A message as CMQ pushed it, in whichever form. */
interface CmqMessage {
  /** CMQ's id of the message, the same for every attempt to push it; undefined where there is none. */
  readonly id?: string;
  /** The published content, parsed as JSON. */
  readonly content: unknown;
  /** Epoch ms. */
  readonly publishedAt?: number;
}

/**
 * Unpacks the body of a push: an envelope `{msgId, msgBody, publishTime, …}` with the message as JSON text or in
 * base64, or in the SIMPLIFIED form the message alone, with its id in a header.
 * Source: https://www.tencentcloud.com/document/product/406/7420 (delivering messages to an HTTP endpoint)
 */
function readCmqMessage(body: string, headers: JsonObject): CmqMessage {
  const content = parseOrDecode(body);
  const headerId = textAt(headers, 'x-cmq-message-id');
  if (!isObject(content) || Object.hasOwn(content, 'Events') || !Object.hasOwn(content, 'msgBody')) {
    return { ...(headerId && { id: headerId }), content };
  }
  const published = content['msgBody'];
  const id = idOf(content) ?? headerId;
  const publishedAt = readTime(secondsOf(content['publishTime']) * 1000)?.getTime();
  return {
    ...(id && { id }),
    content: typeof published === 'string' ? parseOrDecode(published) : published,
    ...(publishedAt !== undefined && { publishedAt }),
  };
}

/** Only of numbers and texts: the `toString` of a JSON object may be anything. */
function secondsOf(value: unknown): number {
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
}

/** A text in the documentation; a number is accepted, too. */
function idOf(envelope: JsonObject): string | undefined {
  const id = envelope['msgId'];
  return typeof id === 'number' && Number.isSafeInteger(id) ? String(id) : textAt(envelope, 'msgId');
}

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** JSON, or base64 of JSON in either alphabet: CMQ's console and its API publish both. */
function parseOrDecode(text: string): unknown {
  const value = parseJsonOrUndefined(text);
  if (isObject(value)) return value;
  // A quoted text is JSON too, and may contain either.
  if (typeof value === 'string' && value !== text) return parseOrDecode(value);
  const encoded = text.replace(/\s/g, '');
  return BASE64.test(encoded) ? parseJsonOrUndefined(Buffer.from(encoded, 'base64')) : value;
}
