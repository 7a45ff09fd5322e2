import {
  type ChannelOptions,
  type Client,
  type ClientDuplexStream,
  Metadata,
  makeClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import type { VertexAiConfig } from '../../../config/config';
import { channelCredentials } from './channel-credentials';
import {
  type AcknowledgeRequest,
  loadSubscriberService,
  type ModifyAckDeadlineRequest,
  type StreamingPullRequest,
  type StreamingPullResponse,
} from './protocol';

export type PullStream = ClientDuplexStream<StreamingPullRequest, StreamingPullResponse>;

/** One subscription at Pub/Sub. */
export interface Subscriber {
  /** Resolves when there is a connection. */
  reach(withinMs: number): Promise<void>;
  /** The first request is the caller's to write. */
  open(): PullStream;
  acknowledge(ackId: string): Promise<void>;
  /** Delivers the message again after so many seconds, 0 to 600. */
  deliverAgainIn(seconds: number, ackId: string): Promise<void>;
  close(): void;
}

const GOOGLE = 'pubsub.googleapis.com:443';
const CALL_MS = 5_000;

const CHANNEL: ChannelOptions = {
  // A connection that a middlebox forgot is found within seconds, not when TCP gives up.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.max_reconnect_backoff_ms': 5_000,
  // A message may have 10 MB. The 4 MiB that gRPC allows would let one such message break every stream for ever.
  'grpc.max_receive_message_length': -1,
};

/** @throws where credentials cannot be found; the next call looks again */
export async function createSubscriber(config: Pick<VertexAiConfig, 'insecure' | 'pubsub'>): Promise<Subscriber> {
  const { subscription, apiEndpoint } = config.pubsub.pull;
  const Stub = makeClientConstructor(await loadSubscriberService(), 'Subscriber');
  const credentials = await channelCredentials(config);
  // Plaintext is for an emulator or a private network: no proxy from the environment in between.
  const options = credentials._isSecure() ? CHANNEL : { ...CHANNEL, 'grpc.enable_http_proxy': 0 };
  const stub = new Stub(apiEndpoint || GOOGLE, credentials, options) as unknown as Client & Methods;

  return {
    reach: (withinMs) =>
      new Promise((resolve, reject) => {
        stub.waitForReady(new Date(Date.now() + withinMs), (error) => (error ? reject(error) : resolve()));
      }),
    open: () => stub.StreamingPull(routed(subscription)),
    acknowledge: (ackId) => unary((...rest) => stub.Acknowledge({ subscription, ackIds: [ackId] }, ...rest)),
    deliverAgainIn: (seconds, ackId) =>
      unary((...rest) =>
        stub.ModifyAckDeadline({ subscription, ackIds: [ackId], ackDeadlineSeconds: seconds }, ...rest),
      ),
    close: () => stub.close(),
  };

  function unary(call: (...rest: Rest) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      call(routed(subscription), { deadline: new Date(Date.now() + CALL_MS) }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }
}

/** How Google's front end finds the shard (https://google.aip.dev/client-libraries/4222). */
function routed(subscription: string): Metadata {
  const metadata = new Metadata();
  metadata.set('x-goog-request-params', `subscription=${encodeURIComponent(subscription)}`);
  return metadata;
}

type Rest = [Metadata, { readonly deadline: Date }, (error: ServiceError | null) => void];

interface Methods {
  StreamingPull(metadata: Metadata): PullStream;
  Acknowledge(request: AcknowledgeRequest, ...rest: Rest): void;
  ModifyAckDeadline(request: ModifyAckDeadlineRequest, ...rest: Rest): void;
}
