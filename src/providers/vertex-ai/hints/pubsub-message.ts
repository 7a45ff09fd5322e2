import { type JsonObject, objectAt, textAt } from '../../../domain/json';
import type { ReadHint } from '../../hint';
import type { Projects } from '../job-name';
import { isBytes } from './json';
import { readContent } from './message';
import { toHint } from './reading';

/**
 * Reads a PubsubMessage: `data` in base64 (bytes from a pull client) and `attributes`, of which either may be missing,
 * and its id, in camel case, snake case or both (https://cloud.google.com/pubsub/docs/push#receive_push).
 * @param id replaces the message's own, where the transport has a better one
 */
export function readPubsubMessage(message: JsonObject, projects: Projects, id = messageId(message)): ReadHint {
  const data = decoded(message['data']);
  return toHint(readContent(data, objectAt(message, 'attributes')), id, projects, data);
}

function messageId(message: JsonObject): string | undefined {
  return textAt(message, 'messageId', 'message_id');
}

function decoded(data: unknown): string | undefined {
  if (typeof data === 'string') return Buffer.from(data, 'base64').toString('utf8');
  return isBytes(data) ? Buffer.from(data).toString('utf8') : undefined;
}
