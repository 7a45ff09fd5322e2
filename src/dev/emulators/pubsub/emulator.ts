import { randomUUID } from 'node:crypto';
import {
  type handleBidiStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  status,
} from '@grpc/grpc-js';
import {
  type AcknowledgeRequest,
  loadSubscriberService,
  type ModifyAckDeadlineRequest,
  type PulledMessage,
  type StreamingPullRequest,
  type StreamingPullResponse,
} from '../../../providers/vertex-ai/pull/protocol';
import { createLeases, type Leases } from './leases';

export interface PubsubEmulatorOptions {
  /** Full names: `projects/{project}/subscriptions/{name}`. */
  readonly subscriptions: readonly string[];
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
}

export interface EmulatedMessage {
  /** An object is sent as JSON. */
  readonly data?: string | Uint8Array | object;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Pub/Sub with pull subscriptions only: real gRPC, ack deadlines, redelivery. No topics, no persistence. */
export interface PubsubEmulator {
  /** host:port, for `providers.vertex-ai.pubsub.pull.api_endpoint` with `insecure: true`. */
  readonly address: string;
  /** Puts a message into every subscription. Returns its id. */
  publish(message: EmulatedMessage): string;
  /** Ids of a subscription's messages that are not acknowledged yet, oldest first. */
  unacknowledged(subscription: string): readonly string[];
  /** Message ids of all deliveries so far, in order; a redelivered message repeats. */
  readonly deliveries: readonly string[];
  /** The most messages that were outstanding on one stream at once. */
  readonly mostOutstanding: number;
  /** The number of open streams. */
  readonly streams: number;
  /** Expires every ack deadline now. */
  expireDeadlines(): void;
  /** Ends every stream, with UNAVAILABLE as Google does now and then. */
  endStreams(): void;
  /** Refuses every new stream with a code, until it is `undefined` again. */
  refuse(code: status | undefined): void;
  createSubscription(name: string): void;
  close(): Promise<void>;
}

type Stream = ServerDuplexStream<StreamingPullRequest, StreamingPullResponse>;

/** An open stream, with its outstanding messages. */
interface Reader {
  readonly stream: Stream;
  readonly leases: Leases<PulledMessage>;
  readonly outstanding: Set<string>;
  readonly max: number;
  readonly deadlineSeconds: number;
}

export async function startPubsubEmulator(options: PubsubEmulatorOptions): Promise<PubsubEmulator> {
  const { host = '127.0.0.1', port = 0 } = options;
  const subscriptions = new Map<string, Leases<PulledMessage>>();
  const readers = new Set<Reader>();
  const deliveries: string[] = [];
  let mostOutstanding = 0;
  let refusal: status | undefined;

  /** Delivers free messages to readers with capacity, one to each in turn. */
  const deliver = (): void => {
    let delivered = true;
    while (delivered) {
      delivered = false;
      for (const reader of readers) delivered = deliverOne(reader) || delivered;
    }
  };
  const deliverOne = ({ stream, leases, outstanding, max, deadlineSeconds }: Reader): boolean => {
    for (const ackId of outstanding) if (!leases.holds(ackId)) outstanding.delete(ackId);
    if (max > 0 && outstanding.size >= max) return false;
    const ackId = randomUUID();
    const stored = leases.lease(ackId, deadlineSeconds);
    if (!stored) return false;
    outstanding.add(ackId);
    mostOutstanding = Math.max(mostOutstanding, outstanding.size);
    deliveries.push(stored.id);
    stream.write({ receivedMessages: [{ ackId, message: stored.message }] });
    return true;
  };

  const createSubscription = (name: string): void => {
    subscriptions.set(name, createLeases(deliver));
  };
  for (const name of options.subscriptions) createSubscription(name);

  const streamingPull: handleBidiStreamingCall<StreamingPullRequest, StreamingPullResponse> = (stream) => {
    stream.once('data', (request: StreamingPullRequest) => {
      const leases = subscriptions.get(request.subscription ?? '');
      const code = refusal ?? (leases ? undefined : status.NOT_FOUND);
      const deadlineSeconds = request.streamAckDeadlineSeconds ?? 0;
      if (!leases || code !== undefined) return fail(stream, code ?? status.INTERNAL);
      if (deadlineSeconds < 10 || deadlineSeconds > 600) return fail(stream, status.INVALID_ARGUMENT);
      const max = Number(request.maxOutstandingMessages ?? 0);
      const reader: Reader = { stream, leases, deadlineSeconds, max, outstanding: new Set() };
      stream.sendMetadata(new Metadata());
      // Later requests only keep the stream alive.
      stream.on('data', () => {});
      stream.once('cancelled', () => void readers.delete(reader));
      readers.add(reader);
      deliver();
    });
    stream.on('error', () => {});
    stream.on('end', () => stream.end());
  };

  const withLeases =
    <R extends AcknowledgeRequest>(
      use: (leases: Leases<PulledMessage>, request: R) => void,
    ): handleUnaryCall<R, object> =>
    ({ request }, callback) => {
      const leases = subscriptions.get(request.subscription);
      if (!leases) return callback({ code: status.NOT_FOUND });
      use(leases, request);
      callback(null, {});
    };

  const server = new Server();
  server.addService(await loadSubscriberService(), {
    StreamingPull: streamingPull,
    Acknowledge: withLeases<AcknowledgeRequest>((leases, { ackIds }) => {
      for (const ackId of ackIds) leases.acknowledge(ackId);
    }),
    ModifyAckDeadline: withLeases<ModifyAckDeadlineRequest>((leases, { ackIds, ackDeadlineSeconds }) => {
      for (const ackId of ackIds) leases.extend(ackId, ackDeadlineSeconds);
    }),
  });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, boundPort) =>
      error ? reject(error) : resolve(boundPort),
    );
  });

  return {
    address: `${host}:${bound}`,
    deliveries,
    get mostOutstanding() {
      return mostOutstanding;
    },
    get streams() {
      return readers.size;
    },
    publish({ data = '', attributes = {} }) {
      const messageId = randomUUID();
      const message = { messageId, data: bytesOf(data), attributes };
      for (const leases of subscriptions.values()) leases.add(messageId, message);
      return messageId;
    },
    unacknowledged: (name) => subscriptions.get(name)?.unacknowledged ?? [],
    expireDeadlines() {
      for (const leases of subscriptions.values()) leases.expireAll();
    },
    endStreams() {
      for (const { stream } of readers) fail(stream, status.UNAVAILABLE);
      readers.clear();
    },
    refuse(code) {
      refusal = code;
    },
    createSubscription,
    async close() {
      for (const leases of subscriptions.values()) leases.close();
      server.forceShutdown();
    },
  };
}

function fail(stream: Stream, code: status): void {
  stream.emit('error', { code, details: `the emulator answers ${status[code]}` });
}

function bytesOf(data: string | Uint8Array | object): Uint8Array {
  if (data instanceof Uint8Array) return data;
  return Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
}
