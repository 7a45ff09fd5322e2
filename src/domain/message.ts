/**
 * An event rendered for one endpoint: the exact bytes that every attempt, redelivery and crash sends.
 * Made by a format (src/formats) inside the workflow, carried out by a channel (src/channels).
 */
export interface Message {
  /** The event's id. */
  readonly id: string;
  readonly content_type: string;
  /** Headers that belong to the format, e.g. `ce-id`; lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** UTF-8 text. */
  readonly body: string;
  /** What a broker is given beside the bytes. Absent for webhooks. */
  readonly broker?: BrokerProperties;
}

/** An event in a broker's words; a webhook has no use for them. */
export interface BrokerProperties {
  /** Messages of one key stay in order: Kafka's record key. */
  readonly key: string;
  /** AMQP's `type`: the event's type, or the name that the format has for its messages. */
  readonly type: string;
  readonly correlation_id: string;
  /** When it happened, RFC 3339. */
  readonly timestamp: string;
}

/** What one attempt came to, whatever the channel. */
export type Outcome =
  /** The endpoint took it. */
  | { readonly kind: 'delivered' }
  /** Try again. `slow`: the endpoint refuses for a lasting reason, so use the slow half of the schedule. */
  | { readonly kind: 'retry'; readonly slow: boolean; readonly retryAfterMs?: number; readonly pauseEndpoint?: boolean }
  /** The endpoint wants this message never. `pauseEndpoint`: and no other either (410). */
  | { readonly kind: 'gone'; readonly pauseEndpoint: boolean; readonly reason: string };

export const DELIVERED = { kind: 'delivered' } as const satisfies Outcome;

/** May pass by itself: network fault, overload. */
export const RETRY = { kind: 'retry', slow: false } as const satisfies Outcome;

/** Needs somebody to mend something: a wrong configuration, a broken receiver. */
export const RETRY_SLOWLY = { kind: 'retry', slow: true } as const satisfies Outcome;
