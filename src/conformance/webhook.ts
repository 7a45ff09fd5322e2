import { requestHeaders, type SigningKey, sign } from '../channels/webhook/sign';
import type { Message } from '../domain/message';
import { render } from '../formats/render';
import type { Format } from '../formats/vocabulary';
import { SAMPLE_VARS, sampleEvent } from './sample-event';

/** A request as jobherald sends it, or one that has something wrong with it. */
export interface Webhook {
  readonly message: Message;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** How a webhook differs from a good one of this moment. It is signed after that, so that nothing else is wrong. */
export interface Difference {
  /** One that was made before, for another attempt at it. Default: one of its own. */
  readonly message?: Message;
  /** As it stands in the header and in what is signed. */
  readonly timestamp?: string;
  /** In place of the receiver's own; each one signs. */
  readonly keys?: readonly SigningKey[];
  readonly body?: (text: string) => string;
}

export interface Sender {
  /** The receiver's own. */
  readonly key: SigningKey;
  readonly format: Format;
  readonly userAgent: string;
}

export function makeWebhook({ key, format, userAgent }: Sender, difference: Difference = {}): Webhook {
  const message = difference.message ?? render(sampleEvent(new Date()), { format, vars: SAMPLE_VARS });
  const timestampSeconds = difference.timestamp ?? secondsFromNow(0);
  const body = Buffer.from(difference.body?.(message.body) ?? message.body);
  const signature = sign(message.id, timestampSeconds, body, difference.keys ?? [key]);
  const headers = requestHeaders({ endpoint: { headers: {} }, message, timestampSeconds, signature, userAgent });
  return { message, headers, body };
}

/** Unix seconds, as the header has them. */
export function secondsFromNow(offset: number): string {
  return String(Math.floor(Date.now() / 1000) + offset);
}

/** The same with another signature; undefined: without one. */
export function withSignature(webhook: Webhook, change: (signature: string) => string | undefined): Webhook {
  const { 'webhook-signature': before = '', ...others } = webhook.headers;
  const signature = change(before);
  return { ...webhook, headers: { ...others, ...(signature !== undefined && { 'webhook-signature': signature }) } };
}
