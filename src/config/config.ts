import type { EventType } from '../domain/event-type';
import type { PollPace } from '../domain/poll-pace';
import type { RetrySchedule } from '../domain/retry-schedule';
import type { Format } from '../formats/vocabulary';
import type { HttpServiceConfig } from '../providers/http/config/http-config';

export type { HttpOutput, HttpPointers, HttpServiceConfig, HttpStateRule } from '../providers/http/config/http-config';

/** The configuration as the program uses it: defaults filled in, environment expanded, durations in ms, frozen. */
export interface Config {
  readonly temporal: TemporalConfig;
  readonly worker: { readonly host: string; readonly port: number };
  readonly gateway: {
    readonly host: string;
    readonly port: number;
    /** Bearer tokens for /v1. Empty only on loopback. */
    readonly tokens: readonly { readonly name: string; readonly token: string }[];
  };
  /** Name to `whsec_…` or `whsk_…` keys; each one signs. */
  readonly secrets: Readonly<Record<string, readonly string[]>>;
  /** Name to the key of an API that is called. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly network: NetworkConfig;
  readonly endpoints: readonly EndpointConfig[];
  /** The endpoint that is told of paused endpoints, exhausted deliveries and dead letters; '' for none. */
  readonly operations: { readonly endpoint: string };
  readonly providers: ProvidersConfig;
}

