import { isObject } from '../../domain/json';
/** How CMQ's pushes of Tencent Batch's events are read. Pure: what they say of a job is never believed. */
import { readBatchEvent } from './hints/batch-event';
import { type Headers, readCmqMessage } from './hints/cmq-message';
import { deadLetter, type Reading } from './hints/reading';

export type { Headers } from './hints/cmq-message';
export type { Reading } from './hints/reading';

/**
 * Reads the body of a push: one reading for each of its events, in their order. Never throws, and never gives none:
 * what cannot be used is a dead letter.
 * @param receivedAt epoch ms; when an event happened that does not say so, in a message that does not say when it was published
 */
export function readCmqPush(body: string, headers: Headers, receivedAt: number): readonly Reading[] {
  const { id, content, publishedAt } = readCmqMessage(body, headers);
  if (content === undefined) return [deadLetter('the message is neither JSON nor base64 of JSON')];
  const events = isObject(content) ? content['Events'] : undefined;
  if (!Array.isArray(events) || events.length === 0) {
    return [deadLetter('the message has no Events, as those of Tencent Batch have')];
  }
  const fallbackTime = publishedAt ?? receivedAt;
  return events.map((event, index) =>
    readBatchEvent(event, { ...(id !== undefined && { messageId: id }), index, fallbackTime }),
  );
}
