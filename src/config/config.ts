import type { DeploymentBehavior, InlineEndpoints, TokenScope } from '../../schemas/types';
import type { EventType } from '../domain/event-type';
import type { RetrySchedule } from '../domain/retry-schedule';
import type { Format } from '../formats/vocabulary';
import type { ProvidersConfig } from '../providers/registry';
import type { TrackedScopes } from '../providers/watching';

/** The configuration as the program uses it: defaults filled in, environment expanded, durations in ms, frozen. */
export interface Config {
  readonly temporal: TemporalConfig;
  readonly worker: { readonly host: string; readonly port: number; readonly maxCachedWorkflows: number };
  readonly gateway: {
    readonly host: string;
    readonly port: number;
    /** Bearer tokens for /v1. Empty only on loopback. */
    readonly tokens: readonly GatewayToken[];
    /** Undefined where the configuration does not say: `public`; in `jobherald dev`, `all`. */
    readonly inlineEndpoints?: InlineEndpoints | undefined;
    /** Undefined for none. */
    readonly rateLimit?: { readonly requests: number; readonly perMs: number } | undefined;
  };
  readonly codecServer: CodecServerConfig;
  /** Name to `whsec_…` or `whsk_…` keys; each one signs. */
  readonly secrets: Readonly<Record<string, readonly string[]>>;
  /** Name to the key of an API that is called. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly network: NetworkConfig;
  readonly endpoints: readonly EndpointConfig[];
  /** The endpoint that operations events go to: paused endpoints, exhausted deliveries, dead letters, broken runs; '' for none. */
  readonly operations: { readonly endpoint: string };
  /** A member for each system, as its own folder defines it. */
  readonly providers: ProvidersConfig;
}

export interface GatewayToken {
  readonly name: string;
  readonly token: string;
  /** Undefined for all. */
  readonly scopes?: readonly TokenScope[] | undefined;
  /** The endpoints that it may name, and no inline one. Undefined for any. */
  readonly endpoints?: readonly string[] | undefined;
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
    | {
        readonly serverName?: string;
        readonly ca?: Certificate;
        readonly cert?: Certificate;
        readonly key?: Certificate;
      };
  /** gRPC metadata of every call, of a profile. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Base URL of the Web UI, for links. */
  readonly ui: string;
  /** Undefined: workers are unversioned. */
  readonly deployment?: DeploymentConfig | undefined;
  /** Undefined: payloads are not encrypted. */
  readonly codec?: CodecConfig | undefined;
}

/** A PEM file, or its text. */
export type Certificate = string | { readonly pem: string };

/** Which version the workers are, and what becomes of open runs when another is current. */
export interface DeploymentConfig {
  readonly name: string;
  readonly buildId: string;
  readonly behavior: DeploymentBehavior;
}

/** How payloads are encrypted before Temporal has them. */
export interface CodecConfig {
  /** base64 of 32 bytes each. The first encrypts, all decrypt. */
  readonly keys: readonly { readonly id: string; readonly key: string }[];
  /** Whether anything is encrypted, or only decrypted. */
  readonly encrypt: boolean;
}

export interface CodecServerConfig {
  readonly host: string;
  readonly port: number;
  /** '' for none, on loopback only. */
  readonly token: string;
  /** Of the pages whose scripts may ask. */
  readonly origins: readonly string[];
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
  /** The configuration names no events. */
  readonly hasDefaultEvents?: boolean;
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
  /** CIDRs beside those of {@link Config.network}. */
  readonly network?: { readonly allow: readonly string[] } | undefined;
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

/** Jobs that nobody submitted. */
export interface TrackConfig {
  /** Whether a message about an unknown job starts tracking it. */
  readonly auto: boolean;
  /** Names of the endpoints that such a job notifies. */
  readonly endpoints: readonly string[];
}

/** The same, of a provider whose sweeps can find such jobs without a message. */
export interface ScopedTrackConfig extends TrackConfig, TrackedScopes {}
