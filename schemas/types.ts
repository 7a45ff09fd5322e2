// Generated from schemas/*.schema.json by scripts/generate-types.ts; do not edit.

/**
 * How a delivery has ended.
 */
export type SettledState = 'delivered' | 'exhausted' | 'gone';
/**
 * The sender's identity for this message: the same message again has the same key.
 */
export type IdempotencyKey = string;
/**
 * A host and a port: temporal.example.com:7233, 127.0.0.1:7233 or [::1]:7233.
 */
export type HostPort = string;
/**
 * A number and a unit: 200ms, 5s, 10m, 6h or 7d; at most 9999d.
 */
export type Duration = string;
/**
 * TLS to Temporal: true, false, or its details. On when true, when any detail is given, or when api_key is set. Default: {}, plaintext.
 */
export type TemporalTls = boolean | TemporalTlsDetails;
/**
 * auto_upgrade: open runs go on with the current version; pinned: each run ends with the version that began it. Default: auto_upgrade.
 */
export type DeploymentBehavior = 'auto_upgrade' | 'pinned';
/**
 * A port, 0 to 65535; 0 picks a free one.
 */
export type Port = number;
/**
 * A text that is not empty and has no white space.
 */
export type Token = string;
/**
 * One thing that a token may do.
 */
export type TokenScope = 'submit' | 'hint' | 'read' | 'operate';
/**
 * A name of up to 63 letters, digits, dots, dashes and underscores, beginning with a letter or digit.
 */
export type EndpointName = string;
/**
 * Which endpoints submissions may bring along by URL: all, wherever webhooks may go; public, at public addresses only, whatever network.allow says; off, none. Default: public; of `jobherald dev`: all.
 */
export type InlineEndpoints = 'all' | 'public' | 'off';
/**
 * A topic's name: 1 to 249 letters, digits, dots, dashes and underscores.
 */
export type KafkaTopic = string;
/**
 * A text of 1 to 255 characters.
 */
export type AmqpName = string;
/**
 * An event type, or the name that Tencent Batch has for one.
 */
export type EventName =
  | 'job.running'
  | 'job.progress'
  | 'job.stalled'
  | 'job.overdue'
  | 'job.succeeded'
  | 'job.failed'
  | 'job.canceled'
  | 'job.partially_failed'
  | 'task.running'
  | 'task.succeed'
  | 'task.failed'
  | 'task.failed_interrupted'
  | 'task_instance.running'
  | 'task_instance.succeed'
  | 'task_instance.failed'
  | 'task_instance.failed_interrupted'
  | 'compute_env.created'
  | 'compute_env.deleted'
  | 'compute_node.created'
  | 'compute_node.creation_failed'
  | 'compute_node.running'
  | 'compute_node.abnormal'
  | 'compute_node.deleting'
  | 'JOB_RUNNING'
  | 'JOB_SUCCEED'
  | 'JOB_FAILED'
  | 'JOB_FAILED_INTERRUPTED'
  | 'TASK_RUNNING'
  | 'TASK_SUCCEED'
  | 'TASK_FAILED'
  | 'TASK_FAILED_INTERRUPTED'
  | 'TASK_INSTANCE_RUNNING'
  | 'TASK_INSTANCE_SUCCEED'
  | 'TASK_INSTANCE_FAILED'
  | 'TASK_INSTANCE_FAILED_INTERRUPTED'
  | 'COMPUTE_ENV_CREATED'
  | 'COMPUTE_ENV_DELETED'
  | 'COMPUTE_NODE_CREATED'
  | 'COMPUTE_NODE_CREATION_FAILED'
  | 'COMPUTE_NODE_RUNNING'
  | 'COMPUTE_NODE_ABNORMAL'
  | 'COMPUTE_NODE_DELETING';
/**
 * The shape of an event's body. `vertex-ai` has words for terminal events only.
 */
export type Format = 'standard' | 'cloudevents' | 'vertex-ai' | 'tencent-batch' | 'monai' | 'spec-001';
/**
 * A host and a port, such as 127.0.0.1:9000, or nothing.
 */
export type OptionalHostPort = string;
/**
 * How often, ± 20 %, a job asks on its own, should nothing else have made it ask; at least 100ms. Default: 6h.
 */
export type Safety = Duration;
/**
 * A job that is still open this long after its submission yields one job.overdue, where the submission does not say; more than 0. Default: never.
 */
export type OverdueAfter = Duration;
/**
 * A number and a unit, such as 200ms, 5s, 10m, 6h or 7d; or nothing.
 */
export type OptionalDuration = string;
/**
 * Letters, digits, dots, underscores, tildes and dashes, or nothing.
 */
export type CallbackToken = string;
/**
 * A topic's name: up to 249 letters, digits, dots, dashes and underscores; or nothing.
 */
export type OptionalKafkaTopic = string;
/**
 * A JSON pointer (RFC 6901) such as /data/status, or a list of them, of which the first that finds something counts.
 */
export type HttpPointers = string | string[];
/**
 * The state of a job in the vocabulary of SPEC-001. COMPLETED, FAILED, CANCELED and PARTIALLY_FAILED are terminal: no later message changes them.
 */
export type JobState =
  'PENDING' | 'DELAYED' | 'QUEUED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELED' | 'PARTIALLY_FAILED';
/**
 * What happened to a job (job.*), or a provider's own event that is passed through. job.succeeded, job.failed, job.canceled and job.partially_failed are the terminal events.
 */
export type EventType =
  | 'job.running'
  | 'job.progress'
  | 'job.stalled'
  | 'job.overdue'
  | 'job.succeeded'
  | 'job.failed'
  | 'job.canceled'
  | 'job.partially_failed'
  | 'task.running'
  | 'task.succeed'
  | 'task.failed'
  | 'task.failed_interrupted'
  | 'task_instance.running'
  | 'task_instance.succeed'
  | 'task_instance.failed'
  | 'task_instance.failed_interrupted'
  | 'compute_env.created'
  | 'compute_env.deleted'
  | 'compute_node.created'
  | 'compute_node.creation_failed'
  | 'compute_node.running'
  | 'compute_node.abnormal'
  | 'compute_node.deleting';
/**
 * Seconds from now within which the job must end or send a heartbeat, else its provider is asked at once. More than 0, at most 31536000 (a year).
 */
export type HeartbeatDeadline = number;
/**
 * waiting: for the job to end · fetching: asking the provider · notifying: telling the endpoints · done.
 */
export type JobPhase = 'waiting' | 'fetching' | 'notifying' | 'done';
/**
 * pending: still to be tried · delivered: answered 2xx · exhausted: the retry window is over · gone: the endpoint does not want it, or something newer has overtaken it (`reason: overtaken`).
 */
export type JobDeliveryState = 'pending' | 'delivered' | 'exhausted' | 'gone';
/**
 * A UUID of any version, in any letter case.
 */
export type Spec001Uuid = string;
/**
 * One output: type says which kind.
 */
export type Spec001Result = Spec001AbsDirectory | Spec001AbsFiles | Spec001SnowflakeTable;
/**
 * The name of a configured endpoint, the same with events and vars of its own for this job, or an endpoint given inline.
 */
export type EndpointChoice = string | InlineEndpoint | NamedEndpoint;
/**
 * A notification in Tencent Batch's own shape: snake_case, or PascalCase as in Tencent Cloud API 3.0.
 */
export type NotificationChoice = Notification | TencentNotification;
/**
 * The name that Tencent Batch has for an event. JOB_FAILED_INTERRUPTED is a failed job whose instance is kept, and still bills.
 */
export type TencentEventName =
  | 'JOB_RUNNING'
  | 'JOB_SUCCEED'
  | 'JOB_FAILED'
  | 'JOB_FAILED_INTERRUPTED'
  | 'TASK_RUNNING'
  | 'TASK_SUCCEED'
  | 'TASK_FAILED'
  | 'TASK_FAILED_INTERRUPTED'
  | 'TASK_INSTANCE_RUNNING'
  | 'TASK_INSTANCE_SUCCEED'
  | 'TASK_INSTANCE_FAILED'
  | 'TASK_INSTANCE_FAILED_INTERRUPTED'
  | 'COMPUTE_ENV_CREATED'
  | 'COMPUTE_ENV_DELETED'
  | 'COMPUTE_NODE_CREATED'
  | 'COMPUTE_NODE_CREATION_FAILED'
  | 'COMPUTE_NODE_RUNNING'
  | 'COMPUTE_NODE_ABNORMAL'
  | 'COMPUTE_NODE_DELETING';

