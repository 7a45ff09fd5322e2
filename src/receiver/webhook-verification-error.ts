export type WebhookVerificationCode =
  /** `webhook-id`, `webhook-timestamp` or `webhook-signature` is missing: not a Standard Webhooks request. */
  | 'missing_header'
  /** One of them is present but malformed. */
  | 'malformed_header'
  /** Signed longer ago than the tolerance: a replayed request, or one of the clocks is wrong. */
  | 'stale'
  /** Signed further ahead than the tolerance: one of the clocks is wrong. */
  | 'future'
  /** Well-formed, but no signature matches any of the given keys: another secret, or another body. */
  | 'wrong_key'
  /** The body is not what was sent: parsed, or parsed and serialized again. */
  | 'body_reserialized'
  /** No signature has a scheme that the given keys can check. */
  | 'unsupported_scheme';

/** Why a webhook was refused. Answer 400 or 401; the message says what to do and contains no secret. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
  constructor(
    readonly code: WebhookVerificationCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
