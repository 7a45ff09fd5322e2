import { isObject, textAt } from '../../../domain/json';
import { type Headers, headerText } from './headers';
import { parsed } from './json';

/** As much of a CloudEvent as a hint needs. */
export interface CloudEvent {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

/**
 * Reads a CloudEvent 1.0 over HTTP, binary (attributes in `ce-` headers) or structured
 * (`application/cloudevents+json`). Read here and not with the CloudEvents SDK because that makes up an id where there
 * is none, and a made-up id is another one each time the event is sent again.
 * Source: CloudEvents HTTP Protocol Binding 1.0.2, sections 3.1 and 3.2.
 */
export function readCloudEvent(body: unknown, headers: Headers): CloudEvent | undefined {
  const contentType = headerText(headers, 'content-type')?.toLowerCase() ?? '';
  return contentType.startsWith('application/cloudevents') ? structured(body) : binary(body, headers);
}

function binary(body: unknown, headers: Headers): CloudEvent | undefined {
  return cloudEvent(headerText(headers, 'ce-id'), headerText(headers, 'ce-type'), parsed(body));
}

function structured(body: unknown): CloudEvent | undefined {
  const event = parsed(body);
  if (!isObject(event)) return undefined;
  const encoded = textAt(event, 'data_base64');
  const data = encoded === undefined ? event['data'] : Buffer.from(encoded, 'base64').toString('utf8');
  return cloudEvent(textAt(event, 'id'), textAt(event, 'type'), parsed(data));
}

function cloudEvent(id: string | undefined, type: string | undefined, data: unknown): CloudEvent | undefined {
  return id && type ? { id, type, data } : undefined;
}
