import { isObject } from '../../../domain/json';
import type { ReadHint } from '../../hint';
import type { Projects } from '../job-name';
import { readCloudEvent } from './cloud-event';
import type { Headers } from './headers';
import { readLogEntry } from './log-entry';
import { readPubsubMessage } from './pubsub-message';
import { deadLetter, ignored, toHint } from './reading';

const PUBSUB = 'google.cloud.pubsub.topic.v1.messagePublished';
const AUDIT = 'google.cloud.audit.log.v1.written';

/**
 * Reads what Eventarc sends: a CloudEvent whose data is a Pub/Sub push body or an audit log entry. Its key is `ce-id`,
 * which Eventarc keeps when it sends again.
 * @param body raw text or bytes, or what JSON made of it
 */
export function readEventarc(body: unknown, headers: Headers, { projects }: { readonly projects: Projects }): ReadHint {
  const event = readCloudEvent(body, headers);
  if (!event) return deadLetter('the request is no CloudEvent: it has no id or no type');
  const { id, type, data } = event;
  if (type !== PUBSUB && type !== AUDIT) return ignored(`CloudEvent of type ${type.slice(0, 200)}`);
  if (!isObject(data)) return deadLetter(`the data of the ${type} event is no JSON object`);
  if (type === AUDIT) return toHint(readLogEntry(data), id, projects, undefined);
  const message = data['message'];
  return isObject(message) ? readPubsubMessage(message, projects, id) : deadLetter('the Pub/Sub event has no message');
}
