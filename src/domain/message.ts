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
  /** What a broker is told beside the bytes. */
  readonly broker?: MessageBroker;
}

/** For Kafka and AMQP, which route and trace by more than the body. */
export interface MessageBroker {
  /** Kafka's key: messages of one key keep their order. */
  readonly key: string;
  /** AMQP `type`. */
  readonly type: string;
  readonly correlation_id: string;
  /** RFC 3339. */
  readonly timestamp: string;
}
