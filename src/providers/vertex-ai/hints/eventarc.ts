import { isObject, type JsonObject, textAt } from '../../../domain/json';
import type { ReadHint } from '../../hint';
import type { Projects } from '../job-name';
import { readLogEntry } from './log-entry';
import { readPubsubMessage } from './pubsub';
import { deadLetter, ignored, jsonOf, toHint } from './reading';

const PUBSUB = 'google.cloud.pubsub.topic.v1.messagePublished';
const AUDIT = 'google.cloud.audit.log.v1.written';

/**
 * Reads what Eventarc sends: a CloudEvent whose data is a Pub/Sub push body or an audit log entry. The hint's key is
 * `ce-id`, which Eventarc keeps when it sends the event again.
 * @param body raw text or bytes, or the value parsed from them
 * @param headers lower-case names
 */
export function readEventarc(
  body: unknown,
  headers: JsonObject,
  { projects }: { readonly projects: Projects },
): ReadHint {
  const event = readCloudEvent(body, headers);
  if (!event) return deadLetter('the request is not a CloudEvent: its id or type is missing');
  const { id, type, data } = event;
  if (type !== PUBSUB && type !== AUDIT) return ignored(`CloudEvent of type ${type.slice(0, 200)}`);
  if (!isObject(data)) return deadLetter(`the data of the ${type} event is not a JSON object`);
  if (type === AUDIT) return toHint(readLogEntry(data), id, projects, undefined);
  const message = data['message'];
  return isObject(message) ? readPubsubMessage(message, projects, id) : deadLetter('the Pub/Sub event has no message');
}

/** The members of a CloudEvent that a hint needs. */
interface CloudEvent {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

/**
 * Reads a CloudEvent 1.0 over HTTP, binary (attributes in `ce-` headers) or structured
 * (`application/cloudevents+json`). The CloudEvents SDK does not fit: it generates an id where there is none, and a
 * generated id differs each time the event is sent again.
 * Source: CloudEvents HTTP Protocol Binding 1.0.2, sections 3.1 and 3.2.
 */
function readCloudEvent(body: unknown, headers: JsonObject): CloudEvent | undefined {
  const contentType = textAt(headers, 'content-type')?.toLowerCase() ?? '';
  if (contentType.startsWith('application/cloudevents')) return readStructured(body);
  return cloudEvent(textAt(headers, 'ce-id'), textAt(headers, 'ce-type'), body);
}

function readStructured(body: unknown): CloudEvent | undefined {
  const event = jsonOf(body);
  if (!isObject(event)) return undefined;
  const encoded = textAt(event, 'data_base64');
  const data = encoded === undefined ? event['data'] : Buffer.from(encoded, 'base64');
  return cloudEvent(textAt(event, 'id'), textAt(event, 'type'), data);
}

function cloudEvent(id: string | undefined, type: string | undefined, data: unknown): CloudEvent | undefined {
  return id && type ? { id, type, data: jsonOf(data) } : undefined;
}
