import { isObject } from '../../../domain/json';
import type { ReadHint } from '../../hint';
import type { Projects } from '../job-name';
import { type Headers, headerText } from './headers';
import { isBytes, parsed } from './json';
import { readContent } from './message';
import { readPubsubMessage } from './pubsub-message';
import { deadLetter, toHint } from './reading';

/**
 * Reads the body of a Pub/Sub push: wrapped, `{message: {data, attributes, messageId, …}, subscription}`, or unwrapped,
 * the message's data alone, with its id in a header if the subscription writes metadata
 * (https://cloud.google.com/pubsub/docs/payload-unwrapping).
 * @param body raw text or bytes, or what JSON made of it
 */
export function readPubsubPush(
  body: unknown,
  headers: Headers,
  { projects }: { readonly projects: Projects },
): ReadHint {
  const content = parsed(body);
  if (content === undefined) return deadLetter('the body is no JSON');
  if (isObject(content) && isObject(content['message'])) return readPubsubMessage(content['message'], projects);
  const raw = isBytes(body) ? Buffer.from(body).toString('utf8') : body;
  return toHint(readContent(content), headerText(headers, 'x-goog-pubsub-message-id'), projects, raw);
}