/**
 * Body of POST /v1/redeliveries: which deliveries of which jobs to make again, with the same bytes and the same webhook-id.
 */
export interface BulkRedeliveryRequest {
  /**
   * Only to this endpoint. Default: every endpoint.
   */
  readonly endpoint?: string;
  /**
   * Jobs that ended then or later, by their provider's clock: an RFC 3339 time.
   */
  readonly since: string;
  /**
   * Jobs that ended before then: an RFC 3339 time after `since`. May be in the future.
   */
  readonly until: string;
  /**
   * Only deliveries in this state. Default: all that are settled; those that are still being tried are never touched.
   */
  readonly status?: SettledState;
  /**
   * Counts, and sends nothing. Default: false.
   */
  readonly dry_run?: boolean;
  /**
   * Deliveries that are begun per second at most, on average over a batch of half a second. More than 0, at most 1000. Default: 50.
   */
  readonly max_rate?: number;
  /**
   * The same key again finds the same bulk redelivery instead of starting another.
   */
  readonly idempotency_key?: IdempotencyKey;
}
/**
 * A bulk redelivery, as GET /v1/redeliveries/{id} shows it. Everything is counted in jobs.
 */
export interface BulkRedelivery {
  /**
   * Its identity, a UUID.
   */
  readonly id: string;
  /**
   * running · done: every job has been looked at, and each redelivery goes on by itself · failed: it was terminated, and last_error says why where that is known.
   */
  readonly state: 'running' | 'done' | 'failed';
  /**
   * Whether it only counts.
   */
  readonly dry_run: boolean;
  /**
   * Only to this endpoint; null: to every one.
   */
  readonly endpoint: string | null;
  /**
   * Jobs that ended then or later, RFC 3339.
   */
  readonly since: string;
  /**
   * Jobs that ended before then, RFC 3339.
   */
  readonly until: string;
  /**
   * Only deliveries in this state; null: all that are settled.
   */
  readonly status: 'delivered' | 'exhausted' | 'gone' | null;
  /**
   * Deliveries that are begun per second at most.
   */
  readonly max_rate: number;
  /**
   * Jobs found so far.
   */
  readonly matched: number;
  /**
   * Jobs of which deliveries are made again; 0 in a dry run, where it would be matched less skipped and failed.
   */
  readonly redelivered: number;
  /**
   * Jobs with nothing to make again: no settled delivery that is meant, retained no longer, or found twice.
   */
  readonly skipped: number;
  /**
   * Jobs that could not be redelivered; the worker's log names each.
   */
  readonly failed: number;
  /**
   * Why the last of them failed; null where none has.
   */
  readonly last_error: string | null;
  /**
   * RFC 3339.
   */
  readonly started_at: string;
  /**
   * RFC 3339; null while it runs.
   */
  readonly ended_at: string | null;
  /**
   * Where to read on.
   */
  readonly links: JobLinks;
}
/**
 * Where to read on.
 */
export interface JobLinks {
  /**
   * URL of the run in the Temporal Web UI.
   */
  readonly web_ui: string;
}
/**
 * Body of POST /v1/jobs/{provider}/{job}/completion: a hint that the job may have ended. The provider is asked before anything is believed. Members not named here are ignored, because a hint must not be lost for one member too many.
 */
export interface Completion {
  /**
   * The sender's identity for this hint: the same hint again has the same key. Default: each call is a hint of its own.
   */
  readonly idempotency_key?: IdempotencyKey;
  /**
   * What the sender believes the job's state to be; for the log and the run's details only. Default: none.
   */
  readonly state?: string;
  /**
   * A word to the operator; for the log and the run's details only. Default: none.
   */
  readonly message?: string;
}
/**
 * jobherald.yaml as written, after ${ENV} was expanded. Every member may be left out unless said.
 */
export interface ConfigFile {
  readonly temporal?: TemporalSection;
  readonly worker?: WorkerSection;
  readonly gateway?: GatewaySection;
  readonly codec_server?: CodecServerSection;
  readonly secrets?: SecretsSection;
  readonly credentials?: CredentialsSection;
  readonly network?: NetworkSection;
  /**
   * Endpoints that can be notified. Default: none.
   */
  readonly endpoints?: readonly EndpointSection[];
  readonly operations?: OperationsSection;
  readonly providers?: ProvidersSection;
}
/**
 * The Temporal service that holds every run.
 */
export interface TemporalSection {
  /**
   * A profile of Temporal's environment configuration (temporal.toml, TEMPORAL_… variables), for address, namespace, api_key, tls and gRPC metadata. What this section says itself goes before it. Default: none, and no such variable is read.
   */
  readonly profile?: string;
  /**
   * Its frontend, host:port. Default: that of the profile, else 127.0.0.1:7233.
   */
  readonly address?: HostPort;
  /**
   * Namespace of the runs. Default: that of the profile, else default.
   */
  readonly namespace?: string;
  /**
   * How long Temporal keeps a closed run, used when `setup` or `dev` registers the namespace; at least 1h. Default: 30d.
   */
  readonly retention?: Duration;
  /**
   * Task queue of the workers. Default: jobherald.
   */
  readonly task_queue?: string;
  /**
   * Temporal Cloud API key; it switches TLS on. Default: that of the profile, else none.
   */
  readonly api_key?: string;
  readonly tls?: TemporalTls;
  /**
   * Base URL of the Web UI, for links. Default: http://, the address's host, and its port plus 1000, as in http://127.0.0.1:8233.
   */
  readonly ui?: string;
  readonly deployment?: DeploymentSection;
  readonly codec?: CodecSection;
}
/**
 * Details of TLS to Temporal.
 */
export interface TemporalTlsDetails {
  /**
   * Name to expect in the server's certificate. Default: the address's host.
   */
  readonly server_name?: string;
  /**
   * PEM file of the authorities to trust. Default: the system's.
   */
  readonly ca?: string;
  /**
   * PEM file of the client certificate, for mutual TLS. Default: none.
   */
  readonly cert?: string;
  /**
   * PEM file of its private key. Default: none.
   */
  readonly key?: string;
}
/**
 * Worker Versioning: which version of which deployment the workers are. Default: unversioned.
 */
export interface DeploymentSection {
  /**
   * Name of the deployment, the same for all versions, without dots. Required.
   */
  readonly name: string;
  /**
   * The version: another for each build and each configuration. Required.
   */
  readonly build_id: string;
  readonly behavior?: DeploymentBehavior;
}
/**
 * Encrypts payloads with AES-256-GCM before Temporal has them. Default: off.
 */
export interface CodecSection {
  /**
   * The first encrypts, all decrypt. Required.
   *
   * @minItems 1
   */
  readonly keys: readonly CodecKey[];
  /**
   * false: the keys only decrypt, for the way to the codec and back. Default: true.
   */
  readonly encrypt?: boolean;
}
/**
 * One key of the codec.
 */
export interface CodecKey {
  /**
   * Its name, at most 64 letters, digits, dots, underscores and hyphens; stands beside each payload that it encrypted. Required.
   */
  readonly id: string;
  /**
   * 32 random bytes as base64. Required.
   */
  readonly key: string;
}
/**
 * Where the worker serves /healthz, /readyz and /metrics, and how much it keeps in memory.
 */
export interface WorkerSection {
  /**
   * Address to listen on. Default: 127.0.0.1.
   */
  readonly host?: string;
  /**
   * Port to listen on; 0 picks a free one. Default: 8081.
   */
  readonly port?: Port;
  /**
   * Runs kept in memory between two of their steps. Others cost no memory: their histories are read from Temporal again when something happens to them. Default: 100.
   */
  readonly max_cached_workflows?: number;
}
/**
 * The HTTP API and the provider ingress.
 */
export interface GatewaySection {
  /**
   * Address to listen on. Default: 127.0.0.1.
   */
  readonly host?: string;
  /**
   * Port to listen on; 0 picks a free one. Default: 8080.
   */
  readonly port?: Port;
  /**
   * Bearer tokens for /v1. Required unless host is loopback. Default: none.
   */
  readonly tokens?: readonly GatewayToken[];
  readonly inline_endpoints?: InlineEndpoints;
  readonly rate_limit?: RateLimit;
}
/**
 * Who may call the API.
 */