export interface TemporalConfig {
  /** host:port */
  readonly address: string;
  readonly namespace: string;
  readonly retentionMs: number;
  readonly taskQueue: string;
  /** Temporal Cloud API key; '' for none. */
  readonly apiKey: string;
  /** TLS, or false for plaintext. Files are read when connecting. */
  readonly tls:
    | false
    | { readonly serverName?: string; readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** Base URL of the Web UI, for links. */
  readonly ui: string;
}

/** CIDRs on top of the default rule "public addresses only"; deny wins. */
export interface NetworkConfig {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** One place that events are delivered to, by the channel that its type names. */
export type EndpointConfig = WebhookEndpoint | KafkaEndpoint | RabbitmqEndpoint;

/** What an endpoint is whatever its channel. */
export interface EndpointBase {
  readonly name: string;
  readonly events: readonly EventType[];
  readonly format: Format;
  /** Per worker; 0 = no limit. */
  readonly limits: { readonly concurrency: number; readonly perSecond: number };
  readonly timeoutMs: number;
  readonly retry: RetrySchedule;
}

export interface WebhookEndpoint extends EndpointBase {
  readonly type: 'webhook';
  readonly url: string;
  /** Name of the secret that signs; '' for an unsigned endpoint. */
  readonly secret: string;
  /** Extra request headers, lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** PEM files for mutual TLS; '' for none. */
  readonly clientCertificate: { readonly cert: string; readonly key: string };
}

export interface KafkaEndpoint extends EndpointBase, KafkaCluster {
  readonly type: 'kafka';
  readonly topic: string;
}

export interface RabbitmqEndpoint extends EndpointBase {
  readonly type: 'rabbitmq';
  /** `amqp://` or `amqps://`, with user, password and virtual host where there are any. */
  readonly url: string;
  readonly exchange: string;
  readonly routingKey: string;
}

/** How a Kafka cluster is reached. */
export interface KafkaCluster {
  /** host:port of the brokers to begin with. */
  readonly brokers: readonly string[];
  /** Null for none. */
  readonly sasl: KafkaSasl | null;
  readonly tls: boolean;
}

export interface KafkaSasl {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}

export interface ProvidersConfig {
  readonly 'vertex-ai': VertexAiConfig;
  readonly 'tencent-batch': TencentBatchConfig;
  readonly monai: MonaiConfig;
  readonly 'spec-001': Spec001Config;
  /** A provider each. */
  readonly http: readonly HttpServiceConfig[];
}

/** Jobs that nobody submitted. */
export interface TrackConfig {
  /** Whether a message about an unknown job starts tracking it. */
  readonly auto: boolean;
  /** Names of the endpoints that such a job tells. */
  readonly endpoints: readonly string[];
}

/** Its API can be asked where secretId is given; its callback route exists where callbackToken is. */
export interface TencentBatchConfig {
  readonly region: string;
  /** Host, host:port or `http(s)://` URL of the API; '' for Tencent's own. */
  readonly endpoint: string;
  /** '' for none; with secretKey or not at all. */
  readonly secretId: string;
  readonly secretKey: string;
  /** The part of the callback's path that nobody else knows: `A-Z a-z 0-9 . _ ~ -`; '' for none. */
  readonly callbackToken: string;
  readonly poll: PollPace;
  readonly track: TrackConfig;
}

export interface MonaiConfig {
  /** Whether the configuration has a section `monai` at all: without one no broker is dialled. */
  readonly enabled: boolean;
  /** `amqp://` or `amqps://`, with user, password and virtual host where there are any. */
  readonly rabbitmq: string;
  /** The topic exchange; that of the dead letters is named after it. */
  readonly exchange: string;
  /** Before the name of each queue, so that jobherald can stand beside another consumer; '' for none. */
  readonly queuePrefix: string;
  readonly argo: {
    /** Base URL of the Argo server; '' where there is none to ask. */
    readonly url: string;
    readonly namespace: string;
    /** Bearer token; '' for none. */
    readonly token: string;
    /** What becomes of a workflow once the task's end is recorded. */
    readonly release: 'none' | 'terminate' | 'delete';
  };
  readonly poll: PollPace;
  /** How long a task may take before it has failed as timed out. */
  readonly taskTimeoutMs: number;
  readonly track: TrackConfig;
}

export interface Spec001Config {
  /** `meta.source` of what jobherald publishes in this format. */
  readonly source: { readonly application: string; readonly environmentType: string };
  /** The topic to consume; topic '' for none. */
  readonly kafka: KafkaCluster & { readonly topic: string; readonly groupId: string };
  readonly stalled: {
    /** On top of each heartbeat's own deadline. */
    readonly graceMs: number;
    /** So many deadlines of silence in a row fail a job; 0 for never. */
    readonly failAfter: number;
  };
  readonly track: TrackConfig;
}

export interface TencentBatchConfig {
  /** Where the jobs run: `ap-guangzhou`. */
  readonly region: string;
  /** Host or origin of the API; '' for Tencent's public one. */
  readonly endpoint: string;
  readonly secretId: string;
  readonly secretKey: string;
  /** The secret part of the path that CMQ pushes to; '' for no such route. */
  readonly callbackToken: string;
  readonly poll: PollPace;
  readonly track: { readonly auto: boolean; readonly endpoints: readonly string[] };
}

export interface VertexAiConfig {
  /** Whether the configuration has a section `vertex-ai`; without one its defaults hold. */
  readonly configured: boolean;
  /** host:port override (emulator, private endpoint); '' for `{location}-aiplatform.googleapis.com`. */
  readonly apiEndpoint: string;
  /** Plaintext gRPC without credential look-up; only with apiEndpoint. */
  readonly insecure: boolean;
  readonly poll: PollPace;
  readonly track: TrackConfig;
  /** Project id to project number, so that both spellings of a job name are one job. */
  readonly projects: Readonly<Record<string, string>>;
  readonly pubsub: {
    readonly push: {
      readonly audience: string;
      readonly serviceAccounts: readonly string[];
      /** Where Google's keys are; '' for Google's own. */
      readonly jwksUri: string;
    };
    readonly pull: {
      /** `projects/{project}/subscriptions/{name}`; '' for none. */
      readonly subscription: string;
      /** host:port override, plaintext without credential look-up where `insecure`; '' for Google's own. */
      readonly apiEndpoint: string;
    };
  };
}
