import { isObject, type JsonObject, objectAt, textAt } from '../../../domain/json';
import type { ReadHint } from '../../hint';
import { type Projects, readJobName } from '../job-name';
import { isLogEntry, readLogEntry } from './log-entry';
import { deadLetter, jsonOf, type Reading, toHint } from './reading';

/**
 * Reads the body of a Pub/Sub push: wrapped, `{message: {data, attributes, messageId, …}, subscription}`, or unwrapped,
 * the message's data alone, with its id in a header if the subscription writes metadata
 * (https://cloud.google.com/pubsub/docs/payload-unwrapping).
 * @param body raw text or bytes, or the value parsed from them
 * @param headers lower-case names
 */
export function readPubsubPush(
  body: unknown,
  headers: JsonObject,
  { projects }: { readonly projects: Projects },
): ReadHint {
  const content = jsonOf(body);
  if (content === undefined) return deadLetter('the body is not JSON');
  if (isObject(content) && isObject(content['message'])) return readPubsubMessage(content['message'], projects);
  const raw = body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : body;
  return toHint(readContent(content), textAt(headers, 'x-goog-pubsub-message-id'), projects, raw);
}

/**
 * Reads a PubsubMessage: `data` in base64 (bytes from a pull client) and `attributes`, either of which may be missing,
 * and its id, in camel case, snake case or both (https://cloud.google.com/pubsub/docs/push#receive_push).
 * @param id replaces the message's own id, for a transport that has a better one
 */
export function readPubsubMessage(
  message: JsonObject,
  projects: Projects,
  id = textAt(message, 'messageId', 'message_id'),
): ReadHint {
  const data = decode(message['data']);
  return toHint(readContent(data, objectAt(message, 'attributes')), id, projects, data);
}

function decode(data: unknown): string | undefined {
  if (typeof data === 'string') return Buffer.from(data, 'base64').toString('utf8');
  return data instanceof Uint8Array ? Buffer.from(data).toString('utf8') : undefined;
}

/**
 * Reads the content of a message, whichever transport delivered it. It is one of three things: a Cloud Logging entry;
 * `{"job": "projects/…"}`, as a handler of one's own sends it; or a job resource as the REST API returns it,
 * `{"name": "projects/…", "state": "JOB_STATE_…"}`. Attributes `job`, `state` and `message` replace the data, if any.
 */
function readContent(data: unknown, attributes: JsonObject = {}): Reading {
  if (textAt(attributes, 'job')) return readJob(attributes, 'job');
  const content = jsonOf(data);
  if (!isObject(content)) return deadLetter(unusable(data, content));
  if (textAt(content, 'job')) return readJob(content, 'job');
  return isLogEntry(content) ? readLogEntry(content) : readJob(content, 'name');
}

function readJob(content: JsonObject, member: 'job' | 'name'): Reading {
  const text = textAt(content, member);
  if (!text) return deadLetter('the message is not a log entry and has neither "job" nor "name"');
  const name = readJobName(text);
  if (!name) return deadLetter(`"${member}" is not a Vertex AI job: ${JSON.stringify(text.slice(0, 200))}`);
  return { kind: 'job', name, state: textAt(content, 'state'), message: textAt(content, 'message') };
}

function unusable(data: unknown, content: unknown): string {
  if (data === undefined || data === '') return 'the message has no data and no attribute "job"';
  return content === undefined ? 'the message is not JSON' : 'the message is not a JSON object';
}