export interface GatewayToken {
  /**
   * Whose it is, for the log. Required.
   */
  readonly name: string;
  /**
   * The token, without white space. Required.
   */
  readonly token: Token;
  /**
   * What the token may do: submit (POST /v1/jobs), hint (completion, heartbeat, status, /ingress/spec-001), read (GET), operate (the rest). Default: all.
   *
   * @minItems 1
   */
  readonly scopes?: readonly TokenScope[];
  /**
   * The endpoints that the token may name; with such a list no inline one. Default: any.
   *
   * @minItems 1
   */
  readonly endpoints?: readonly EndpointName[];
}
/**
 * How many requests a token, or without one an address, may send. Default: no limit.
 */
export interface RateLimit {
  /**
   * So many, also all at once. Required.
   */
  readonly requests: number;
  /**
   * In this time; more than 0. Required.
   */
  readonly per: Duration;
}
/**
 * `jobherald codec-server`, which decrypts payloads for Temporal's Web UI and CLI.
 */
export interface CodecServerSection {
  /**
   * Address to listen on. Default: 127.0.0.1.
   */
  readonly host?: string;
  /**
   * Port to listen on; 0 picks a free one. Default: 8082.
   */
  readonly port?: Port;
  /**
   * Bearer token that callers send. Required unless host is loopback. Default: none.
   */
  readonly token?: Token;
  /**
   * Origins whose pages may ask, as browsers send them. Default: that of temporal.ui.
   */
  readonly origins?: readonly string[];
}
/**
 * Signing keys by name. Default: none.
 */
export interface SecretsSection {
  /**
   * The keys of one secret, whsec_… or whsk_…; each one signs, so that keys can be rotated.
   *
   * @minItems 1
   */
  readonly [k: string]: readonly string[];
}
/**
 * Keys of APIs that jobherald calls, by name; the headers of providers.http name them. Default: none.
 */
export interface CredentialsSection {
  /**
   * The key as the API handed it out.
   */
  readonly [k: string]: string;
}
/**
 * Where webhooks may go, on top of the default rule "public addresses only".
 */
export interface NetworkSection {
  /**
   * Addresses allowed although they are not public, as CIDRs; plain http:// is possible only to these. Default: none.
   */
  readonly allow?: readonly string[];
  /**
   * Addresses denied although they are public or allowed, as CIDRs. Default: none.
   */
  readonly deny?: readonly string[];
}
/**
 * One place that events are delivered to.
 */
export interface EndpointSection {
  /**
   * How submissions call it: up to 63 letters, digits, dots, dashes and underscores, not beginning with inline-. Required.
   */
  readonly name: EndpointName;
  /**
   * The channel: webhook, kafka or rabbitmq. Default: webhook.
   */
  readonly type?: 'webhook' | 'kafka' | 'rabbitmq';
  /**
   * Of a webhook: https:// anywhere public, http:// only to an address in network.allow; no user and password in it. Of rabbitmq: amqp:// or amqps://, with user, password and virtual host where there are any. Required but for kafka.
   */
  readonly url?: string;
  /**
   * Webhook only: name of the secret that signs. Default: none, unsigned.
   */
  readonly secret?: string;
  /**
   * Kafka only: host:port of the brokers to begin with. Required for kafka.
   *
   * @minItems 1
   */
  readonly brokers?: readonly HostPort[];
  /**
   * Kafka only: the topic to publish to. Required for kafka.
   */
  readonly topic?: KafkaTopic;
  /**
   * Kafka only: how to log in. Default: not at all.
   */
  readonly sasl?: KafkaSaslSection;
  /**
   * Kafka only: whether to use TLS. Default: false.
   */
  readonly tls?: boolean;
  /**
   * RabbitMQ only: the exchange to publish to. Required for rabbitmq.
   */
  readonly exchange?: AmqpName;
  /**
   * RabbitMQ only: the routing key to publish with. Required for rabbitmq.
   */
  readonly routing_key?: AmqpName;
  /**
   * The events that the endpoint is subscribed to; those of Tencent Batch by either name. Default: the terminal events job.succeeded, job.failed, job.canceled, job.partially_failed; for the formats monai and spec-001 also job.running, for spec-001 also job.progress.
   *
   * @minItems 1
   */
  readonly events?: readonly EventName[];
  /**
   * Shape of the body: standard, cloudevents, vertex-ai, tencent-batch, monai or spec-001. Default: standard.
   */
  readonly format?: Format;
  readonly headers?: EndpointHeaders;
  readonly limits?: EndpointLimits;
  readonly client_certificate?: ClientCertificate;
  readonly network?: EndpointNetwork;
  /**
   * How long one attempt may take in all; more than 0, at most 10m. Default: 15s.
   */
  readonly timeout?: Duration;
  readonly retry?: EndpointRetry;
}
/**
 * A user of the Kafka cluster.
 */
export interface KafkaSaslSection {
  /**
   * PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512. Required.
   */
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  /**
   * The user's name. Required.
   */
  readonly username: string;
  /**
   * The user's password. Required.
   */
  readonly password: string;
}
/**
 * Webhook only: more request headers. Default: none.
 */
export interface EndpointHeaders {
  readonly [k: string]: string;
}
/**
 * How hard one worker may press the endpoint.
 */
export interface EndpointLimits {
  /**
   * Attempts at the same time, per worker; 0 is no limit. Default: 20.
   */
  readonly concurrency?: number;
  /**
   * Attempts a second, per worker; 0 is no limit. Default: 0.
   */
  readonly per_second?: number;
}
/**
 * Webhook only: for mutual TLS. Both or neither. Default: none.
 */
export interface ClientCertificate {
  /**
   * PEM file of the certificate.
   */
  readonly cert?: string;
  /**
   * PEM file of its private key.
   */
  readonly key?: string;
}
/**
 * Webhook only: where it may go, beside network.allow; network.deny wins.
 */
export interface EndpointNetwork {
  /**
   * Addresses allowed to this endpoint although they are not public, as CIDRs. Default: none.
   */
  readonly allow?: readonly string[];
}
/**
 * When to try again: min(max, first × factor^(n-1)) ± 20 % after the nth failed attempt.
 */
export interface EndpointRetry {
  /**
   * The first delay; more than 0, not above max. Default: 5s.
   */
  readonly first?: Duration;
  /**
   * What each delay is multiplied by; 1 or more. Default: 3.
   */
  readonly factor?: number;
  /**
   * The longest delay, also for Retry-After. Default: 6h.
   */
  readonly max?: Duration;
  /**
   * The window: how long after its first attempt a delivery is given up. Default: 7d.
   */
  readonly for?: Duration;
}
/**
 * Events about jobherald itself.
 */
export interface OperationsSection {
  /**
   * Name of the endpoint that is notified of paused endpoints, exhausted deliveries and dead letters. Default: none.
   */
  readonly endpoint?: string;
}
/**
 * The systems that run jobs.
 */
export interface ProvidersSection {
  readonly 'vertex-ai'?: VertexAiSection;
  readonly 'tencent-batch'?: TencentBatchSection;
  readonly monai?: MonaiSection;
  readonly 'spec-001'?: Spec001Section;
  readonly http?: HttpSection;
}
/**
 * Google Vertex AI batch prediction jobs, with Application Default Credentials.
 */
export interface VertexAiSection {
  /**
   * host:port in place of the regional endpoint: an emulator or a private endpoint. Default: {location}-aiplatform.googleapis.com, from the job's name.
   */
  readonly api_endpoint?: OptionalHostPort;
  /**
   * Plaintext gRPC and no credential look-up; only with api_endpoint. Default: false.
   */
  readonly insecure?: boolean;
  /**
   * How often Vertex AI is asked about a job that nobody signals.
   */
  readonly poll?: PollSection;
  /**
   * How its open jobs are watched together.
   */
  readonly sweep?: SweepSection;
  readonly safety?: Safety;
  readonly overdue_after?: OverdueAfter;
  /**
   * Jobs that nobody submitted. A scope is projects/{project}/locations/{location}, with a collection behind it or without, which means batchPredictionJobs.
   */
  readonly track?: ScopedTrackSection;
  readonly projects?: ProjectNumbers;
  readonly pubsub?: PubsubSection;
}
/**
 * How often a provider is asked about a single job that no list shows, or while there is no list.
 */
export interface PollSection {
  /**
   * First pause, from the start of the run; at least 100ms, not above max. Default: 30s.
   */
  readonly first?: Duration;
  /**
   * What each pause is multiplied by; 1 or more. Default: 2.
   */
  readonly factor?: number;
  /**
   * The longest pause; also that while access is denied, and the longest time to wait that the provider may ask of a question. Default: 10m.
   */
  readonly max?: Duration;
  /**
   * A job that its provider does not know for this long is FAILED with reason LOST. Default: 10m.
   */
  readonly lost_after?: Duration;
}
/**
 * How the open jobs of a scope are watched together.
 */
