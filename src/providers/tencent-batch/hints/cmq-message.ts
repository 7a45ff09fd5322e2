import { isObject, type JsonObject, textAt } from '../../../domain/json';
import { parsedOrDecoded } from './json';

/** Request headers as Node has them: lower-case names. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A message as CMQ pushed it, whatever the form. */
export interface CmqMessage {
  /** CMQ's id of the message, the same at every attempt to push it; undefined where it says none. */
  readonly id?: string;
  /** What was published, read as JSON. */
  readonly content: unknown;
  /** When it was published, epoch ms. */
  readonly publishedAt?: number;
}

/**
 * Unpacks the body of a push: an envelope `{msgId, msgBody, publishTime, …}` with the message as JSON text or as base64
 * of it, or in the SIMPLIFIED form the message alone, its id in a header.
 * Source: https://www.tencentcloud.com/document/product/406/7420 (delivering messages to an HTTP endpoint)
 */
export function readCmqMessage(body: string, headers: Headers): CmqMessage {
  const content = parsedOrDecoded(body);
  const ofHeader = headerText(headers, 'x-cmq-message-id');
  if (!isObject(content) || Object.hasOwn(content, 'Events') || !Object.hasOwn(content, 'msgBody')) {
    return { ...(ofHeader && { id: ofHeader }), content };
  }
  const published = content['msgBody'];
  const id = idOf(content) ?? ofHeader;
  const publishTime = secondsOf(content['publishTime']);
  return {
    ...(id && { id }),
    content: typeof published === 'string' ? parsedOrDecoded(published) : published,
    ...(publishTime > 0 && publishTime < MAX_SECONDS && { publishedAt: publishTime * 1000 }),
  };
}

/** The last second that a Date can be. */
const MAX_SECONDS = 8.64e12;

/** Of a list or an object nothing is made: what JSON calls its `toString` may be anything. */
function secondsOf(value: unknown): number {
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
}

/** Text in the documentation; a number is taken where JSON can hold it exactly. */
function idOf(envelope: JsonObject): string | undefined {
  const id = envelope['msgId'];
  return typeof id === 'number' && Number.isSafeInteger(id) ? String(id) : textAt(envelope, 'msgId');
}

function headerText(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return (typeof value === 'string' ? value : value?.[0]) || undefined;
}
