export { SecretKeyError } from '../domain/secret-key';
export type { WebhookHeaders } from './read-webhook-headers';
export { type VerifiedWebhook, type VerifyWebhookInput, verifyWebhook } from './verify-webhook';
export { type WebhookVerificationCode, WebhookVerificationError } from './webhook-verification-error';