export interface SweepSection {
  /**
   * From the beginning of one sweep to the next; at least 100ms. Stretched where the budget is too small for the scope. Default: 30s.
   */
  readonly every?: Duration;
  readonly budget?: SweepBudget;
}
/**
 * What the sweeps of one scope may cost.
 */
export interface SweepBudget {
  /**
   * Requests to the provider; 1 or more. Default: 300.
   */
  readonly requests?: number;
  /**
   * In this time; at least 100ms. Default: 1m.
   */
  readonly per?: Duration;
}
/**
 * Jobs that nobody submitted.
 */
export interface ScopedTrackSection {
  /**
   * Whether a message about an unknown job, or a sweep of scopes that lists one, starts tracking it. Default: false.
   */
  readonly auto?: boolean;
  /**
   * Names of the endpoints that such a job notifies, at most 100. Default: none.
   *
   * @maxItems 100
   */
  readonly endpoints?: readonly string[];
  /**
   * Where every job is tracked without a message about it; with auto. Default: none.
   */
  readonly scopes?: readonly string[];
  /**
   * How far back jobs are tracked when a scope is watched for the first time; at most the retention less a day. Default: none, from now on.
   */
  readonly since?: OptionalDuration;
}
/**
 * Project id to project number, so that both spellings of a job name are one job. Default: none.
 */
export interface ProjectNumbers {
  readonly [k: string]: number | string;
}
/**
 * How Pub/Sub messages come in.
 */
export interface PubsubSection {
  readonly push?: PubsubPush;
  readonly pull?: PubsubPull;
}
/**
 * Guards POST /ingress/pubsub and POST /ingress/eventarc. audience and service_accounts: both or neither.
 */
export interface PubsubPush {
  /**
   * What the OIDC token must be made out to. Default: none.
   */
  readonly audience?: string;
  /**
   * E-mail addresses of the service accounts that may push. Default: none.
   */
  readonly service_accounts?: readonly string[];
  /**
   * URL of the keys that tokens are checked against. Default: Google's.
   */
  readonly jwks_uri?: string;
}
/**
 * A subscription that the gateway pulls from.
 */
export interface PubsubPull {
  /**
   * projects/{project}/subscriptions/{name}. Default: none.
   */
  readonly subscription?: string;
  /**
   * host:port in place of Pub/Sub's own: an emulator or a private endpoint; plaintext without credential look-up where providers.vertex-ai.insecure is true. Default: pubsub.googleapis.com:443.
   */
  readonly api_endpoint?: OptionalHostPort;
}
/**
 * Tencent Cloud Batch jobs. On where secret_id or callback_token is set.
 */
export interface TencentBatchSection {
  /**
   * Region of the jobs. Default: ap-guangzhou.
   */
  readonly region?: string;
  /**
   * Where the API is: a host, host:port, or a URL such as http://127.0.0.1:9000. Default: batch.tencentcloudapi.com.
   */
  readonly endpoint?: string;
  /**
   * SecretId that requests are signed with; with secret_key, or neither. Default: none, nothing is asked.
   */
  readonly secret_id?: string;
  /**
   * SecretKey of secret_id. Default: none.
   */
  readonly secret_key?: string;
  /**
   * Letters, digits, dots, underscores, tildes and dashes that nobody can guess, at least 16 where the gateway does not listen on loopback: the last part of the path that Tencent calls back. Default: none, there is no such path.
   */
  readonly callback_token?: CallbackToken;
  /**
   * How often Tencent Batch is asked about a single job that no batch of a sweep showed.
   */
  readonly poll?: PollSection;
  /**
   * How its open jobs are watched together.
   */
  readonly sweep?: SweepSection;
  readonly safety?: Safety;
  readonly overdue_after?: OverdueAfter;
  /**
   * Jobs that nobody submitted. A scope is the region.
   */
  readonly track?: ScopedTrackSection;
}
/**
 * Tasks of MONAI Deploy's Workflow Manager, in the place of its Task Manager. On where this section is present.
 */
export interface MonaiSection {
  /**
   * MONAI's broker: amqp:// or amqps://, with user, password and virtual host where there are any. Default: amqp://127.0.0.1.
   */
  readonly rabbitmq?: string;
  /**
   * MONAI's topic exchange. Default: monaideploy.
   */
  readonly exchange?: AmqpName;
  /**
   * Before the name of each queue, for queues of jobherald's own beside another consumer; at most 100 characters. Default: none.
   */
  readonly queue_prefix?: string;
  readonly argo?: ArgoSection;
  /**
   * How often a plug-in's service is asked about a task once a callback has named it.
   */
  readonly poll?: PollSection;
  /**
   * How the open workflows of Argo's namespace are watched together.
   */
  readonly sweep?: SweepSection;
  readonly safety?: Safety;
  /**
   * A task that has no end after this long is FAILED with reason TIMED_OUT; more than 0. Default: 1h.
   */
  readonly task_timeout?: Duration;
  readonly overdue_after?: OverdueAfter;
  /**
   * Tasks that a dispatch announces.
   */
  readonly track?: TrackSection;
}
/**
 * The Argo server that runs the tasks of the argo plug-in.
 */
export interface ArgoSection {
  /**
   * Its base URL. Default: none, Argo is not asked.
   */
  readonly url?: string;
  /**
   * Namespace of its workflows. Default: argo.
   */
  readonly namespace?: string;
  /**
   * Bearer token. Default: none.
   */
  readonly token?: string;
  /**
   * What becomes of a workflow once the end of its task is recorded: none, terminate or delete. Default: none.
   */
  readonly release?: 'none' | 'terminate' | 'delete';
}
/**
 * Jobs that nobody submitted.
 */
export interface TrackSection {
  /**
   * Whether a message about an unknown job starts tracking it. Default: true.
   */
  readonly auto?: boolean;
  /**
   * Names of the endpoints that such a job notifies, at most 100. Default: none; for monai task-updates, where an endpoint has this name.
   *
   * @maxItems 100
   */
  readonly endpoints?: readonly string[];
}
/**
 * Jobs that report their state by SPEC-001 messages.
 */
export interface Spec001Section {
  readonly source?: Spec001Source;
  readonly kafka?: Spec001Kafka;
  readonly stalled?: StalledSection;
  readonly overdue_after?: OverdueAfter;
  /**
   * Jobs that nobody submitted.
   */
  readonly track?: TrackSection;
}
/**
 * meta.source of what jobherald publishes in the format spec-001.
 */
export interface Spec001Source {
  /**
   * meta.source.application. Default: jobherald.
   */
  readonly application?: string;
  /**
   * meta.source.environment_type. Default: production.
   */
  readonly environment_type?: string;
}
/**
 * A topic that the gateway consumes. brokers and topic: both or neither.
 */
export interface Spec001Kafka {
  /**
   * host:port of the brokers to begin with. Default: none.
   */
  readonly brokers?: readonly HostPort[];
  /**
   * The topic; what cannot be read goes to the same name with .dlq behind it. Default: none.
   */
  readonly topic?: OptionalKafkaTopic;
  /**
   * The consumer group of all gateways. Default: jobherald.
   */
  readonly group_id?: string;
  /**
   * How to log in. Default: not at all.
   */
  readonly sasl?: KafkaSaslSection;
  /**
   * Whether to use TLS. Default: false.
   */
  readonly tls?: boolean;
}
/**
 * Jobs whose heartbeat stays away.
 */
export interface StalledSection {
  /**
   * How long after a heartbeat's own deadline a job is stalled. Default: 0s.
   */
  readonly grace?: Duration;
  /**
   * So many deadlines of silence in a row, and a job is FAILED; 0 is never. Default: 3.
   */
  readonly fail_after?: number;
}
/**
 * APIs that answer a GET with the status of a job in JSON, by name; each is a provider of its own. Default: none.
 */
export interface HttpSection {
  readonly [k: string]: HttpServiceSection;
}
/**
 * Any API that answers a GET with the status of a job in JSON.
 */
