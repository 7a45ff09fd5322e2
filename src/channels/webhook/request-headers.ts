import type { WebhookEndpoint } from '../../config/config';
import type { Message } from '../../domain/message';

export interface RequestHeadersInput {
  readonly endpoint: Pick<WebhookEndpoint, 'headers'>;
  readonly message: Message;
  readonly timestampSeconds: number | string;
  /** Absent for an unsigned endpoint. */
  readonly signature?: string | undefined;
  readonly userAgent: string;
}

/** The headers of one attempt. Ours win over the format's, and those over the endpoint's own. */
export function requestHeaders(input: RequestHeadersInput): Record<string, string> {
  const { endpoint, message } = input;
  const headers: Record<string, string> = {
    ...endpoint.headers,
    ...message.headers,
    'content-type': message.content_type,
    'user-agent': input.userAgent,
    'webhook-id': message.id,
    'webhook-timestamp': String(input.timestampSeconds),
    'idempotency-key': message.id,
  };
  if (input.signature !== undefined) headers['webhook-signature'] = input.signature;
  return headers;
}
