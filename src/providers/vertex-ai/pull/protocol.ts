import type { ServiceDefinition } from '@grpc/grpc-js';

/** A message on the wire, with the fields that are used. */
export interface PulledMessage {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageId: string;
}

export interface ReceivedMessage {
  readonly ackId: string;
  readonly message: PulledMessage | null;
}

/** The first request of a stream has all members; later, empty ones keep the stream alive. */
export interface StreamingPullRequest {
  readonly subscription?: string;
  readonly streamAckDeadlineSeconds?: number;
  readonly clientId?: string;
  readonly maxOutstandingMessages?: number | string;
  readonly maxOutstandingBytes?: number | string;
}

export interface StreamingPullResponse {
  readonly receivedMessages: readonly ReceivedMessage[];
}

export interface AcknowledgeRequest {
  readonly subscription: string;
  readonly ackIds: readonly string[];
}

/** 0 seconds: redeliver now. */
export interface ModifyAckDeadlineRequest extends AcknowledgeRequest {
  readonly ackDeadlineSeconds: number;
}

/** On the wire a field is its number and its type; its name is for this program only. */
const MESSAGES = {
  PubsubMessage: {
    fields: {
      data: { id: 1, type: 'bytes' },
      attributes: { id: 2, keyType: 'string', type: 'string' },
      messageId: { id: 3, type: 'string' },
    },
  },
  ReceivedMessage: { fields: { ackId: { id: 1, type: 'string' }, message: { id: 2, type: 'PubsubMessage' } } },
  StreamingPullRequest: {
    fields: {
      subscription: { id: 1, type: 'string' },
      streamAckDeadlineSeconds: { id: 5, type: 'int32' },
      clientId: { id: 6, type: 'string' },
      maxOutstandingMessages: { id: 7, type: 'int64' },
      maxOutstandingBytes: { id: 8, type: 'int64' },
    },
  },
  StreamingPullResponse: { fields: { receivedMessages: { id: 1, rule: 'repeated', type: 'ReceivedMessage' } } },
  AcknowledgeRequest: {
    fields: { subscription: { id: 1, type: 'string' }, ackIds: { id: 2, rule: 'repeated', type: 'string' } },
  },
  ModifyAckDeadlineRequest: {
    fields: {
      subscription: { id: 1, type: 'string' },
      ackDeadlineSeconds: { id: 3, type: 'int32' },
      ackIds: { id: 4, rule: 'repeated', type: 'string' },
    },
  },
  Empty: { fields: {} },
} as const;

const METHODS = {
  Acknowledge: { requestType: 'AcknowledgeRequest', responseType: 'Empty', comment: '' },
  ModifyAckDeadline: { requestType: 'ModifyAckDeadlineRequest', responseType: 'Empty', comment: '' },
  StreamingPull: {
    requestType: 'StreamingPullRequest',
    requestStream: true,
    responseType: 'StreamingPullResponse',
    responseStream: true,
    comment: '',
  },
} as const;

/**
 * The part of `google.pubsub.v1.Subscriber` that a pull needs. Fields left out are unknown to this side, which skips
 * them.
 * Source: https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#subscriber
 */
export async function loadSubscriberService(): Promise<ServiceDefinition> {
  const { fromJSON } = await import('@grpc/proto-loader');
  const definitions = fromJSON(
    { nested: { 'google.pubsub.v1': { nested: { ...MESSAGES, Subscriber: { methods: METHODS } } } } },
    { defaults: true, longs: String },
  );
  return definitions['google.pubsub.v1.Subscriber'] as ServiceDefinition;
}