export interface HttpServiceSection {
  /**
   * Where the status of a job is: a URL with {job}, or {+job} for a name whose slashes are the URL's. Plain http:// is allowed. Required.
   */
  readonly url: string;
  readonly headers?: HttpHeaders;
  /**
   * Regular expression that the whole name of a job has to match; the group (?<job>…), where there is one, is its one spelling. Default: any name without white space.
   */
  readonly job_pattern?: string;
  readonly state: HttpStateSection;
  /**
   * Where a machine-readable cause is. Default: none.
   */
  readonly reason?: HttpPointers;
  /**
   * Where words for people are. Default: the error's message.
   */
  readonly message?: HttpPointers;
  readonly error?: HttpErrorSection;
  /**
   * Where a job that has ended names its output. Default: none.
   */
  readonly outputs?: readonly HttpOutputSection[];
  readonly progress?: HttpProgressSection;
  /**
   * Where the time of its beginning is: RFC 3339, or seconds or milliseconds since 1970. Default: none.
   */
  readonly started_at?: HttpPointers;
  /**
   * Where the time of its end is, likewise. Default: none.
   */
  readonly ended_at?: HttpPointers;
  readonly cancel?: HttpCancelSection;
  readonly webhook?: HttpWebhookSection;
  /**
   * A URL that answers 2xx to the headers, for jobherald check. Default: none.
   */
  readonly check?: string;
  readonly list?: HttpListSection;
  readonly poll?: PollSection;
  readonly sweep?: SweepSection;
  readonly safety?: Safety;
  readonly overdue_after?: OverdueAfter;
  /**
   * Jobs that nobody submitted. A scope is the service's own name; it needs list.
   */
  readonly track?: ScopedTrackSection;
}
/**
 * Headers of every request; {name} stands for the credential of that name. Default: none.
 */
export interface HttpHeaders {
  readonly [k: string]: string;
}
/**
 * How the service says what has become of a job. Required.
 */
export interface HttpStateSection {
  /**
   * Where its word for the state is. Required.
   */
  readonly pointer: HttpPointers;
  readonly map: HttpStateMap;
  /**
   * What the map cannot say; the first that holds decides. Default: none.
   */
  readonly rules?: readonly HttpRuleSection[];
}
/**
 * Its words to ours; a word that is not here counts as RUNNING, with a warning. Required.
 */
export interface HttpStateMap {
  readonly [k: string]: JobState;
}
/**
 * Holds where everything it names is so.
 */
export interface HttpRuleSection {
  /**
   * The service's word for the state. Default: any.
   */
  readonly when?: string;
  /**
   * What above, equals or present is about. Default: none.
   */
  readonly pointer?: HttpPointers;
  /**
   * A number is there, and is more than this. Default: no matter.
   */
  readonly above?: number;
  /**
   * This text, number or boolean is there, written as a text. Default: no matter.
   */
  readonly equals?: string;
  /**
   * Whether anything is there but null and the empty text. Default: no matter.
   */
  readonly present?: boolean;
  /**
   * What the job's state is then. Required.
   */
  readonly state: JobState;
  /**
   * The reason in events. Default: none.
   */
  readonly reason?: string;
}
/**
 * Where the account of a failure is. Default: none.
 */
export interface HttpErrorSection {
  /**
   * Where the service's code is. Default: none.
   */
  readonly code?: HttpPointers;
  /**
   * Where its text is. Default: none.
   */
  readonly message?: HttpPointers;
}
/**
 * One kind of output: one artifact for a text, one for each text of a list.
 */
export interface HttpOutputSection {
  /**
   * Where it is. Required.
   */
  readonly pointer: HttpPointers;
  /**
   * The artifact's type in events. Required.
   */
  readonly type: string;
  /**
   * A URI with {value} or {+value} in it. Default: the value is the URI.
   */
  readonly uri?: string;
}
/**
 * Numbers of the event's progress, by their name there, and where they are. Default: none.
 */
export interface HttpProgressSection {
  readonly [k: string]: HttpPointers;
}
/**
 * How a job is cancelled: a request without a body. Default: it cannot be.
 */
export interface HttpCancelSection {
  /**
   * POST, PUT or DELETE. Default: POST.
   */
  readonly method?: 'POST' | 'PUT' | 'DELETE';
  /**
   * As the service's url. Required.
   */
  readonly url: string;
}
/**
 * The service's own Standard Webhooks, taken at POST /ingress/http/{name} as hints. secret, public_keys or both. Default: the route answers 404.
 */
export interface HttpWebhookSection {
  /**
   * Name of the secret they are signed with. Default: none.
   */
  readonly secret?: string;
  /**
   * Keys to check ed25519 signatures with. Default: none.
   *
   * @minItems 1
   *
   * Items: An ed25519 public key: whpk_ and base64 of its 32 bytes.
   */
  readonly public_keys?: readonly string[];
  /**
   * Where the body names the job. Required.
   */
  readonly job: HttpPointers;
  /**
   * Where the body says what happened, for the log. Default: none.
   */
  readonly state?: HttpPointers;
}
/**
 * How the service lists its jobs, so that one request watches many. Default: each is asked about in turn.
 */
export interface HttpListSection {
  /**
   * URL of the first page. Plain http:// is allowed. Required.
   */
  readonly url: string;
  /**
   * Where the list of jobs is. Required.
   */
  readonly items: HttpPointers;
  /**
   * Where an item has the job's name. Required.
   */
  readonly id: HttpPointers;
  /**
   * Where an item has the service's word for the state, which state.map and state.rules map. Default: as in state.pointer.
   */
  readonly state?: HttpPointers;
  /**
   * Where an item has the time of its creation: RFC 3339, or seconds or milliseconds since 1970. Required with order newest_first and with track.scopes. Default: none.
   */
  readonly created_at?: HttpPointers;
  readonly next?: HttpNextSection;
  /**
   * newest_first: pages are read back to the age of the oldest open job; none: all pages are read. Default: none.
   */
  readonly order?: 'newest_first' | 'none';
}
/**
 * How the next page is asked for. pointer, parameter or both. Default: there is one page.
 */
export interface HttpNextSection {
  /**
   * Where a page has the cursor of the next, or, without parameter, its URL on the same origin. Default: the cursor is the name of the page's last job.
   */
  readonly pointer?: HttpPointers;
  /**
   * The query parameter that takes the cursor. Default: none, pointer finds a URL.
   */
  readonly parameter?: string;
  /**
   * Where a page says, as a boolean, whether there is another. Default: there is one where there is a cursor.
   */
  readonly more?: HttpPointers;
}
/**
 * An endpoint, configured or inline, as GET /v1/endpoints/{name} shows it.
 */
export interface EndpointView {
  /**
   * As configured, or inline- and 12 hex digits.
   */
  readonly name: string;
  /**
   * The channel: webhook, kafka or rabbitmq.
   */
  readonly type: string;
  /**
   * Where it is, without user, password and query: https://host/path, kafka://broker1,broker2/topic or amqp://host/vhost.
   */
  readonly url: string;
  /**
   * Shape of the bodies it gets.
   */
  readonly format: Format;
  /**
   * The events it is subscribed to unless a submission says otherwise.
   */
  readonly events: readonly EventType[];
  /**
   * paused: its deliveries wait, and their retry windows stand still.
   */
  readonly state: 'active' | 'paused';
  /**
   * Why it is paused. Absent while it is active.
   */
  readonly reason?: string;
  /**
   * Since when it is paused, RFC 3339. Absent while it is active.
   */
  readonly paused_at?: string;
}
/**
 * Body of POST /v1/jobs/{provider}/{job}/heartbeat: the job is alive, and a new deadline replaces the old one.
 */
export interface Heartbeat {
  /**
   * The sender's identity for this heartbeat: the same heartbeat again has the same key. Default: each call is a heartbeat of its own.
   */
  readonly idempotency_key?: IdempotencyKey;
  /**
   * Seconds from now within which the job must end or send the next heartbeat. More than 0, at most 31536000 (a year).
   */
  readonly heartbeat_deadline_seconds: HeartbeatDeadline;
  /**
   * A word to the operator. Default: none.
   */
  readonly description?: string;
}
/**
 * Answer of GET /v1/jobs: one page of jobs.
 */
export interface JobList {
  /**
   * The jobs of this page, newest first.
   */
  readonly jobs: readonly JobSummary[];
  /**
   * Give it as ?cursor= for the next page; null on the last.
   */
  readonly next_cursor: string | null;
}
/**
 * What Temporal's visibility store knows about a job.
 */
