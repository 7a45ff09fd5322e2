import type { BodySource, WebhookHeaders } from './read-request';
import type { Store } from './store';
import type { VerifiedWebhook } from './verify-webhook';
import type { WebhookVerificationCode } from './webhook-verification-error';

/** A verified webhook, handled for the first time, or again after the handler failed. */
export interface ReceivedWebhook extends VerifiedWebhook {
  /** The bytes that were signed. */
  readonly body: Uint8Array;
  /** All of the request's. They are not signed: do not trust a value that is only here. */
  readonly headers: Headers;
  /** Aborted when the handler has taken longer than `timeout`: pass it on to what the handler waits for. */
  readonly signal: AbortSignal;
}

/**
 * The effect. If it throws, rejects or takes longer than `timeout`, nothing is remembered and the sender is asked to try
 * again.
 * @param context with `sqliteStore` `{ database }`, with `postgresStore` `{ client }`, otherwise empty
 */
export type Handler<Context> = (webhook: ReceivedWebhook, context: Context) => void | Promise<void>;

export interface ReceiverOptions<Context> {
  /** One per effect: services that share a store and a webhook each have their own. Letters, digits, `_`, `.`, `-`. */
  readonly name: string;
  readonly store: Store<Context>;
  /** Any of `whsec_…`, `whpk_…`, `whsk_…`; one that matches is enough, so that a secret can be rotated. */
  readonly secrets: readonly string[];
  readonly handler: Handler<Context>;
  /** How old a request may be, and how far ahead. Default: 300. */
  readonly toleranceSeconds?: number;
  /** Default: 1 MiB. */
  readonly maxBodyBytes?: number;
  /** How long a handler may take, and a webhook wait for its turn, such as `30s`, the default. Then the answer is 503. */
  readonly timeout?: string;
  /** How many webhooks wait for their turn, where the store handles one after another. Beyond it: 503. Default: 100. */
  readonly max_waiting?: number;
  /** Called for each refused request, for the log. */
  readonly onRefused?: (refusal: Refusal) => void;
  /** Called with what the handler or the store threw, and the `webhook-id`. Default: writes it to stderr. */
  readonly onError?: (error: unknown, id: string) => void;
}

/** Why a request did not reach the handler. The sender receives the same text. */
export interface Refusal {
  readonly status: 400 | 401 | 405 | 413 | 503;
  readonly code: WebhookVerificationCode | 'method_not_allowed' | 'body_too_large' | 'body_unreadable' | 'overloaded';
  /** Says what to do, and contains no secret. */
  readonly message: string;
}

/** A request, independent of any framework. */
export interface ReceiverRequest {
  /** Anything but `POST` is refused; not checked if absent. */
  readonly method?: string | undefined;
  readonly headers: WebhookHeaders;
  /** The raw bytes, or a stream of them. */
  readonly body: BodySource;
}

export interface ReceiverAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Receiver {
  /** Verifies, deduplicates, calls the handler, and says what to answer. Never rejects. */
  handle(request: ReceiverRequest): Promise<ReceiverAnswer>;
}
