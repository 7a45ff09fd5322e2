import type { EventType } from '../domain/event-type';
import type { PollPace } from '../domain/poll-pace';
import type { RetrySchedule } from '../domain/retry-schedule';
import type { Format } from '../domain/subscription';

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
  readonly network: NetworkConfig;
  readonly endpoints: readonly EndpointConfig[];
  /** The endpoint that is told of paused endpoints, exhausted deliveries and dead letters; '' for none. */
  readonly operations: { readonly endpoint: string };
  readonly providers: { readonly 'vertex-ai': VertexAiConfig };
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

export interface EndpointConfig {
  readonly name: string;
  readonly type: 'webhook';
  readonly url: string;
  /** Name of the secret that signs; '' for an unsigned endpoint. */
  readonly secret: string;
  readonly events: readonly EventType[];
  readonly format: Format;
  /** Extra request headers, lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Per worker; 0 = no limit. */
  readonly limits: { readonly concurrency: number; readonly perSecond: number };
  /** PEM files for mutual TLS; '' for none. */
  readonly clientCertificate: { readonly cert: string; readonly key: string };
  readonly timeoutMs: number;
  readonly retry: RetrySchedule;
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
  /** host:port override (emulator, private endpoint); '' for `{location}-aiplatform.googleapis.com`. */
  readonly apiEndpoint: string;
  /** Plaintext gRPC without credential look-up; only with apiEndpoint. */
  readonly insecure: boolean;
  readonly poll: PollPace;
  readonly track: { readonly auto: boolean; readonly endpoints: readonly string[] };
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