export interface JobSummary {
  /**
   * The system that runs the job.
   */
  readonly provider: string;
  /**
   * The provider's name for the job.
   */
  readonly job: string;
  /**
   * Temporal workflow ID: {provider}/{job}.
   */
  readonly workflow_id: string;
  /**
   * Temporal run ID.
   */
  readonly run_id: string;
  /**
   * The key of the first submission.
   */
  readonly idempotency_key: string;
  /**
   * As submitted; null for none.
   */
  readonly correlation_id: string | null;
  /**
   * The job's state as the index has it: PENDING until the job has ended, unless messages report it. GET of the job is up to date.
   */
  readonly state: JobState;
  /**
   * Where the run is.
   */
  readonly phase: JobPhase;
  /**
   * The terminal state; null until there is one.
   */
  readonly outcome: 'COMPLETED' | 'FAILED' | 'CANCELED' | 'PARTIALLY_FAILED' | null;
  /**
   * What led to the fetch that found the job ended; null until then.
   */
  readonly completed_by: 'signal' | 'poll' | 'heartbeat' | null;
  /**
   * When the run was started, RFC 3339; the latest, where one went on in a new run. Absent where unknown.
   */
  readonly run_started_at?: string;
  /**
   * When the job ended, RFC 3339; null until then.
   */
  readonly ended_at: string | null;
  /**
   * Every state present among the job's deliveries.
   */
  readonly delivery_states: readonly string[];
  /**
   * As submitted.
   */
  readonly labels: Labels;
  /**
   * Where to read on.
   */
  readonly links: JobLinks;
}
/**
 * Short texts by name, back in every event and in the run's memo. With `metadata` at most 32 KiB. Default: {}.
 */
export interface Labels {
  readonly [k: string]: string;
}
/**
 * Answer of GET /v1/jobs/{provider}/{job}: the state of a job and its deliveries.
 */
export interface Job {
  /**
   * The system that runs the job.
   */
  readonly provider: string;
  /**
   * The provider's name for the job, in its one canonical spelling.
   */
  readonly job: string;
  /**
   * Temporal workflow ID: {provider}/{job}.
   */
  readonly workflow_id: string;
  /**
   * Temporal run ID.
   */
  readonly run_id: string;
  /**
   * The key of the first submission.
   */
  readonly idempotency_key: string;
  /**
   * As submitted; null for none.
   */
  readonly correlation_id: string | null;
  /**
   * The job's state as last fetched; PENDING until the provider was first asked.
   */
  readonly state: JobState;
  /**
   * The provider's own word for the state, e.g. JOB_STATE_SUCCEEDED; null until it was first asked.
   */
  readonly provider_state: string | null;
  /**
   * Where the run is.
   */
  readonly phase: JobPhase;
  /**
   * The terminal state; null until there is one.
   */
  readonly outcome: 'COMPLETED' | 'FAILED' | 'CANCELED' | 'PARTIALLY_FAILED' | null;
  /**
   * A stable machine-readable cause where there is one: EXPIRED, LOST; else null.
   */
  readonly reason: string | null;
  /**
   * The provider's words about the state; null for none.
   */
  readonly message: string | null;
  /**
   * Why the job failed; null when it did not.
   */
  readonly error: JobError | null;
  /**
   * Where the job left output; empty until it has. At most 200, each with a uri of at most 2 KiB.
   */
  readonly artifacts: readonly Artifact[];
  /**
   * How many artifacts there are. Absent where all are in `artifacts`.
   */
  readonly artifacts_total?: number;
  /**
   * How far the job is; null where the provider does not say.
   */
  readonly progress: Progress | null;
  /**
   * When the job began, RFC 3339; null until then.
   */
  readonly started_at: string | null;
  /**
   * When the job ended, RFC 3339; null until then.
   */
  readonly ended_at: string | null;
  /**
   * What led to the answer that the job has ended: signal, a hint or a report; poll, a sweep, the look at submission or the safety timer; heartbeat, a missed deadline. Null until then.
   */
  readonly completed_by: 'signal' | 'poll' | 'heartbeat' | null;
  /**
   * Who is notified, and of what.
   */
  readonly endpoints: readonly JobEndpoint[];
  /**
   * One for each event and endpoint, oldest first: all that are pending, and the last 50 that are settled.
   */
  readonly deliveries: readonly JobDelivery[];
  readonly deliveries_settled: SettledDeliveries;
  /**
   * What was made again of the job's deliveries, or is to be, oldest first; the last 50. Empty when nothing was.
   */
  readonly redeliveries: readonly JobRedelivery[];
  /**
   * As submitted.
   */
  readonly labels: Labels;
  readonly notices: JobNotices;
  /**
   * Where to read on.
   */
  readonly links: JobLinks;
  /**
   * What an operator should know, in sentences: a state of the provider that is not known, no answer that can be read, an endpoint that is not configured any more, an inline endpoint that is not signed. Absent when there is nothing.
   */
  readonly warnings?: readonly string[];
}
/**
 * The provider's own account of why the job failed.
 */
export interface JobError {
  /**
   * The provider's code, not ours.
   */
  readonly code: number | string;
  /**
   * The provider's words.
   */
  readonly message: string;
}
/**
 * Where a job left output.
 */
export interface Artifact {
  /**
   * Where it is: gs://bucket/directory, bq://project.dataset.table.
   */
  readonly uri: string;
  /**
   * What it is, e.g. GCS_DIRECTORY.
   */
  readonly type: string;
  /**
   * How to read it where a URI is not enough. Absent by default.
   */
  readonly query?: string;
}
/**
 * How far the job is. A provider may add numbers of its own.
 */
export interface Progress {
  /**
   * Per cent, 0 to 100.
   */
  readonly percentage_completed?: number;
  /**
   * Rows done well.
   */
  readonly rows_completed?: number;
  /**
   * Rows left out or failed.
   */
  readonly rows_ignored?: number;
  /**
   * Rows in all.
   */
  readonly rows_total?: number;
  readonly [k: string]: number | undefined;
}
/**
 * An endpoint that is notified of the job.
 */
export interface JobEndpoint {
  /**
   * As configured, or inline- and 12 hex digits.
   */
  readonly name: string;
  /**
   * The channel: webhook, kafka or rabbitmq; unknown for an endpoint that is not configured any more.
   */
  readonly type: string;
  /**
   * Where it is, without user, password and query. Absent for an endpoint that is not configured any more.
   */
  readonly url?: string;
  /**
   * Shape of the bodies it gets.
   */
  readonly format: string;
  /**
   * The events it gets of this job.
   */
  readonly events: readonly EventType[];
}
/**
 * One event to one endpoint, with its attempts.
 */
export interface JobDelivery {
  /**
   * Unique within the run: {endpoint}/{event id}.
   */
  readonly id: string;
  /**
   * The endpoint's name.
   */
  readonly endpoint: string;
  /**
   * The event's type.
   */
  readonly event: string;
  /**
   * The event's id, the same at every endpoint.
   */
  readonly webhook_id: string;
  /**
   * What became of it so far.
   */
  readonly state: JobDeliveryState;
  /**
   * The last 50 attempts, or as many as fit into 15 KiB, oldest first.
   */
  readonly attempts: readonly JobAttempt[];
  /**
   * Attempts in all, logged or not.
   */
  readonly attempt_count: number;
  /**
   * Why it ended without reaching its endpoint, or why it waits without being tried: its endpoint is paused, at its limit, does not answer, or is not configured. Absent otherwise.
   */
  readonly reason?: string;
}
/**
 * One request.
 */
export interface JobAttempt {
  /**
   * Counts from 1.
   */
  readonly number: number;
  /**
   * When it began, RFC 3339.
   */
  readonly time: string;
  /**
   * HTTP status. Absent when there was no answer.
   */
  readonly status?: number;
  /**
   * What went wrong. Absent when nothing did.
   */
  readonly error?: string;
  /**
   * The IP address that was dialled. Absent when none was.
   */
  readonly address?: string;
  /**
   * How long it took, in milliseconds.
   */
  readonly duration_ms: number;
  /**
   * The beginning of a refusing answer, at most 256 bytes. Absent otherwise.
   */
  readonly excerpt?: string;
  /**
   * When the next attempt is due, RFC 3339. Absent after the last.
   */
  readonly next_attempt?: string;
}
/**
 * How many deliveries are settled, listed or not, by what became of them.
 */
export interface SettledDeliveries {
  /**
   * Answered 2xx.
   */
  readonly delivered: number;
  /**
   * Not wanted by the endpoint, or overtaken by something newer.
   */
  readonly gone: number;
  /**
   * Given up: the retry window is over.
   */
  readonly exhausted: number;
}
/**
 * A delivery that is made again, by a run of its own.
 */
