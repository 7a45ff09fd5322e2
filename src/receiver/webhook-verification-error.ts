export type WebhookVerificationCode =
  /** `webhook-id`, `webhook-timestamp` or `webhook-signature` is not there: no Standard Webhooks request. */
  | 'missing_header'
  /** One of them is there, but not in its form. */
  | 'malformed_header'
  /** Signed longer ago than the tolerance: sent again by somebody, or one of the clocks is wrong. */
  | 'stale'
  /** Signed further ahead than the tolerance: one of the clocks is wrong. */
  | 'future'
  /** Well-formed, but no signature is of any of the given keys. Another secret, or another body. */
  | 'wrong_key'
  /** The body is not what was sent: parsed, or parsed and written again. */
  | 'body_reserialized'
  /** No signature is of a scheme that the given keys can check. */
  | 'unsupported_scheme';

/** Why a webhook is not to be believed. Answer 400 or 401; the message says what to do and holds no secret. */
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
