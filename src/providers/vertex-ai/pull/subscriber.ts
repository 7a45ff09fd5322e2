import {
  type ChannelCredentials,
  type ChannelOptions,
  type Client,
  type ClientDuplexStream,
  status as Code,
  credentials,
  Metadata,
  makeClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import type { VertexAiConfig } from '../config';
import {
  type AcknowledgeRequest,
  loadSubscriberService,
  type ModifyAckDeadlineRequest,
  type StreamingPullRequest,
  type StreamingPullResponse,
} from './protocol';

export type PullStream = ClientDuplexStream<StreamingPullRequest, StreamingPullResponse>;

/** A client of one subscription at Pub/Sub. */
export interface Subscriber {
  /** Resolves when there is a connection. */
  connect(timeoutMs: number): Promise<void>;
  /** Opens a stream. The caller writes the first request. */
  open(): PullStream;
  acknowledge(ackId: string): Promise<void>;
  /** Makes Pub/Sub redeliver the message after this many seconds, 0 to 600. */
  redeliverIn(seconds: number, ackId: string): Promise<void>;
  close(): void;
}

const GOOGLE = 'pubsub.googleapis.com:443';
const CALL_MS = 5_000;

const CHANNEL: ChannelOptions = {
  // Detects within seconds that a middlebox dropped the connection, and does not wait for TCP to give up.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.max_reconnect_backoff_ms': 5_000,
  // A message may have 10 MB. With gRPC's default of 4 MiB one such message would break every stream, for ever.
  'grpc.max_receive_message_length': -1,
};

/** @throws where no credentials are found; the next call looks again */
export async function createSubscriber(config: Pick<VertexAiConfig, 'insecure' | 'pubsub'>): Promise<Subscriber> {
  const { subscription, apiEndpoint } = config.pubsub.pull;
  const Stub = makeClientConstructor(await loadSubscriberService(), 'Subscriber');
  const channel = await channelCredentials(config);
  // Plaintext is for an emulator or a private network, so a proxy of the environment is not used.
  const options = channel._isSecure() ? CHANNEL : { ...CHANNEL, 'grpc.enable_http_proxy': 0 };
  const stub = new Stub(apiEndpoint || GOOGLE, channel, options) as unknown as Client & Methods;

  return {
    connect: (timeoutMs) =>
      new Promise((resolve, reject) => {
        stub.waitForReady(new Date(Date.now() + timeoutMs), (error) => (error ? reject(error) : resolve()));
      }),
    open: () => stub.StreamingPull(routed(subscription)),
    acknowledge: (ackId) => unary((...rest) => stub.Acknowledge({ subscription, ackIds: [ackId] }, ...rest)),
    redeliverIn: (seconds, ackId) =>
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

/** Google's front end routes by this header (https://google.aip.dev/client-libraries/4222). */
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

const SCOPE = 'https://www.googleapis.com/auth/pubsub';

/** Application Default Credentials over TLS; plaintext without credentials for an `insecure` endpoint alone. */
async function channelCredentials({
  insecure,
  pubsub,
}: Pick<VertexAiConfig, 'insecure' | 'pubsub'>): Promise<ChannelCredentials> {
  if (insecure && pubsub.pull.apiEndpoint !== '') return credentials.createInsecure();
  const { GoogleAuth } = await import('google-gax');
  const client = await new GoogleAuth({ scopes: [SCOPE] }).getClient();
  const perCall = credentials.createFromGoogleCredential({
    getRequestHeaders: async (url) => Object.fromEntries(await client.getRequestHeaders(url)),
  });
  return credentials.combineChannelCredentials(credentials.createSsl(), perCall);
}

/** Why no messages are pulled at the moment. */
export interface PullFault {
  /** The same for as long as the cause is the same, so that it is logged once. */
  readonly code: 'ended' | 'not_found' | 'permission_denied' | 'no_credentials' | 'refused' | 'unavailable';
  /** The cause, and what to do about it. */
  readonly text: string;
}

/** Google ends every stream now and then, which is no fault. */
export const STREAM_ENDED: PullFault = { code: 'ended', text: 'Pub/Sub ended the stream, as it does now and then' };

/** Maps a gRPC or credential error. */
export function toPullFault(error: unknown, subscription: string): PullFault {
  const { code, details, message } = error as { code?: unknown; details?: string; message?: string };
  const cause = (details || message || String(error)).slice(0, 500);
  switch (code) {
    case Code.NOT_FOUND:
      return { code: 'not_found', text: `Pub/Sub does not know ${subscription}: create the subscription (${cause})` };
    case Code.PERMISSION_DENIED:
      return {
        code: 'permission_denied',
        text: `Pub/Sub refuses ${subscription}: grant roles/pubsub.subscriber on it to the gateway's service account (${cause})`,
      };
    case Code.UNAUTHENTICATED:
      return { code: 'no_credentials', text: `Pub/Sub does not accept the gateway's credentials (${cause})` };
    case Code.INVALID_ARGUMENT:
    case Code.FAILED_PRECONDITION:
    case Code.UNIMPLEMENTED:
      return { code: 'refused', text: `Pub/Sub does not allow a pull from ${subscription} (${cause})` };
    default:
      return /default credentials/i.test(cause)
        ? {
            code: 'no_credentials',
            text:
              'no Application Default Credentials: attach a service account to the gateway or set ' +
              `GOOGLE_APPLICATION_CREDENTIALS (${cause})`,
          }
        : { code: 'unavailable', text: `Pub/Sub cannot be reached (${cause})` };
  }
}