export interface JobRedelivery {
  /**
   * The workflow ID of its run, redelivery/…; a run may make several deliveries again.
   */
  readonly id: string;
  /**
   * The endpoint's name.
   */
  readonly endpoint: string;
  /**
   * The event's type.
   */
  readonly event: string;
  /**
   * The event's id, as before.
   */
  readonly webhook_id: string;
  /**
   * The id of the delivery that is made again.
   */
  readonly delivery: string;
  /**
   * What became of it so far.
   */
  readonly state: JobDeliveryState;
  /**
   * Of the redelivery alone, numbered from 1; as many as a delivery shows.
   */
  readonly attempts: readonly JobAttempt[];
  /**
   * Attempts in all, logged or not.
   */
  readonly attempt_count: number;
  /**
   * As of a delivery. Absent where there is none.
   */
  readonly reason?: string;
}
/**
 * The runs that passed on events of the job's tasks, which are no part of its own run.
 */
export interface JobNotices {
  /**
   * Finds them, as a query of Temporal's list.
   */
  readonly query: string;
  /**
   * How many there are; with include=notices.
   */
  readonly count?: number;
}
/**
 * Body of every refusal, application/problem+json (RFC 9457).
 */
export interface Problem {
  /**
   * URI of the kind of problem.
   */
  readonly type: string;
  /**
   * The kind of problem in a few words.
   */
  readonly title: string;
  /**
   * The HTTP status again.
   */
  readonly status: number;
  /**
   * What is wrong this time and what to do. Absent where the title says it all.
   */
  readonly detail?: string;
  /**
   * The request this is about. Absent by default.
   */
  readonly instance?: string;
  /**
   * The error's code, see docs/errors.md.
   */
  readonly code: string;
  /**
   * Each fault in the request body. Absent when the fault is not in the body.
   */
  readonly errors?: readonly ProblemError[];
}
/**
 * One fault in a request body.
 */
export interface ProblemError {
  /**
   * JSON pointer (RFC 6901) to the member.
   */
  readonly pointer: string;
  /**
   * What is wrong there.
   */
  readonly detail: string;
}
/**
 * Body of POST /v1/jobs/{provider}/{job}/redeliver: which of the job's deliveries to make again, with the same bytes and the same webhook-id.
 */
export interface RedeliveryRequest {
  /**
   * Only to this endpoint. Default: every endpoint of the job.
   */
  readonly endpoint?: string;
  /**
   * Only events of this type. Default: every event of the job.
   */
  readonly event?: EventType;
}
/**
 * Body of POST /v1/jobs/{provider}/{job}/retry: which of the job's pending deliveries to try now.
 */
export interface RetryRequest {
  /**
   * Only to this endpoint. Default: every endpoint of the job.
   */
  readonly endpoint?: string;
}
/**
 * One message of the Standard Job Notification API (SPEC-001): a STATUS or a HEARTBEAT. Members that are not listed here are allowed everywhere.
 */
export interface Spec001Message {
  /**
   * Which message it is, about which job, from whom.
   */
  readonly meta: Spec001Meta;
  /**
   * What it says: notification_type says which of the two it is.
   */
  readonly data: Spec001Status | Spec001Heartbeat;
}
/**
 * Which message it is, about which job, from whom.
 */
export interface Spec001Meta {
  /**
   * The message's own identity: the same again is one message.
   */
  readonly idempotency_key: Spec001Uuid;
  /**
   * The job's identity.
   */
  readonly correlation_id: Spec001Uuid;
  readonly source: Spec001Sender;
  /**
   * The version of this API that the message follows: three numbers.
   */
  readonly version: string;
  /**
   * Words to sort messages by. Default: none.
   */
  readonly labels?: readonly string[];
}
/**
 * The program that sent it.
 */
export interface Spec001Sender {
  /**
   * Its name.
   */
  readonly application: string;
  /**
   * Its version, in any form.
   */
  readonly version: string;
  /**
   * Where it runs: production, staging, ….
   */
  readonly environment_type: string;
  /**
   * Which of its instances. Default: not said.
   */
  readonly application_instance?: string;
}
/**
 * data of a STATUS: how the job is.
 */
export interface Spec001Status {
  /**
   * Always STATUS.
   */
  readonly notification_type: 'STATUS';
  /**
   * What the job does, for people.
   */
  readonly description?: string;
  /**
   * The state that the job is in.
   */
  readonly status: 'PENDING' | 'DELAYED' | 'QUEUED' | 'RUNNING' | 'CANCELED' | 'COMPLETED' | 'FAILED' | 'PARTIALLY_FAILED';
  /**
   * More about the state: what went wrong, what comes next.
   */
  readonly message?: string;
  readonly progress?: Spec001Progress;
  /**
   * Where the job left its output.
   */
  readonly results?: readonly Spec001Result[];
  /**
   * Anything else about the job.
   */
  readonly job_metadata?: {};
  readonly batch_process?: Spec001BatchProcess;
}
/**
 * How far the job is.
 */
export interface Spec001Progress {
  /**
   * Per cent; any number is taken.
   */
  readonly percentage_completed: number;
  /**
   * Rows or units done well.
   */
  readonly rows_completed?: number;
  /**
   * Rows or units left out.
   */
  readonly rows_ignored?: number;
  /**
   * Rows or units in all.
   */
  readonly rows_total?: number;
}
/**
 * A directory in Azure Blob Storage.
 */
export interface Spec001AbsDirectory {
  /**
   * Always ABS_DIRECTORY.
   */
  readonly type: 'ABS_DIRECTORY';
  /**
   * The account.
   */
  readonly storage_account: string;
  /**
   * The container in it.
   */
  readonly container: string;
  /**
   * The directory in that.
   */
  readonly directory: string;
  /**
   * What the data are.
   */
  readonly primary_resource: string;
  /**
   * Anything else about the data.
   */
  readonly attributes?: {};
}
/**
 * Files in Azure Blob Storage.
 */
export interface Spec001AbsFiles {
  /**
   * Always ABS_FILES.
   */
  readonly type: 'ABS_FILES';
  /**
   * The account.
   */
  readonly storage_account: string;
  /**
   * The container in it.
   */
  readonly container: string;
  /**
   * The files in that.
   */
  readonly paths: readonly string[];
  /**
   * What the data are.
   */
  readonly primary_resource: string;
  /**
   * Anything else about the data.
   */
  readonly attributes?: {};
}
/**
 * Data in Snowflake.
 */
export interface Spec001SnowflakeTable {
  /**
   * Always SNOWFLAKE_TABLE.
   */
  readonly type: 'SNOWFLAKE_TABLE';
  /**
   * The SQL that reads them.
   */
  readonly query: string;
  /**
   * What the data are.
   */
  readonly primary_resource: string;
  /**
   * Anything else about the data.
   */
  readonly attributes?: {};
}
/**
 * What was started.
 */
export interface Spec001BatchProcess {
  /**
   * The application that it belongs to.
   */
  readonly application_id: string;
  /**
   * Which of its processes.
   */
  readonly batch_process_id: string;
  readonly batch_process_version?: Spec001BatchProcessVersion;
}
/**
 * Its version, in the parts of a semantic version.
 */
export interface Spec001BatchProcessVersion {
  /**
   * First number.
   */
  readonly major: number;
  /**
   * Second number.
   */
  readonly minor?: number;
  /**
   * Third number.
   */
  readonly patch?: number;
  /**
   * What follows a dash.
   */
  readonly pre_release?: string;
  /**
   * What follows a plus sign.
   */
  readonly build?: string;
}
/**
 * data of a HEARTBEAT: the job lives, and says when it will say so again.
 */
export interface Spec001Heartbeat {
  /**
   * Always HEARTBEAT.
   */
  readonly notification_type: 'HEARTBEAT';
  /**
   * What the job does just now, for people.
   */
  readonly description?: string;
  /**
   * Whole seconds until the next heartbeat is due.
   */
  readonly heartbeat_deadline_seconds: number;
}
/**
 * Body of an event in the `standard` format; its `data` is the body in the `cloudevents` format.
 */
export interface StandardEvent {
  /**
   * What happened.
   */
  readonly type: EventType;
  /**
   * When it happened, RFC 3339; never when it was sent.
   */
  readonly timestamp: string;
  readonly data: StandardEventData;
}
/**
 * The job at that moment.
 */
