/** Why a Kafka request failed, as far as that decides what to do next. */
export interface KafkaFault {
  readonly kind: /** No connection, or one that broke. */
    | 'network'
    /** The topic does not exist, or is not visible to us. */
    | 'unknown_topic'
    /** Wrong credentials, or no permission. */
    | 'refused'
    /** The broker will never accept a message of that size, or this one. */
    | 'unacceptable'
    /** The requested offset no longer exists, or not yet. */
    | 'offset_out_of_range'
    /** Anything else, which may pass. */
    | 'other';
  /** One short line. */
  readonly text: string;
}

/** Kafka's error names. Source: https://kafka.apache.org/protocol#protocol_error_codes */
const KINDS: Readonly<Record<string, KafkaFault['kind']>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'unknown_topic',
  TOPIC_AUTHORIZATION_FAILED: 'refused',
  GROUP_AUTHORIZATION_FAILED: 'refused',
  CLUSTER_AUTHORIZATION_FAILED: 'refused',
  SASL_AUTHENTICATION_FAILED: 'refused',
  UNSUPPORTED_SASL_MECHANISM: 'refused',
  MESSAGE_TOO_LARGE: 'unacceptable',
  RECORD_LIST_TOO_LARGE: 'unacceptable',
  INVALID_RECORD: 'unacceptable',
  OFFSET_OUT_OF_RANGE: 'offset_out_of_range',
};

/** An error of the client or of Node.js; the client wraps one in another for each layer and each retry. */
interface ClientError {
  readonly message: string;
  readonly cause?: unknown;
  /** Kafka's own name. */
  readonly apiId?: string;
  readonly code?: string;
  readonly errors?: readonly unknown[];
}

export function faultOf(error: unknown): KafkaFault {
  const all = [...withCauses(error)];
  for (const { apiId, message } of all) {
    const kind = KINDS[apiId ?? ''];
    if (kind !== undefined) return { kind, text: `${apiId}: ${oneLine(message)}` };
  }
  // The client reports this one only by its message.
  const unknown = all.find(({ message }) => message.startsWith('Unknown topic '));
  if (unknown !== undefined) return { kind: 'unknown_topic', text: oneLine(unknown.message) };
  const refused = all.find(({ code }) => code === 'PLT_KFK_AUTHENTICATION');
  if (refused !== undefined) return { kind: 'refused', text: oneLine(refused.message) };
  const system = all.find(({ code = '' }) => /^(E[A-Z]+|ERR_)/.test(code) || /CERT|UNABLE_TO_/.test(code));
  if (system !== undefined) return { kind: 'network', text: oneLine(system.message) };
  const network = all.findLast(({ code }) => code === 'PLT_KFK_NETWORK' || code === 'PLT_KFK_TIMEOUT');
  if (network !== undefined) return { kind: 'network', text: oneLine(network.message) };
  return { kind: 'other', text: oneLine(all.at(-1)?.message ?? String(error)) };
}

/** The error and all its causes, the outer before the inner. */
function* withCauses(error: unknown): Generator<ClientError> {
  if (!isClientError(error)) return;
  yield error;
  for (const inner of error.errors ?? []) yield* withCauses(inner);
  yield* withCauses(error.cause);
}

function isClientError(error: unknown): error is ClientError {
  return typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200);
}