export interface StandardEventData {
  /**
   * The system that runs the job.
   */
  readonly provider: string;
  /**
   * The provider's name for the job.
   */
  readonly job: string;
  /**
   * The job's state.
   */
  readonly state: JobState;
  /**
   * The provider's own word for the state.
   */
  readonly provider_state: string;
  /**
   * A stable machine-readable cause where there is one: EXPIRED, LOST; else null.
   */
  readonly reason: string | null;
  /**
   * The provider's words about the state; null for none.
   */
  readonly message: string | null;
  /**
   * Why the job failed; null when it did not.
   */
  readonly error: JobError | null;
  /**
   * Where the job left output; empty until it has. At most 200, each with a uri of at most 2 KiB.
   */
  readonly artifacts: readonly Artifact[];
  /**
   * How many artifacts there are. Absent where all are in `artifacts`.
   */
  readonly artifacts_total?: number;
  /**
   * How far the job is; null where the provider does not say.
   */
  readonly progress: Progress | null;
  /**
   * When the job began, RFC 3339; null for unknown.
   */
  readonly started_at: string | null;
  /**
   * When the job ended, RFC 3339; null until then.
   */
  readonly ended_at: string | null;
  /**
   * Counts the job's events from 1; an endpoint that listens to some of them sees gaps. null of an event that is passed on: those have no order.
   */
  readonly sequence: number | null;
  /**
   * As submitted; null for none.
   */
  readonly correlation_id: string | null;
  /**
   * The event's id, as in webhook-id.
   */
  readonly idempotency_key: string;
  /**
   * As submitted; empty where metadata_omitted says so.
   */
  readonly metadata: Metadata;
  /**
   * The event would have been too large with its metadata. Absent otherwise.
   */
  readonly metadata_omitted?: true;
  /**
   * As submitted; empty where labels_omitted says so.
   */
  readonly labels: Labels;
  /**
   * The event would have been too large with its labels. Absent otherwise.
   */
  readonly labels_omitted?: true;
}
/**
 * Anything the submitter wants back in every event. With `labels` at most 32 KiB. Default: {}.
 */
export interface Metadata {
  readonly [k: string]: unknown;
}
/**
 * Body of POST /v1/jobs: which job to watch and which endpoints to notify.
 */
export interface Submission {
  /**
   * The system that runs the job: vertex-ai, tencent-batch.
   */
  readonly provider: string;
  /**
   * The provider's own name for the job, e.g. projects/p/locations/us-central1/batchPredictionJobs/123 or job-8hrvpkow.
   */
  readonly job: string;
  /**
   * The submitter's identity for this submission, scoped to the job; it feeds the identity of every event. The Idempotency-Key header means the same. Default: UUIDv5 of provider and job.
   */
  readonly idempotency_key?: string;
  /**
   * The submitter's own id for the work, back in every event. Default: none (null in events).
   */
  readonly correlation_id?: string;
  /**
   * The endpoints to notify: at least one, because a job that notifies nobody is a mistake, and at most 100. Required, unless `notifications` says it.
   *
   * @minItems 1
   * @maxItems 100
   */
  readonly endpoints?: readonly EndpointChoice[];
  /**
   * In place of `endpoints`: which endpoints to notify of exactly which events, as Tencent Batch's SubmitJob has it. A topic is a configured endpoint; the same topic twice is one endpoint with the events of both.
   *
   * @minItems 1
   * @maxItems 100
   */
  readonly notifications?: readonly NotificationChoice[];
  /**
   * The same as `notifications`, as Tencent Cloud API 3.0 writes it.
   *
   * @minItems 1
   * @maxItems 100
   */
  readonly Notifications?: readonly NotificationChoice[];
  /**
   * Seconds from submission within which the job must end or send a heartbeat, else its provider is asked at once. More than 0, at most 31536000 (a year). Default: no deadline.
   */
  readonly heartbeat_deadline_seconds?: HeartbeatDeadline;
  /**
   * A job that is still open this long after its submission yields one job.overdue, and is watched on: a number and a unit, 30m, 6h or 2d; more than 0. Endpoints with default events get it, too. Default: providers.{name}.overdue_after.
   */
  readonly overdue_after?: string;
  /**
   * Anything the submitter wants back in every event. With `labels` at most 32 KiB. Default: {}.
   */
  readonly metadata?: Metadata;
  /**
   * Short texts by name, back in every event and in the run's memo. With `metadata` at most 32 KiB. Default: {}.
   */
  readonly labels?: Labels;
}
/**
 * An endpoint that only this job uses. It is named inline- and the first 12 hex digits of SHA-256 of its URL.
 */
export interface InlineEndpoint {
  /**
   * https:// anywhere public, http:// only to an allowed address; no user and password in it.
   */
  readonly url: string;
  /**
   * Name of the configured secret that signs. Default: none, unsigned.
   */
  readonly secret?: string;
  /**
   * The events to notify. Default: the terminal events.
   *
   * @minItems 1
   */
  readonly events?: readonly EventName[];
  /**
   * Shape of the body. Default: standard.
   */
  readonly format?: Format;
  /**
   * Come back with each event, in formats that have a place for them. Default: none.
   */
  readonly vars?: readonly EventVar[];
}
/**
 * A name and value that the submitter gave and that come back with each event, in formats that have a place for them.
 */
export interface EventVar {
  /**
   * The variable's name.
   */
  readonly name: string;
  /**
   * Its value; may be empty.
   */
  readonly value: string;
}
/**
 * A configured endpoint with events and vars of its own for this job.
 */
export interface NamedEndpoint {
  /**
   * Name of a configured endpoint.
   */
  readonly name: string;
  /**
   * The events to notify. Default: those of the configured endpoint.
   *
   * @minItems 1
   */
  readonly events?: readonly EventName[];
  /**
   * Come back with each event, in formats that have a place for them. Default: none.
   */
  readonly vars?: readonly EventVar[];
}
/**
 * Tencent Batch's own shape of an endpoint and its events, in snake_case.
 */
export interface Notification {
  /**
   * Name of a configured endpoint.
   */
  readonly topic_name: string;
  /**
   * The events to notify, exactly these; each once for an endpoint.
   *
   * @minItems 1
   */
  readonly event_configs: readonly NotificationEvent[];
}
/**
 * One event, with vars of its own.
 */
export interface NotificationEvent {
  readonly event_name: TencentEventName;
  /**
   * Come back with this event, in formats that have a place for them. Default: none.
   */
  readonly event_vars?: readonly EventVar[];
}
/**
 * The same in the case of Tencent Cloud API 3.0.
 */
export interface TencentNotification {
  /**
   * Name of a configured endpoint.
   */
  readonly TopicName: string;
  /**
   * The events to notify, exactly these; each once for an endpoint.
   *
   * @minItems 1
   */
  readonly EventConfigs: readonly TencentNotificationEvent[];
}
/**
 * One event, with vars of its own.
 */
export interface TencentNotificationEvent {
  readonly EventName: TencentEventName;
  /**
   * Come back with this event, in formats that have a place for them. Default: none.
   */
  readonly EventVars?: readonly TencentEventVar[];
}
/**
 * An EventVar in the case of Tencent Cloud API 3.0.
 */
export interface TencentEventVar {
  /**
   * The variable's name.
   */
  readonly Name: string;
  /**
   * Its value; may be empty.
   */
  readonly Value: string;
}
/**
 * Body of an event in the `tencent-batch` format. What Tencent Batch itself has sent of tasks and machines goes out exactly as it came, so its members are Tencent's.
 */
export interface TencentBatchEvent {
  /**
   * One event for each body.
   *
   * @minItems 1
   * @maxItems 1
   */
  readonly Events: readonly TencentBatchEventItem[];
}
/**
 * An event of a job, of its parts, or of a machine.
 */
export interface TencentBatchEventItem {
  /**
   * 1.0.
   */
  readonly EventVersion?: string;
  /**
   * When it happened, in UTC to the second: 2026-03-01T08:00:00Z.
   */
  readonly EventTime?: string;
  /**
   * Where the job runs; empty for the job of another provider.
   */
  readonly Region?: string;
  readonly Batch?: TencentBatchResource;
  readonly EventName: TencentEventName;
  /**
   * What the submitter gave for this event.
   */
  readonly EventVars?: readonly TencentEventVar[];
  readonly [k: string]: unknown;
}
/**
 * What the event is about; of a job at least JobId and JobState.
 */
export interface TencentBatchResource {
  readonly [k: string]: unknown;
}
/**
 * Body of an event in the `vertex-ai` format: exactly these three members.
 */
export interface VertexAiEvent {
  /**
   * The last segment of the job's resource name.
   */
  readonly jobId: string;
  /**
   * Vertex AI's own word, e.g. JOB_STATE_SUCCEEDED; JOB_STATE_UNSPECIFIED for a job that is lost.
   */
  readonly finalState: string;
  /**
   * gs:// directory or bq:// table of the output; null when there is none.
   */
  readonly outputLocation: string | null;
}
